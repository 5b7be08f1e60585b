"""How far something is done as it was meant to be: the five dimensions, for visits of pilots and checks of rollouts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from innovation.languages import lazy_gettext

DIMENSIONS = {
    "adherence": lazy_gettext("Adherence: the parts were done as they are written"),
    "exposure": lazy_gettext("Exposure: as often and as long as it says"),
    "quality": lazy_gettext("Quality of delivery"),
    "responsiveness": lazy_gettext("Responsiveness: people took part and liked it"),
    "differentiation": lazy_gettext("Differentiation: it differs from what was done before"),
}
SHORT = {
    "adherence": lazy_gettext("Adherence"),
    "exposure": lazy_gettext("Exposure"),
    "quality": lazy_gettext("Quality"),
    "responsiveness": lazy_gettext("Responsiveness"),
    "differentiation": lazy_gettext("Differentiation"),
}
MOST = 10
"""The highest mark of a visit; the lowest is nought, and what was not seen has none."""


def mean_of(marks: Iterable[int | None]) -> float | None:
    """The mean of the dimensions that were seen; None where none was."""
    seen = [mark for mark in marks if mark is not None]
    return sum(seen) / len(seen) if seen else None


def marks_of(thing: Any) -> list[int | None]:
    """The marks of a visit or a check, in the order of the dimensions."""
    return [getattr(thing, name) for name in DIMENSIONS]
