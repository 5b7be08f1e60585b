"""Funders with the figures of their awards, brought in from files: planned first, then written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.funders import policy
from innovation.funders.award_rows import MOST_CENTS
from innovation.funders.codes import KINDS
from innovation.funders.commands import free_key
from innovation.funders.commands.profiles import write_profile
from innovation.funders.events import FunderMade
from innovation.funders.models import Funder
from innovation.funders.org_ids import names_person
from innovation.ideas.imported_rows import Fault
from innovation.permission import Actor
from innovation.values import dataclass

FIGURES = (
    "pool",
    "currency",
    "n_dev",
    "amount_p10",
    "amount_p50",
    "amount_p90",
    "education_share",
    "themes",
    "top_terms",
    "first",
    "last",
)
PROFILE = ("kind", "org_id", "website", "description", "source")
AMOUNTS = ("n_dev", "amount_p10", "amount_p50", "amount_p90", "education_share")
SIZES = {"org_id": 60, "website": 200, "source": 200}


@dataclass
class Plan:
    """What an import would do; nothing is written until it is handed to its command."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


# Funders


def plan_funders(rows: Iterable[tuple[int, Mapping[str, Any]]], *, source: str = "") -> Plan:
    """Which funders are new, changed or as they are; matched by name, whatever its case."""
    plan, seen = Plan(), set()
    have = {funder.name.lower(): funder for funder in db.session.scalars(sa.select(Funder))}
    for number, given in rows:
        row = _figured(given)
        name = str(row.get("funder") or row.get("name") or "")
        faults = list(_funder_faults(number, row, name))
        if name.lower() in seen:
            faults.append(Fault(number, "funder", "This funder stands in the file twice."))
        if faults:
            plan.faults += faults
            continue
        seen.add(name.lower())
        _plan_row(plan, have.get(name.lower()), {"name": name} | _profile(row, source))
    return plan


def _funder_faults(number: int, row: Mapping[str, Any], name: str) -> Iterator[Fault]:
    if not name:
        yield Fault(number, "funder", "The name is missing.")
    if len(name) > 160:
        yield Fault(number, "funder", "The name is longer than 160 characters.")
    if names_person(str(row.get("org_id") or "")):
        yield Fault(number, "org_id", "This looks like the identity number of a person. Such a number is never kept.")
    if row.get("kind") and str(row["kind"]) not in dict(KINDS):
        yield Fault(number, "kind", f"The kind is none of: {', '.join(key for key, _name in KINDS)}.")
    for column, size in SIZES.items():
        if len(str(row.get(column) or "")) > size:
            yield Fault(number, column, f"This is longer than {size} characters.")
    for column in AMOUNTS:
        if not _is_figure(row.get(column) or 0):
            yield Fault(number, column, "A number is needed, not below 0.")
    if not isinstance(row.get("themes") or {}, dict):
        yield Fault(number, "themes", "Write each theme with its number of awards, such as literacy: 12; arts: 3.")


def _figured(given: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its columns in small letters, and the figures of a table as JSON would have them."""
    row = {str(key).strip().lower(): value for key, value in given.items()}
    for column in AMOUNTS:
        row[column] = _figure(row.get(column))
    if isinstance(row.get("top_terms"), str):
        row["top_terms"] = [word.strip() for word in row["top_terms"].split(",") if word.strip()]
    if isinstance(row.get("themes"), str):
        pairs = [part.rpartition(":") for part in row["themes"].split(";") if part.strip()]
        if all(theme.strip() and count.strip().isdecimal() for theme, _colon, count in pairs):
            row["themes"] = {theme.strip(): int(count) for theme, _colon, count in pairs}
    return row


def _figure(value: Any) -> Any:
    """A number written as text as a number; anything else as it is."""
    if not isinstance(value, str) or not value:
        return value
    try:
        return int(value) if value.isdecimal() else float(value)
    except ValueError:
        return value


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= MOST_CENTS


def _profile(row: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The columns that the row speaks of; figures as they were given."""
    found: dict[str, Any] = {key: str(row[key]) for key in PROFILE if row.get(key)}
    if source:
        found.setdefault("source", source)
    figures = {key: row[key] for key in FIGURES if row.get(key) not in (None, "")}
    if figures:
        found["history"] = figures
    return found


def _plan_row(plan: Plan, thing: Any, values: dict[str, Any]) -> None:
    if thing is None:
        plan.new.append(values)
    elif any(getattr(thing, key) != value for key, value in values.items()):
        plan.changed.append((thing, values))
    else:
        plan.unchanged += 1


@command(policy.may_import_funders)
def import_funders(actor: Actor, plan: Plan) -> Plan:
    """Write what was planned. A funder without a mandate is never matched: it has past awards only."""
    for values in plan.new:
        _make(actor, **values)
    for funder, values in plan.changed:
        write_profile(actor, funder, values)
    return plan


def _make(actor: Actor, *, name: str, **values: Any) -> Funder:
    funder = Funder(key=free_key(name), name=name, **({"visibility": "hidden"} | values))
    db.session.add(funder)
    db.session.flush()
    record(actor, FunderMade(funder.id))
    return funder
