"""What happens to the post."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class SentAgain(Fact):
    """A message that was given up is owed again."""

    about: ClassVar[str] = "message_id"

    message_id: int
