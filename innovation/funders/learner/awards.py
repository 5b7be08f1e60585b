"""Past awards as the learner takes them, and as they are read from JSON lines, whatever is missing in them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from innovation.values import dataclass


@dataclass(frozen=True)
class Past:
    """What is known of an award, or of something that could become one: then ``funder`` and ``date`` are empty.

    Who received it, its identifier and its currency are left out: what is learned never rests on them.
    """

    funder: str = ""
    title: str = ""
    description: str = ""
    amount: float | None = None
    region: str = ""
    date: str = ""
    education: bool = False

    @property
    def asked(self) -> Past:
        """The same without what nobody knows before somebody has funded it."""
        return replace(self, funder="", date="", education=False)


@dataclass
class Read:
    """The awards of a file, and a sentence for each line that was left out."""

    awards: list[Past] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_lines(lines: Iterable[str], name: str) -> Read:
    """Awards from JSON lines; a line that is no award of a named funder is told and left out."""
    read = Read()
    for number, line in enumerate(lines, 1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            read.awards.append(_award_of(line))
        except ValueError as fault:
            read.faults.append(f"{name}, line {number}: {fault}")
    return read


def _award_of(line: str) -> Past:
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise ValueError("this is not JSON.") from None
    if not isinstance(row, dict):
        raise ValueError("this is not an award: write it as {..} with the names of its columns.")
    award = past_of(row)
    if not award.funder:
        raise ValueError("the funder is missing.")
    return award


def past_of(row: Mapping[str, Any]) -> Past:
    """An award from a row with the usual columns; what cannot be read counts as missing."""
    return Past(
        funder=_text(row.get("funder")),
        title=_text(row.get("title")),
        description=_text(row.get("description")),
        amount=_amount(row.get("amount")),
        region=_text(row.get("region")),
        date=_text(row.get("date"))[:10],
        education=row.get("education") is True or row.get("education") in (1, "true", "True"),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value).encode("utf-8", "ignore").decode().strip() if known else ""


def _amount(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        amount = float(str(value).replace(" ", "").replace("\u00a0", "").replace(",", ""))
    except ValueError:
        return None
    return amount if math.isfinite(amount) and amount > 0 else None


def in_order(awards: Iterable[Past]) -> dict[str, list[Past]]:
    """Each funder's awards from the oldest to the newest; those without a date come first."""
    by_funder: dict[str, list[Past]] = {}
    for award in awards:
        by_funder.setdefault(award.funder, []).append(award)
    return {funder: sorted(by_funder[funder], key=lambda award: award.date) for funder in sorted(by_funder)}


def split_by_time(awards: Iterable[Past], newest: float) -> tuple[list[Past], list[Past]]:
    """The awards without, and only, the newest share of each funder; a funder keeps at least one."""
    older: list[Past] = []
    newer: list[Past] = []
    for each in in_order(awards).values():
        at = max(1, round(len(each) * (1 - newest)))
        older += each[:at]
        newer += each[at:]
    return older, newer


def shares_of_time(awards: Iterable[Past]) -> Iterator[tuple[Past, float]]:
    """Each award with how new it is among those of its funder: above 0, and 1 for the newest."""
    for each in in_order(awards).values():
        for place, award in enumerate(each, 1):
            yield award, place / len(each)
