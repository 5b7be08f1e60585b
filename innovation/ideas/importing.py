"""Importing ideas from a table that somebody kept: tried first, then written down once each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.ideas import capture, import_undo, policy
from innovation.ideas.events import IdeasImported
from innovation.ideas.import_columns import remember_columns
from innovation.ideas.import_undo import Source
from innovation.ideas.imported_rows import Fault, Reader, Ready, targets
from innovation.ideas.models import Idea
from innovation.ideas.venues import find_venue
from innovation.once import repeatable
from innovation.permission import Actor, NotThere
from innovation.programmes.models import Programme
from innovation.tables import Table
from innovation.values import dataclass
from workflows import Refused

BATCH = 100
MOST_ON_PAGE = 10_000


@dataclass(frozen=True)
class Destination:
    """Where the ideas of a table go: a region, or a clinic in it."""

    programme_id: int
    region_id: int
    clinic_id: int | None = None
    state: str = "open"


@dataclass
class Report:
    """What an import did, or would do."""

    rows: int = 0
    made: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sample: list[dict[str, Any]] = field(default_factory=list)

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})


def find_destination(
    actor: Actor, programme_key: str | None, clinic_code: str | None, region_prefix: str | None
) -> tuple[Programme, Destination]:
    """Where a file should go, from keys as people type them; ``Refused`` with what to say instead."""
    if clinic_code:
        try:
            venue = find_venue(actor, clinic_code)
        except NotThere:
            raise Refused((f"There is no clinic {clinic_code} where this person may add ideas.",)) from None
        home = db.session.get_one(Programme, venue.programme_id)
        return home, Destination(home.id, venue.region_id, venue.id, venue.state)
    programmes = list(db.session.scalars(sa.select(Programme).order_by(Programme.id)))
    found = [p for p in programmes if programme_key in (None, p.key)]
    if len(found) != 1:
        raise Refused((f"Say which programme: {', '.join(p.key for p in programmes) or 'there is none yet'}.",))
    regions = {region.prefix: region for region in found[0].regions}
    region = regions.get((region_prefix or "").upper())
    if region is None:
        raise Refused((f"Say which region, or which clinic: {', '.join(sorted(regions))}.",))
    return found[0], Destination(found[0].id, region.id)


# Importing


@dataclass
class Plan:
    """A table read for a place: rows that can be written down, by their position, and what is wrong with the others."""

    destination: Destination
    table: Table
    ready: dict[int, Ready]
    faults: list[Fault]
    known: set[str]
    notes: list[str]
    mapping: Mapping[str, str]
    source: Source | None = None
    is_remembered: bool = False  # how its columns were matched: once a table, not with every batch

    @property
    def new(self) -> list[Ready]:
        return [row for row in self.ready.values() if self.key(row) not in self.known]

    @cached_property
    def faults_of(self) -> dict[int, list[Fault]]:
        """What is wrong with each row, by its number."""
        found = defaultdict[int, list[Fault]](list)
        for fault in self.faults:
            found[fault.row].append(fault)
        return found

    def key(self, row: Ready) -> str:
        return f"import:{_place(self.destination)}:{row.key}"

    def report(self) -> Report:
        """What an import would do."""
        new = self.new
        report = Report(len(self.table.rows), len(new), len(self.ready) - len(new), self.faults, self.notes)
        report.sample = [{"row": r.number, "title": r.answers["title"], "owner": r.owner.name} for r in new[:8]]
        return report


@command(policy.may_import_ideas)
@repeatable
def preview_ideas(
    actor: Actor, destination: Destination, *, table: Table, mapping: Mapping[str, str], all_agree: bool = False
) -> Report:
    """What an import would do, without doing it."""
    return plan_import(destination, table, mapping, all_agree=all_agree).report()


def import_ideas(
    actor: Actor,
    destination: Destination,
    *,
    table: Table,
    mapping: Mapping[str, str],
    all_agree: bool = False,
    whole: bool = False,
    source: Source | None = None,
    tell: Callable[[int], object] = lambda rows: None,
) -> Report:
    """Write down every row without a fault; rows written down before are left as they are.

    With ``whole`` one fault refuses the table. Rows are written in batches of a transaction each, so others can
    work meanwhile, and an import that was broken off goes on when it is run again. ``tell`` hears of how many more
    rows have been dealt with. With a ``source`` the import can be undone.
    """
    policy.may_import_ideas.require(actor, destination)
    plan = plan_import(destination, table, mapping, all_agree=all_agree, source=source)
    report, new = plan.report(), plan.new
    if whole:
        require_whole(report)
    report.made = 0
    tell(report.rows - len(new))
    for start in range(0, len(new), BATCH):
        rows = new[start : start + BATCH]
        report.made += sum(import_rows(actor, destination, plan=plan, rows=rows))
        tell(len(rows))
    return report


def require_whole(report: Report) -> None:
    if report.faults:
        raise Refused((f"Nothing was imported: {report.faulty_rows} rows have faults.",))


def plan_import(
    destination: Destination,
    table: Table,
    mapping: Mapping[str, str],
    *,
    all_agree: bool = False,
    source: Source | None = None,
) -> Plan:
    """The table, checked row by row; ``Refused`` when its columns or its place do not fit."""
    programme = db.session.get_one(Programme, destination.programme_id)
    _require_mapping(programme, table, mapping)
    _require_open(destination)
    reader = Reader(programme, mapping, all_agree)
    ready = dict(reader.read(table.rows))
    notes = []
    if not all_agree and "consent" not in mapping.values() and {"owner_email", "owner_phone"} & set(mapping.values()):
        notes.append("No owner agreed to be contacted, so e-mail addresses and phone numbers are left out.")
    known = _known_keys(programme, destination)
    return Plan(destination, table, ready, reader.faults, known, notes, mapping, source)


def _require_open(destination: Destination) -> None:
    if destination.state != "open":
        raise Refused((capture.NOT_OPEN[destination.state],))


def _require_mapping(programme: Programme, table: Table, mapping: Mapping[str, str]) -> None:
    targeted = list(mapping.values())
    faults = [f"There is no column {column} in the file." for column in mapping if column not in table.columns]
    faults += [f"Match a column with {c.name}." for c in targets(programme) if c.needed and c.key not in targeted]
    known = {choice.key for choice in targets(programme)}
    faults += [f"There is nothing called {key} to match a column with." for key in targeted if key not in known]
    doubled = sorted({key for key in targeted if targeted.count(key) > 1})
    faults += [f"Two columns are matched with {key}." for key in doubled]
    if faults:
        raise Refused(faults)


def _place(destination: Destination) -> str:
    """Rows are numbered anew in each clinic or region, so their numbers count within it."""
    return f"c{destination.clinic_id}" if destination.clinic_id else f"r{destination.region_id}"


def _known_keys(programme: Programme, destination: Destination) -> set[str]:
    """The keys of what was imported into this place before."""
    prefix = f"import:{_place(destination)}:"
    keys = sa.select(Idea.import_key).where(Idea.programme_id == programme.id, Idea.import_key.startswith(prefix))
    return {key for key in db.session.scalars(keys) if key is not None}


@command(policy.may_import_ideas)
def import_rows(actor: Actor, destination: Destination, *, plan: Plan, rows: Sequence[Ready]) -> list[bool]:
    """Write the rows down in one transaction; for each, whether it made an idea or was there already."""
    _require_open(destination)
    programme = db.session.get_one(Programme, destination.programme_id)
    home = capture.Home(programme, destination.region_id, destination.clinic_id)
    made = capture.write_down_all(actor, home, [capture.Told(row.answers, row.owner, plan.key(row)) for row in rows])
    new = [captured.idea for captured in made if captured.is_new]
    if not plan.is_remembered:
        remember_columns(programme, plan.table.columns, plan.mapping)
        plan.is_remembered = True
    if new:
        record(actor, IdeasImported(programme.id, destination.region_id, destination.clinic_id, len(new)))
    if new and plan.source:
        import_undo.note(actor, plan.source, new)
    return [captured.is_new for captured in made]
