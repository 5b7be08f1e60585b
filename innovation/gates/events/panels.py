"""What happens to panels, and to the suggestions of who reviews what."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class PanelMade(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int
    gate_key: str


@dataclass(frozen=True)
class PanelChanged(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int


@dataclass(frozen=True)
class PanelRetired(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int


@dataclass(frozen=True)
class MemberDescribed(Fact):
    """What somebody on a panel knows, and how many ideas they take, has been said."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int
    person_id: int


@dataclass(frozen=True)
class _OfAssignment(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    assignment_id: int
    gate_key: str


@dataclass(frozen=True)
class AssignmentAsked(_OfAssignment):
    """Somebody has asked who should review the ideas that wait at a gate."""


@dataclass(frozen=True)
class ReviewersSuggested(_OfAssignment):
    """The suggestion is there, or there anew."""


@dataclass(frozen=True)
class ReviewersRuled(_OfAssignment):
    """Whoever asked has pinned or forbidden members for an idea."""

    ruled_idea_id: int


@dataclass(frozen=True)
class AssignmentConfirmed(_OfAssignment):
    """The reviews are convened as suggested."""
