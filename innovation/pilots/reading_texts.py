"""Measured values as people write them, in a cell of a page or of a table."""

from __future__ import annotations

import math
import re

from innovation.languages import lazy_gettext
from innovation.pilots.writing import Measured

MOST = 1e12
MOST_LEARNERS = 1_000_000
VALUE = lazy_gettext("Write a number, such as 41 or 41.5.")
LEARNERS = lazy_gettext("Write how many learners were measured, as a whole number.")
SPREAD = lazy_gettext("Write the standard deviation as a number that is not below nought.")
ALONE = lazy_gettext("Write the value too, or empty the whole cell.")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")


class Unclear(ValueError):
    """A text that is no such value; ``part`` says which: value, learners or spread."""

    def __init__(self, part: str, message: object) -> None:
        super().__init__(str(message))
        self.part = part


def measured_in(value: str, learners: str = "", spread: str = "") -> Measured | None:
    """What three texts say together, nothing where all are empty; ``Unclear`` where one makes no sense."""
    if not value.strip():
        if learners.strip() or spread.strip():
            raise Unclear("value", ALONE)
        return None
    return Measured(_value(value), _learners(learners), _spread(spread))


def _value(text: str) -> float:
    found = number_in(text.strip().removesuffix("%"))
    if found is None:
        raise Unclear("value", VALUE)
    return found


def _learners(text: str) -> int | None:
    plain = re.sub(r"\s", "", text)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and 0 < int(plain[:9]) <= MOST_LEARNERS and len(plain) < 9):
        raise Unclear("learners", LEARNERS)
    return int(plain)


def _spread(text: str) -> float | None:
    if not text.strip():
        return None
    found = number_in(text)
    if found is None or found < 0:
        raise Unclear("spread", SPREAD)
    return found


def number_in(text: str) -> float | None:
    """A finite number with a point or a comma before its fractions, None where it is none."""
    plain = re.sub(r"\s", "", text)
    if not NUMBER.fullmatch(plain):
        return None
    found = float(plain.replace(",", "."))
    return found if math.isfinite(found) and abs(found) <= MOST else None


def shown(value: float | None) -> str:
    """A number as it is typed: no more digits than it has."""
    return "" if value is None else f"{value:.12g}"
