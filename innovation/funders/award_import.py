"""Past awards brought in from files: planned first, then written. What is there already is renewed or left as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db
from innovation.events import record, record_all
from innovation.funders import policy
from innovation.funders.award_rows import TARGETS, Checked, Reading, check, columns_of, flat, guess
from innovation.funders.commands import free_key
from innovation.funders.events import AwardsImported, FunderMade
from innovation.funders.models import Award, Funder
from innovation.ideas.imported_rows import Fault
from innovation.permission import Actor
from innovation.values import dataclass

BATCH = 1000  # awards in a transaction
ROW, WRONG = "row of the file", "what is wrong"  # keys beside the columns of a file
COLUMNS = (
    "title",
    "description",
    "amount_minor",
    "currency",
    "awarded_on",
    "region",
    "recipient",
    "recipient_org_id",
    "theme",
    "source",
)
Rows = Sequence[tuple[int, Mapping[str, Any]]]


@dataclass
class AwardPlan:
    """What an import would do. ``funders`` would be made: name and identifier, by the name in small letters."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    funders: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, other: AwardPlan) -> None:
        """Take in what another part of the same file does."""
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.faults += other.faults
        self.doubts += other.doubts
        self.funders |= other.funders


@dataclass(frozen=True)
class Known:
    """The funders that are there, by what a row may call them."""

    by_name: Mapping[str, int]
    by_org_id: Mapping[str, int]
    currency: Mapping[int, str]

    def find(self, checked: Checked) -> int | None:
        """The funder of a row by its identifier, else by its name; a fault where the two disagree."""
        by_id = self.by_org_id.get(checked.values["funder_org_id"].lower())
        by_name = self.by_name.get(checked.values["funder"].lower())
        if by_id and by_name and by_id != by_name:
            message = "This identifier belongs to another funder than the name does. Put one of them right."
            checked.faults.append(Fault(checked.number, "funder_org_id", message))
        return by_id or by_name


def known_funders() -> Known:
    """Every funder by name and identifier, with the currency in which its figures are told."""
    rows = list(db.session.execute(sa.select(Funder.id, Funder.name, Funder.org_id, Funder.history)))
    return Known(
        {row.name.lower(): row.id for row in rows},
        {row.org_id.lower(): row.id for row in rows if row.org_id},
        {row.id: str(row.history.get("currency") or "") for row in rows},
    )


def reading_of(rows: Rows, *, source: str = "", currency: str = "") -> Reading:
    """How a file is read when nobody says it."""
    return Reading(guess(columns_of([(number, flat(row)) for number, row in rows[:BATCH]])), source, currency)


def in_order(rows: Rows, reading: Reading) -> list[tuple[int, Mapping[str, Any]]]:
    """The rows by funder, so that a batch is about few of them."""
    columns = [reading.columns.get(target, "") for target in ("funder_org_id", "funder")]

    def funder(row: tuple[int, Mapping[str, Any]]) -> tuple[str, ...]:
        return tuple(str(row[1].get(column) or "").lower() for column in columns)

    return sorted(((number, flat(row)) for number, row in rows), key=funder)


def plan_awards(rows: Rows, *, source: str = "", currency: str = "", reading: Reading | None = None) -> AwardPlan:
    """Which awards are new, changed or as they are; matched by funder and identifier."""
    reading = reading or reading_of(rows, source=source, currency=currency)
    plan = AwardPlan()
    for part in parts(in_order(rows, reading), reading):
        plan.add(part)
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def parts(rows: Rows, reading: Reading) -> Iterator[AwardPlan]:
    """The plan of each batch, as the database is when it is asked for."""
    seen: set[tuple[object, str]] = set()
    for at in range(0, len(rows), BATCH):
        yield plan_part(rows[at : at + BATCH], reading, seen)


def faulty_rows(rows: Rows, reading: Reading) -> Iterator[dict[str, Any]]:
    """The rows with faults as they stand in the file, each with its number and what is wrong, to be mended there."""
    seen: set[tuple[object, str]] = set()
    for at in range(0, len(rows), BATCH):
        part = rows[at : at + BATCH]
        wrong: dict[int, list[str]] = {}
        for fault in plan_part(part, reading, seen).faults:
            column = reading.columns.get(fault.column, "") or TARGETS.get(fault.column, fault.column)
            wrong.setdefault(fault.row, []).append(f"{column}: {fault.message}")
        for number, row in part:
            if number in wrong:
                yield {**row, ROW: number, WRONG: " ".join(wrong[number])}


def plan_part(
    rows: Iterable[tuple[int, Mapping[str, Any]]], reading: Reading, seen: set[tuple[object, str]]
) -> AwardPlan:
    """The plan of some rows; ``seen`` are the awards of those before them, and those of these are added."""
    known, plan = known_funders(), AwardPlan()
    good: list[tuple[Checked, int | None]] = []
    for number, row in rows:
        checked = check(number, row, reading)
        funder_id = known.find(checked)
        _lend_currency(checked, known.currency.get(funder_id or 0, ""))
        key = (funder_id or checked.values["funder"].lower(), checked.values["identifier"])
        if not checked.faults and key in seen:
            checked.faults.append(Fault(number, "identifier", "This award stands in the file twice."))
        plan.faults += checked.faults
        plan.doubts += checked.doubts
        if not checked.faults:
            seen.add(key)
            good.append((checked, funder_id))
    _sort_out(plan, good)
    return plan


def _lend_currency(checked: Checked, currency: str) -> None:
    """The currency of the funder's figures, for files that leave it out."""
    if currency and not checked.values["currency"]:
        checked.values["currency"] = currency
        checked.faults = [fault for fault in checked.faults if fault.column != "currency"]


def _sort_out(plan: AwardPlan, good: Sequence[tuple[Checked, int | None]]) -> None:
    there = _there(
        {funder_id for _checked, funder_id in good if funder_id}, [each.values["identifier"] for each, _funder in good]
    )
    for checked, funder_id in good:
        values = {key: checked.values[key] for key in ("funder", "identifier", *COLUMNS)}
        values["funder_id"] = funder_id
        if funder_id is None:
            name = checked.values["funder"]
            plan.funders.setdefault(name.lower(), (name, checked.values["funder_org_id"]))
        award = there.get((funder_id, checked.values["identifier"]))
        if award is None:
            plan.new.append(values)
        elif any(getattr(award, key) != values[key] for key in COLUMNS):
            plan.changed.append({"id": award.id, "funder_id": funder_id} | {key: values[key] for key in COLUMNS})
        else:
            plan.unchanged += 1


def _there(funder_ids: set[int], identifiers: Sequence[str]) -> dict[tuple[int | None, str], Any]:
    columns = (getattr(Award, key) for key in ("id", "funder_id", "identifier", *COLUMNS))
    query = sa.select(*columns).where(Award.funder_id.in_(funder_ids), Award.identifier.in_(identifiers))
    return {(row.funder_id, row.identifier): row for row in db.session.execute(query)}


@command(policy.may_import_awards)
def import_awards(actor: Actor, plan: AwardPlan) -> AwardPlan:
    """Write what was planned, make the funders that are not known yet, and count the figures of those without any."""
    made = {key: _make(actor, name, org_id) for key, (name, org_id) in plan.funders.items()}
    new = [{key: value for key, value in values.items() if key != "funder"} for values in plan.new]
    for row, values in zip(new, plan.new, strict=True):
        row["funder_id"] = row["funder_id"] or made[values["funder"].lower()]
    for at in range(0, len(new), BATCH):
        db.session.execute(sa.insert(Award), new[at : at + BATCH])
    if plan.changed:
        db.session.execute(sa.update(Award), plan.changed)
    added, changed = (Counter(row["funder_id"] for row in each) for each in (new, plan.changed))
    touched = sorted({*added, *changed})
    if touched:
        record_all(actor, [AwardsImported(each, added[each], changed[each]) for each in touched])
        count_figures(touched)
    return plan


def _make(actor: Actor, name: str, org_id: str) -> int:
    funder = Funder(key=free_key(name), name=name, org_id=org_id, visibility="hidden")
    db.session.add(funder)
    db.session.flush()
    record(actor, FunderMade(funder.id))
    return funder.id


def count_figures(funder_ids: Sequence[int]) -> None:
    """Figures from the awards that we hold, for funders whose figures did not come from a file."""
    funders = db.session.scalars(sa.select(Funder).where(Funder.id.in_(funder_ids)))
    wanted = {f.id: f for f in funders if not f.history or f.history.get("counted")}
    columns = (Award.funder_id, Award.currency, Award.amount_minor, Award.awarded_on, Award.theme)
    awards: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(sa.select(*columns).where(Award.funder_id.in_(list(wanted)))):
        awards[row.funder_id].append(row)
    for funder_id, funder in wanted.items():
        funder.history = _figures(awards[funder_id])


def _figures(awards: Sequence[Any]) -> dict[str, Any]:
    currency = Counter(award.currency for award in awards).most_common(1)[0][0]
    amounts = sorted(award.amount_minor for award in awards if award.currency == currency)
    days = sorted(award.awarded_on for award in awards if award.awarded_on)
    themes = Counter(award.theme for award in awards if award.theme).most_common(4)
    figures: dict[str, Any] = {
        f"amount_p{part}": amounts[min(len(amounts) - 1, len(amounts) * part // 100)] / 100 for part in (10, 50, 90)
    }
    figures |= {"counted": True, "n_dev": len(awards), "currency": currency, "themes": dict(themes)}
    if days:
        figures |= {"first": days[0].isoformat(), "last": days[-1].isoformat()}
    return figures
