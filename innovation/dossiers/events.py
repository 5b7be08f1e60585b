"""What happens with dossiers."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class DossierTaken(Fact):
    """Somebody has taken a dossier of the idea away, as a ``pdf`` or a ``zip``."""

    idea_id: int
    form: str


@dataclass(frozen=True)
class MeetingDossierTaken(Fact):
    """Somebody has taken the dossier of a whole meeting away, as a ``pdf`` or a ``zip``."""

    about: ClassVar[str] = "meeting_id"

    meeting_id: int
    form: str
