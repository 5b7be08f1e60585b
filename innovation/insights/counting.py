"""Counting whom innovations reach, so that nobody is counted twice; pure. It is loaded with NumPy when first counted.

A place counts once, however many ideas, pilots, rollouts and terms it takes part in. Nobody knows whether the learners
of two stays at one place are the same children: the largest number said of the place is counted, as if they were. So
at least as many are reached as are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from innovation.insights.reach import Cell
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import COMPARISON, KINDS_OF_SITE
from innovation.places import packed

POOREST = 3  # quintiles 1 to 3 pay no fees


class Counted(NamedTuple):
    """Cells by province, by province and district, by stage, and by idea."""

    provinces: dict[str, Cell]
    districts: dict[tuple[str, int | None], Cell]
    stages: dict[str, Cell]
    ideas: dict[int, Cell]


class Piece(NamedTuple):
    """The places of a pilot or rollout, packed as ``places.packed`` says, and the days that count where they have none.

    ``only_begun`` leaves out the places without a first day of their own.
    """

    idea_id: int
    stage: str
    since: dt.date | None
    until: dt.date | None
    only_begun: bool
    content: bytes


def count(
    pieces: Iterable[Piece], *, since: dt.date | None = None, until: dt.date | None = None, province: str = ""
) -> Counted:
    """Count the places of all pieces that were there on any of the days, and lie in the province."""
    listed = list(pieces)
    whole = packed.read_places(b"".join(piece.content for piece in listed))
    of = np.repeat(np.arange(len(listed)), [len(packed.read_places(piece.content)) for piece in listed])
    there = _at_work(whole, of, listed)
    if since is not None or until is not None:
        there &= _on_days(whole, of, listed, since, until)
    if province:
        there &= whole["province"] == packed.CODES.index(province)
    stays, of = whole[there], of[there]
    if not len(stays):
        return Counted({}, {}, {}, {})
    stages = sorted({piece.stage for piece in listed})
    ideas, stage = (np.array(each) for each in zip(*((p.idea_id, stages.index(p.stage)) for p in listed), strict=True))
    lies = (stays["province"].astype(np.int64) << SHIFT) + stays["district"]
    count_by = _counter(stays)
    districts = {_named(key): cell for key, cell in count_by(lies).items()}
    provinces: dict[str, Cell] = {}
    for (code, _district), cell in districts.items():
        provinces[code] = provinces.get(code, Cell()) + cell
    by_stage = {stages[key]: cell for key, cell in count_by(stage[of]).items()}
    return Counted(provinces, districts, by_stage, count_by(ideas[of]))


SHIFT = 32  # a province and its district as one number


def _at_work(stays: Any, of: Any, pieces: Sequence[Piece]) -> Any:
    """Where something is done, and had begun where only that counts; ``of`` says which piece a place stands in."""
    only_begun = np.array([piece.only_begun for piece in pieces], bool)
    there = stays["kind"] != KINDS_OF_SITE.index(COMPARISON)
    return there & ~(only_begun[of] & (stays["since"] == packed.OPEN))


def _on_days(stays: Any, of: Any, pieces: Sequence[Piece], since: dt.date | None, until: dt.date | None) -> Any:
    there = np.ones(len(stays), bool)
    if until is not None:
        there &= _days(stays["since"], [piece.since for piece in pieces], of) <= until.toordinal()
    if since is not None:
        last = _days(stays["until"], [piece.until for piece in pieces], of)
        there &= (last == packed.OPEN) | (last >= since.toordinal())
    return there


def _days(own: Any, of_pieces: list[dt.date | None], of: Any) -> Any:
    """The day of each place, or that of its piece."""
    usual = np.array([day.toordinal() if day else packed.OPEN for day in of_pieces], np.int32)
    return np.where(own == packed.OPEN, usual[of], own)


def _counter(stays: Any) -> Callable[[Any], dict[int, Cell]]:
    """What counts the places of each group, each of them once."""
    _known, place = np.unique(stays["place"], return_inverse=True)
    quintiles, learners, teachers = (stays[name].astype(np.int64) for name in ("quintile", "learners", "teachers"))

    def count_by(groups: Any) -> dict[int, Cell]:
        names, group = np.unique(groups, return_inverse=True)
        key = group * len(stays) + place
        order = np.argsort(key)
        at = _firsts(key[order])
        most, staff = (np.maximum.reduceat(each[order], at) for each in (learners, teachers))
        quintile, begins = quintiles[order][at], _firsts(group[order][at])
        few, ranked = (most > 0) & (most < FEWEST_LEARNERS), quintile != packed.UNSAID
        taught = np.where(few, 0, np.maximum(most, 0))
        poor = ranked & (quintile <= POOREST)
        said = (taught, np.maximum(staff, 0), poor, ranked, taught * poor, taught * ranked)
        counted = (*said, most == packed.UNSAID, few)
        places = np.diff(begins, append=len(at)).tolist()
        sums = [np.add.reduceat(each.astype(np.int64), begins).tolist() for each in counted]
        return {name: Cell(*values) for name, *values in zip(names.tolist(), places, *sums, strict=True)}

    return count_by


def _firsts(column: Any) -> Any:
    """Where in a sorted column another value begins."""
    return np.flatnonzero(np.diff(column, prepend=column[0] - 1))


def _named(key: int) -> tuple[str, int | None]:
    """The province and district that a number stands for; floored, so that what is not known is below nought."""
    code, district = (key + 1) >> SHIFT, ((key + 1) & ((1 << SHIFT) - 1)) - 1
    return packed.CODES[code] if code != packed.UNSAID else "", None if district == packed.UNSAID else district
