"""What comes of sending a visit: the visit, or that it came before with other words."""

from __future__ import annotations

from innovation.pilots.visit_models import PilotVisit
from innovation.values import dataclass
from workflows import Refused


class SentBefore(Refused):
    """The same key came before with other words; ``reference`` is that of the visit which it made."""

    def __init__(self, reference: str) -> None:
        super().__init__((f"This visit arrived before as {reference}, with other words.",))
        self.reference = reference


@dataclass(frozen=True)
class Recorded:
    visit: PilotVisit
    is_new: bool
