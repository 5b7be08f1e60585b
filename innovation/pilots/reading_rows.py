"""Tables of readings: one row for each reading, or one for each site with a column for each indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.imported_rows import Fault
from innovation.languages import lazy_gettext
from innovation.pilots import queries
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.reading_texts import Unclear, measured_in
from innovation.pilots.writing import Cell, Measured
from innovation.places.names import fold
from innovation.tables import Row, Table
from innovation.values import dataclass

TARGETS = {
    "site": lazy_gettext("Site, by its number or name"),
    "term": lazy_gettext("Term"),
    "indicator": lazy_gettext("Indicator"),
    "value": lazy_gettext("Value"),
    "learners": lazy_gettext("Learners measured"),
    "spread": lazy_gettext("Standard deviation"),
}
HEADINGS = {
    "site": ("site", "school", "emis", "emis number", "emis no", "natemis", "place", "name of school"),
    "term": ("term", "school term", "period"),
    "indicator": ("indicator", "measure", "what is measured"),
    "value": ("value", "reading", "result", "mean"),
    "learners": ("learners", "learners measured", "number of learners", "n"),
    "spread": ("spread", "sd", "standard deviation", "deviation"),
}
TERM = re.compile(r"(\d{4})\D{1,12}([1-9])")
NO_SITE = "No site of the pilot has this number or name."
NO_INDICATOR = "The pilot has no indicator of this name or number."
NO_TERM = "Write a term in which the pilot runs, such as 2026-3, or: baseline."
NO_VALUE = "There is no value in this row."


@dataclass(frozen=True)
class Register:
    """What a table can speak of: the pilot's sites, indicators and terms, by what they may be called."""

    sites: Mapping[str, int]
    indicators: Mapping[str, int]
    names: Mapping[int, str]
    terms: frozenset[str]


@dataclass(frozen=True)
class Layout:
    """Which column holds what: ``columns`` by target, ``term`` where the table does not say it."""

    columns: Mapping[str, str]
    term: str = ""

    @property
    def is_long(self) -> bool:
        return "value" in self.columns or "indicator" in self.columns

    def lacking(self) -> list[str]:
        """What must still be chosen before the table can be read."""
        needed = ["site", "indicator", "value"] if self.is_long else ["site"]
        found = [target for target in needed if target not in self.columns]
        if not self.is_long and not any(target.startswith("i:") for target in self.columns):
            found.append("indicator")
        return found if "term" in self.columns or self.term else [*found, "term"]


class Checked(NamedTuple):
    """The readings of the good rows with the number of their row, by indicator, term and site; and every fault."""

    readings: Sequence[tuple[int, Cell, Measured]]
    faults: Sequence[Fault]

    @property
    def faulty(self) -> list[int]:
        return sorted({fault.row for fault in self.faults})

    @property
    def total(self) -> int:
        """Readings to write, and rows that are left out."""
        return len(self.readings) + len(self.faulty)


def register_of(pilot: Pilot) -> Register:
    sites: dict[str, int] = {}
    columns = (PilotSite.id, PilotSite.place, PilotSite.emis)
    for site_id, place, emis in db.session.execute(sa.select(*columns).where(PilotSite.pilot_id == pilot.id)):
        sites |= {fold(name): site_id for name in (place, emis) if name}
    names = {each.id: each.name for each in pilot.indicators}
    by_position = {str(each.position): each.id for each in pilot.indicators}
    known = by_position | {fold(name): number for number, name in names.items()}
    return Register(sites, known, names, frozenset(queries.terms_of(pilot)))


def targets_of(register: Register) -> dict[str, str]:
    """What a column can hold: the parts of a reading, and in wide tables the values of each indicator."""
    return {key: str(name) for key, name in TARGETS.items()} | {f"i:{n}": name for n, name in register.names.items()}


def guess(columns: Iterable[str], register: Register) -> dict[str, str]:
    """The column of each target as the headings suggest."""
    by_heading = {heading: target for target, headings in HEADINGS.items() for heading in headings}
    for number, name in register.names.items():
        by_heading.setdefault(fold(name), f"i:{number}")
        by_heading |= {fold(f"{name} {heading}"): f"n:{number}" for heading in HEADINGS["learners"]}
        by_heading |= {fold(f"{name} {heading}"): f"s:{number}" for heading in HEADINGS["spread"]}
    found: dict[str, str] = {}
    for column in columns:
        target = by_heading.get(fold(column))
        if target:
            found.setdefault(target, column)
    return found


def check(table: Table, layout: Layout, register: Register) -> Checked:
    """Every row read; one with a fault is left out as a whole."""
    readings: list[tuple[int, Cell, Measured]] = []
    faults: list[Fault] = []
    rows: dict[Cell, int] = {}
    for row in table.rows:
        found, wrong = _read(row, layout, register)
        for cell, column in found:
            if cell in rows:
                wrong.append(Fault(row.number, column, f"This reading stands in row {rows[cell]}, too."))
        if not found and not wrong:
            wrong.append(Fault(row.number, "", NO_VALUE))
        faults += wrong
        if not wrong:
            rows |= dict.fromkeys((cell for cell, _column in found), row.number)
            readings += [(row.number, cell, measured) for (cell, _column), measured in found.items()]
    readings.sort(key=lambda each: (each[1].indicator_id, each[1].term, each[1].site_id))
    return Checked(readings, faults)


Found = dict[tuple[Cell, str], Measured]


def _read(row: Row, layout: Layout, register: Register) -> tuple[Found, list[Fault]]:
    wrong: list[Fault] = []
    site = _named("site", row, layout, register.sites, NO_SITE, wrong)
    term = _term(row, layout, register, wrong)
    found: Found = {}
    for indicator_id, parts in _parts(row, layout, register, wrong):
        texts = [row.values.get(column, "") if column else "" for column in parts]
        try:
            measured = measured_in(*texts)
        except Unclear as unclear:
            at = ("value", "learners", "spread").index(unclear.part)
            wrong.append(Fault(row.number, parts[at], str(unclear)))
            continue
        if measured is not None:
            found[Cell(indicator_id, site, term), parts[0]] = measured
    return found, wrong


def _parts(row: Row, layout: Layout, register: Register, wrong: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """The indicators that a row tells of, each with its columns for value, learners and spread."""
    columns = layout.columns
    if layout.is_long:
        indicator_id = _named("indicator", row, layout, register.indicators, NO_INDICATOR, wrong)
        yield indicator_id, [columns.get(part, "") for part in ("value", "learners", "spread")]
        return
    for number in register.names:
        value = columns.get(f"i:{number}", "")
        if value and row.values.get(value):
            yield (
                number,
                [value, columns.get(f"n:{number}") or columns.get("learners", ""), columns.get(f"s:{number}", "")],
            )


def _named(target: str, row: Row, layout: Layout, known: Mapping[str, int], message: str, wrong: list[Fault]) -> int:
    column = layout.columns.get(target, "")
    found = known.get(fold(row.values.get(column, "")))
    if found is None:
        wrong.append(Fault(row.number, column, message))
    return found or 0


def _term(row: Row, layout: Layout, register: Register, wrong: list[Fault]) -> str:
    column = layout.columns.get("term", "")
    said = row.values.get(column, "").strip().lower() or layout.term
    parts = TERM.fullmatch(said)
    term = f"{parts[1]}-{parts[2]}" if parts else said
    if term not in register.terms:
        wrong.append(Fault(row.number, column, NO_TERM))
    return term
