"""What happens to ideas that were captured twice, where no panel sits."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class IdeaMerged(Fact):
    """An idea at a stage was merged into another one that says the same."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    merge_id: int


@dataclass(frozen=True)
class MergeUndone(Fact):
    """An idea that was merged at a stage goes its own way again."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    merge_id: int
