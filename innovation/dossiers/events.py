"""What happens with dossiers."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.events import Fact


@dataclass(frozen=True)
class DossierTaken(Fact):
    """Somebody has taken a dossier of the idea away, as a ``pdf`` or a ``zip``."""

    idea_id: int
    form: str
