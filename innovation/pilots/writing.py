"""How readings are written: what differs replaces what stood, and the summaries move in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.command import Stale
from innovation.db import db, insert_into, now
from innovation.permission import Actor
from innovation.pilots import watching
from innovation.pilots.columns import Key as Column
from innovation.pilots.columns import Said, move_columns
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import Reading, ReadingSummary, kind_of_site
from innovation.statements import write
from innovation.values import dataclass
from workflows import Refused

READINGS: Any = Reading.__table__
SUMMARIES: Any = ReadingSummary.__table__
ADD_READINGS = sa.insert(READINGS)
SUMS = ("sites", "total", "squares", "learners", "small")


class Cell(NamedTuple):
    """Where a reading stands."""

    indicator_id: int
    site_id: int
    term: str


class Measured(NamedTuple):
    """What was measured of how many learners, and how far they lie apart."""

    value: float
    learners: int | None = None
    spread: float | None = None


class Standing(NamedTuple):
    """A reading that stands."""

    id: int
    measured: Measured


@dataclass
class Written:
    """What became of what was given: ``known`` stood so already."""

    new: int = 0
    corrected: int = 0
    removed: int = 0
    known: int = 0
    raised: watching.Raised = watching.Raised()

    @property
    def changed(self) -> int:
        return self.new + self.corrected + self.removed


class CellsMoved(Stale):
    """Somebody else has written in ``cells`` since they were shown."""

    def __init__(self, cells: list[Cell]) -> None:
        super().__init__()
        self.cells = cells


def write_readings(
    actor: Actor, pilot: Pilot, given: Mapping[Cell, Measured | None], more: Mapping[str, Any] | None = None
) -> Written:
    """Let each cell hold what is given for it; nothing at all empties it. ``more`` are further columns of new rows.

    Part of a transaction; ``Stale`` when somebody else was quicker.
    """
    there, done, at = standing_in(given), Written(), now()
    after: dict[Cell, Measured] = {}
    before: dict[Cell, Standing] = {}
    for cell, measured in given.items():
        stood = there.get(cell)
        if (stood.measured if stood else None) == measured:
            done.known += 1
            continue
        if stood is not None:
            before[cell] = stood
        if measured is not None:
            after[cell] = measured
        done.new += stood is None
        done.removed += measured is None
        done.corrected += stood is not None and measured is not None
    if done.changed:
        kinds = _kinds_of({cell.site_id for cell in (*before, *after)})
        _replace([stood.id for stood in before.values()], actor, at)
        _add(after, actor, at, more or {})
        _move_summaries(kinds, before, after)
        move_columns(_by_column(before, after))
        done.raised = watching.watch(pilot, _touched(kinds, before, after), at)
    return done


def standing_in(cells: Collection[Cell]) -> dict[Cell, Standing]:
    """The readings that stand in these cells; asked for by indicator and term, as the index has them."""
    sites: dict[tuple[int, str], set[int]] = defaultdict(set)
    for cell in cells:
        sites[cell.indicator_id, cell.term].add(cell.site_id)
    found: dict[Cell, Standing] = {}
    columns = (Reading.id, Reading.indicator_id, Reading.site_id, Reading.term)
    query = sa.select(*columns, Reading.value, Reading.learners, Reading.spread).where(Reading.replaced_at.is_(None))
    for some in _alike(sites):
        where = (Reading.indicator_id.in_(some[0]), Reading.term == some[1], Reading.site_id.in_(some[2]))
        for row in db.session.execute(query.where(*where)):
            cell = Cell(row.indicator_id, row.site_id, row.term)
            found[cell] = Standing(row.id, Measured(row.value, row.learners, row.spread))
    return {cell: found[cell] for cell in cells if cell in found}


def _alike(sites: Mapping[tuple[int, str], set[int]]) -> Iterable[tuple[list[int], str, list[int]]]:
    """Indicators that are asked for at the same sites in a term, together."""
    alike: dict[tuple[str, frozenset[int]], list[int]] = defaultdict(list)
    for (indicator_id, term), of in sites.items():
        alike[term, frozenset(of)].append(indicator_id)
    return [(sorted(indicators), term, sorted(of)) for (term, of), indicators in alike.items()]


def _kinds_of(site_ids: set[int]) -> dict[int, str]:
    columns = (PilotSite.id, PilotSite.is_comparison, PilotSite.is_high_dosage)
    rows = db.session.execute(sa.select(*columns).where(PilotSite.id.in_(site_ids)))
    return {i: kind_of_site(is_comparison=comparison, is_high_dosage=high) for i, comparison, high in rows}


def _replace(ids: Sequence[int], actor: Actor, at: dt.datetime) -> None:
    if not ids:
        return
    old = sa.update(READINGS).where(READINGS.c.id.in_(ids), READINGS.c.replaced_at.is_(None))
    result: Any = db.session.execute(old.values(replaced_at=at, replaced_by_id=actor.person_id))
    if result.rowcount != len(ids):
        raise Stale


def _add(after: Mapping[Cell, Measured], actor: Actor, at: dt.datetime, more: Mapping[str, Any]) -> None:
    fixed = {"taken_on": None, "note": "", "client_id": None, "taken_by_id": actor.person_id, "created_at": at}
    fixed |= {"replaced_at": None, "replaced_by_id": None, **more}
    rows = [cell._asdict() | measured._asdict() | fixed for cell, measured in after.items()]
    if rows:
        write(ADD_READINGS, rows)


# Summaries

Key = tuple[int, str, str]


def _move_summaries(kinds: Mapping[int, str], before: Mapping[Cell, Standing], after: Mapping[Cell, Measured]) -> None:
    """Add what came and take away what went; where a lowest or highest went, count anew."""
    moved: dict[Key, dict[str, Any]] = {}
    for cell, measured in after.items():
        _count(moved, _key(cell, kinds), measured, 1)
    for cell, stood in before.items():
        _count(moved, _key(cell, kinds), stood.measured, -1)
    rows = [
        {**values, **dict(zip(("indicator_id", "term", "kind"), key, strict=True))} for key, values in moved.items()
    ]
    rows.sort(key=lambda row: (row["indicator_id"], row["term"], row["kind"]))  # so that two never wait for each other
    write(_move(db.engine.dialect.name), rows)
    if before:
        _count_anew({_key(cell, kinds) for cell in before})


def _key(cell: Cell, kinds: Mapping[int, str]) -> Key:
    return cell.indicator_id, cell.term, kinds[cell.site_id]


def _count(moved: dict[Key, dict[str, Any]], key: Key, of: Measured, sign: int) -> None:
    new = {"lowest": of.value, "highest": of.value} | dict.fromkeys(SUMS, 0)
    sums = moved.setdefault(key, new)
    sums["sites"] += sign
    sums["total"] += sign * of.value
    sums["squares"] += sign * of.value**2
    sums["learners"] += sign * (of.learners or 0)
    sums["small"] += sign * (of.learners is not None and of.learners < FEWEST_LEARNERS)
    if sign > 0:
        sums["lowest"], sums["highest"] = min(sums["lowest"], of.value), max(sums["highest"], of.value)


@lru_cache(maxsize=2)
def _move(dialect: str) -> Any:
    """Add to the summary, or begin it, in the words of the engine; what is given stands for the difference."""
    least, most = (sa.func.least, sa.func.greatest) if dialect == "postgresql" else (sa.func.min, sa.func.max)
    adding = insert_into(SUMMARIES)
    sums = {name: SUMMARIES.c[name] + adding.excluded[name] for name in SUMS}
    sums["lowest"] = least(SUMMARIES.c.lowest, adding.excluded.lowest)
    sums["highest"] = most(SUMMARIES.c.highest, adding.excluded.highest)
    return adding.on_conflict_do_update(index_elements=["indicator_id", "term", "kind"], set_=sums)


def _count_anew(keys: set[Key]) -> None:
    """What the readings come to now; by now the summaries are ours until the end of the transaction."""
    for indicator_id, term in sorted({key[:2] for key in keys}):
        counted = {row.kind: row for row in db.session.execute(_counted([indicator_id]).where(Reading.term == term))}
        for kind in sorted(kind for *of, kind in keys if tuple(of) == (indicator_id, term)):
            of_kind = (SUMMARIES.c.indicator_id == indicator_id, SUMMARIES.c.term == term, SUMMARIES.c.kind == kind)
            found = counted.get(kind)
            if found is None:
                db.session.execute(sa.delete(SUMMARIES).where(*of_kind))
            else:
                values = {name: getattr(found, name) for name in (*SUMS, "lowest", "highest")}
                db.session.execute(sa.update(SUMMARIES).where(*of_kind).values(values))


def _counted(indicator_ids: Sequence[int]) -> sa.Select[Any]:
    """Summaries as the standing readings give them."""
    site, reading = PilotSite, Reading
    kind = sa.case((site.is_comparison, "comparison"), (site.is_high_dosage, "high_dosage"), else_="programme").label(
        "kind"
    )
    sums = (
        sa.func.count().label("sites"),
        sa.func.sum(reading.value).label("total"),
        sa.func.sum(reading.value * reading.value).label("squares"),
        sa.func.min(reading.value).label("lowest"),
        sa.func.max(reading.value).label("highest"),
        sa.func.coalesce(sa.func.sum(reading.learners), 0).label("learners"),
        sa.func.sum(sa.case((reading.learners < FEWEST_LEARNERS, 1), else_=0)).label("small"),
    )
    query = sa.select(reading.indicator_id, reading.term, kind, *sums).join(site, site.id == reading.site_id)
    query = query.where(reading.indicator_id.in_(indicator_ids), reading.replaced_at.is_(None))
    return query.group_by(reading.indicator_id, reading.term, kind)


def count_all_anew(pilot: Pilot) -> None:
    """Make the summaries of a pilot from its readings: needed when the kind of a site has changed."""
    ids = [indicator.id for indicator in pilot.indicators]
    db.session.flush()
    db.session.execute(sa.delete(SUMMARIES).where(SUMMARIES.c.indicator_id.in_(ids)))
    rows = [dict(row._mapping) for row in db.session.execute(_counted(ids))]
    if rows:
        db.session.execute(sa.insert(SUMMARIES), rows)


def _by_column(before: Mapping[Cell, Standing], after: Mapping[Cell, Measured]) -> dict[Column, dict[int, Said | None]]:
    found: dict[Column, dict[int, Said | None]] = defaultdict(dict)
    for cell in (*before, *after):
        now_there = after.get(cell)
        said = (now_there.value, now_there.learners) if now_there else None
        found[cell.indicator_id, cell.term][cell.site_id] = said
    return found


def _touched(
    kinds: Mapping[int, str], before: Mapping[Cell, Standing], after: Mapping[Cell, Measured]
) -> dict[tuple[int, str], dict[int, watching.Moved]]:
    """By indicator and term: each site, its kind, and the value that it has now, if any."""
    touched: dict[tuple[int, str], dict[int, watching.Moved]] = defaultdict(dict)
    for cell in (*before, *after):
        now_there = after.get(cell)
        value = now_there.value if now_there else None
        touched[cell.indicator_id, cell.term][cell.site_id] = watching.Moved(kinds[cell.site_id], value)
    return touched


def require_of(pilot: Pilot, cells: Collection[Cell]) -> None:
    """Refuse what is no site or no indicator of the pilot."""
    sites = {cell.site_id for cell in cells}
    own = sa.select(sa.func.count()).where(PilotSite.pilot_id == pilot.id, PilotSite.id.in_(sites))
    indicators = {indicator.id for indicator in pilot.indicators}
    if db.session.scalar(own) != len(sites) or not {cell.indicator_id for cell in cells} <= indicators:
        raise Refused(("This is no site or no indicator of the pilot.",))
