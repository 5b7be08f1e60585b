"""What differs between a plan as it was and as it is to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]
Change = dict[str, Any]


def differences(before: Values, after: Values, of: str = "") -> list[Change]:
    """A change for each thing that reads otherwise, in values that can be kept as JSON."""
    return [
        {"what": what, "of": of, "before": _kept(before.get(what)), "after": _kept(value)}
        for what, value in after.items()
        if before.get(what) != value
    ]


def row_differences(
    before: Mapping[int, Values], after: Sequence[tuple[int | None, Values]], first: str
) -> Iterator[Change]:
    """The same for rows by their number: what was changed, taken out and added; ``first`` says what a row is about."""
    kept = {number for number, _values in after if number is not None}
    for number, values in after:
        if number is not None:
            yield from differences(before[number], values, str(before[number][first]))
    for number, values in before.items():
        if number not in kept:
            yield {"what": first, "of": str(values[first]), "before": _kept(values[first]), "after": None}
    for number, values in after:
        if number is None:
            told = {what: value for what, value in values.items() if value not in (None, "", False)}
            yield from differences({}, told, str(values[first]))


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
