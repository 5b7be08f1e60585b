"""What lies where its idea lies: the programme and the region by which roles are scoped."""

from __future__ import annotations

from typing import Any


class OfIdea:
    """For whatever has an ``idea``: it is within the same scopes."""

    @property
    def programme_id(self: Any) -> int:
        found: int = self.idea.programme_id
        return found

    @property
    def region_id(self: Any) -> int:
        found: int = self.idea.region_id
        return found
