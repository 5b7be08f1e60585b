"""What happens to the post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from innovation.events import Fact


@dataclass(frozen=True)
class SentAgain(Fact):
    """A message that was given up is owed again."""

    about: ClassVar[str] = "message_id"

    message_id: int
