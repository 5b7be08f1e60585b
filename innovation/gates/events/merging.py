"""What happens to ideas that were captured twice, where no panel sits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from innovation.events import Fact


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
