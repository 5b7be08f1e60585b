"""Rows about past awards: which column says what, and what is wrong in a row.

Columns are those of 360Giving, in a table or in JSON, and of files like it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal, InvalidOperation
from typing import Any

from innovation.funders.org_ids import doubt_of, names_person
from innovation.ideas.imported_rows import Fault
from innovation.values import dataclass

TARGETS = {
    "identifier": "Identifier",
    "funder": "Funder",
    "funder_org_id": "Funder's organisation identifier",
    "title": "Title",
    "description": "Description",
    "amount": "Amount",
    "currency": "Currency",
    "date": "Date of the award",
    "region": "Places",
    "recipient": "Recipient",
    "recipient_org_id": "Recipient's organisation identifier",
    "theme": "Theme or programme",
    "source": "Source",
}
NEEDED = ("identifier", "funder", "title", "amount")
NAMES = {
    "identifier": ("identifier", "id"),
    "funder": ("funder", "fundingorg:name", "fundingorg", "fundername"),
    "funder_org_id": ("fundingorg:identifier", "fundingorg:id", "funderorgid", "funderidentifier"),
    "title": ("title",),
    "description": ("description",),
    "amount": ("amountawarded", "amount"),
    "currency": ("currency",),
    "date": ("awarddate", "date", "year"),
    "region": ("beneficiarylocation:name", "region", "places", "place", "location"),
    "recipient": ("recipientorg:name", "recipient", "recipientorg"),
    "recipient_org_id": ("recipientorg:identifier", "recipientorg:id", "recipientorgid"),
    "theme": ("grantprogramme:title", "themeorprogramme", "theme", "programme"),
    "source": ("datasource", "source"),
}
MOST_CENTS = 10**15
SIZES = {"identifier": 120, "funder": 160, "funder_org_id": 60, "recipient_org_id": 60}
CUT = {"title": 200, "region": 200, "recipient": 200, "theme": 60, "source": 200}
MOST_PLACES = 50
LOOKED_AT = 200  # rows in which columns are looked for


@dataclass(frozen=True)
class Reading:
    """How a file is read: the column for each target, and what holds where the file does not say it."""

    columns: Mapping[str, str]
    source: str = ""
    currency: str = ""


@dataclass
class Checked:
    """A row's values by target, with what is wrong and what is only doubtful."""

    number: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what is nested under names such as ``fundingOrganization:0:name``."""
    if not any(isinstance(value, dict | list) for value in row.values()):
        return dict(row)
    found: dict[str, Any] = {}
    for key, value in row.items():
        found.update(_flat(str(key), value))
    return found


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(f"{name}:{key}", each)
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for at, each in enumerate(value):
            yield from _flat(f"{name}:{at}", each)
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield name, "; ".join(value)
    else:
        yield name, value


def columns_of(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> list[str]:
    """The columns of a file, in the order in which they are met."""
    found: dict[str, None] = {}
    for place, (_number, row) in enumerate(rows):
        if place == LOOKED_AT:
            break
        found.update(dict.fromkeys(row))
    return list(found)


def guess(columns: Iterable[str]) -> dict[str, str]:
    """The column of each target, by its name; a target without one is not there."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_plain(column), column)
    found = {target: next((by_name[n] for n in names if n in by_name), "") for target, names in NAMES.items()}
    return {target: column for target, column in found.items() if column}


def _plain(column: str) -> str:
    """A name as ``NAMES`` writes it, whatever its case, spaces and spelling."""
    name = re.sub(r"[\s_]+", "", column).lower().replace("/", ":")
    return re.sub(r"organi[sz]ation", "org", re.sub(r":0(?=:|$)", "", name))


def check(number: int, row: Mapping[str, Any], reading: Reading) -> Checked:
    """The values of a row, and every fault in it."""
    said = {target: _said(row.get(reading.columns.get(target, ""))) for target in TARGETS}
    said["region"] = _places(row, reading.columns.get("region", ""))
    said["source"] = said["source"] or reading.source
    said["currency"] = str(said["currency"] or reading.currency).upper()
    amount, day = minor(said["amount"]), day_of(said["date"])
    values = {target: str(said[target]) for target in TARGETS if target not in ("amount", "date")}
    values["title"] = values["title"] or values["description"]
    checked = Checked(number, values | {"amount_minor": amount, "awarded_on": day})
    checked.faults += [Fault(number, column, message) for column, message in _faults(values)]
    if amount is None:
        message = "Write the amount as a number, not below 0, such as 480000."
        checked.faults.append(Fault(number, "amount", message))
    if said["date"] != "" and day is None:
        checked.faults.append(Fault(number, "date", "Write the date as 2026-11-26."))
    _look_at_organisations(checked)
    for target, most in CUT.items():
        checked.values[target] = checked.values[target][:most]
    return checked


def _places(row: Mapping[str, Any], column: str) -> str:
    """All places of a row: those of the column, and where it is the first of several such as ``..:0:name``, of all.

    As many as fit, each once and whole.
    """
    numbered = (re.sub(r"(?<=[:/])0(?=[:/])", str(at), column, count=1) for at in range(MOST_PLACES))
    said = dict.fromkeys(str(_said(row.get(each))) for each in dict.fromkeys(numbered))
    places = [each for each in said if each]
    while len(places) > 1 and len("; ".join(places)) > CUT["region"]:
        places.pop()
    return "; ".join(places)


def _said(value: Any) -> Any:
    return "" if value is None else value.strip() if isinstance(value, str) else value


def _faults(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column in ("identifier", "funder"):
        if not values[column]:
            yield column, "This is missing."
    for column, most in SIZES.items():
        if len(values[column]) > most:
            yield column, f"This is longer than {most} characters."
    if not values["title"]:
        yield "title", "A title or a description is needed."
    if not (len(values["currency"]) == 3 and values["currency"].isalpha()):
        yield "currency", "Write the currency as three letters, such as ZAR."


def _look_at_organisations(checked: Checked) -> None:
    """Doubts about identifiers; the number of a person is left out, and so is the name of one who receives."""
    if names_person(checked.values["recipient_org_id"]):
        checked.values |= {"recipient": "", "recipient_org_id": ""}
        message = "This looks like the identity number of a person. It is left out, with the name."
        checked.doubts.append(Fault(checked.number, "recipient_org_id", message))
    if names_person(checked.values["funder_org_id"]):
        checked.values["funder_org_id"] = ""
        message = "This looks like the identity number of a person. It is left out."
        checked.doubts.append(Fault(checked.number, "funder_org_id", message))
    for column in ("funder_org_id", "recipient_org_id"):
        doubt = doubt_of(checked.values[column]) if checked.values[column] else ""
        if doubt:
            checked.doubts.append(Fault(checked.number, column, doubt))


def minor(value: Any) -> int | None:
    """Hundredths of the currency; None for what is no amount."""
    try:
        amount = Decimal(str(value).replace(" ", "").replace("\u00a0", ""))
        return int((amount * 100).to_integral_value()) if 0 <= amount <= MOST_CENTS // 100 else None
    except InvalidOperation:
        return None


def day_of(value: Any) -> dt.date | None:
    """A day; a year alone counts as its first day."""
    text = str(value)[:10]
    try:
        return dt.date(int(text), 1, 1) if text.isdigit() and len(text) == 4 else dt.date.fromisoformat(text)
    except ValueError:
        return None
