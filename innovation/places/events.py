"""What happens to places."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class SchoolsImported(Fact):
    """A register was read: how many schools were new, changed, and left without a district."""

    about: ClassVar[str] = "register"

    register: str
    made: int
    changed: int
    unmapped: int


@dataclass(frozen=True)
class SchoolsMapped(Fact):
    """Every school of a province under an old name was given its district."""

    about: ClassVar[str] = "district_id"

    district_id: int
    province_code: str
    count: int


@dataclass(frozen=True)
class TermKept(Fact):
    """The days of a school term were written down, or corrected."""

    about: ClassVar[str] = "register"

    register: str
    term: str
