"""Tables of spend: one row for each entry, as they are exported or as books of account are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from innovation.ideas.imported_rows import Fault
from innovation.languages import cents_in, lazy_gettext
from innovation.places.names import fold
from innovation.tables import Row, Table, TableFault

MOST_ROWS = 1000
HEADINGS = {
    "line": ("line of the budget", "line", "budget line", "item"),
    "day": ("day", "date", "spent on", "day spent"),
    "amount": ("amount in rand", "amount", "rand", "cost"),
    "what": ("what for", "what", "description", "for"),
    "how": ("how", "kind", "in kind"),
}
NAMES = {
    "line": lazy_gettext("Line of the budget"),
    "day": lazy_gettext("Day"),
    "amount": lazy_gettext("Amount in rand"),
    "what": lazy_gettext("What for"),
}
OUTSIDE = ("not in the plan", "none", "")
IN_KIND, IN_MONEY = ("in kind", "kind", "yes", "given"), ("in money", "money", "no", "")
LONGEST = 200
NO_LINE = "No line of the budget is called so. Leave it empty for what is not in the plan."
NO_DAY = "Write the day as 2026-07-30."
NO_AMOUNT = "Write an amount in rand above nought, such as 480 000."
NO_WORDS = "Say what it was for, in at most 200 characters."
NO_HOW = "Write: in money, or in kind."
WhyNot = Callable[[dt.date], str]


class Spent(NamedTuple):
    """An entry as a table says it; two that are equal in all of this are the same."""

    line_id: int | None
    spent_on: dt.date
    amount_cents: int
    in_kind: bool
    what: str


class Checked(NamedTuple):
    entries: list[Spent]
    faults: list[Fault]


def check(table: Table, lines: Iterable[tuple[int, str]], why_not: WhyNot) -> Checked:
    """Every row read, with all that is wrong with it; ``TableFault`` where columns are missing.

    ``why_not`` says what is wrong with a day; empty where nothing is.
    """
    columns = _columns(table)
    if not table.rows:
        raise TableFault("The table has a heading and no rows.")
    if len(table.rows) > MOST_ROWS:
        raise TableFault("This table has more than 1 000 rows. Split it.")
    known = {fold(name): number for number, name in lines}
    entries, faults = [], list[Fault]()
    for row in table.rows:
        spent, wrong = _read(row, columns, known, why_not)
        faults += wrong
        if spent is not None:
            entries.append(spent)
    return Checked(entries, faults)


def _columns(table: Table) -> dict[str, str]:
    by_heading = {heading: target for target, headings in HEADINGS.items() for heading in headings}
    found: dict[str, str] = {}
    for column in table.columns:
        target = by_heading.get(fold(column))
        if target:
            found.setdefault(target, column)
    missing = [str(name) for target, name in NAMES.items() if target not in found]
    if missing:
        raise TableFault(f"These columns are missing: {', '.join(missing)}.")
    return found


def _read(
    row: Row, columns: Mapping[str, str], known: Mapping[str, int], why_not: WhyNot
) -> tuple[Spent | None, list[Fault]]:
    said = {target: row.values.get(column, "").strip() for target, column in columns.items()}
    wrong: list[Fault] = []

    def refuse(target: str, message: str) -> None:
        wrong.append(Fault(row.number, columns[target], message))

    line, how = fold(said["line"]), fold(said.get("how", ""))
    if line not in known and line not in OUTSIDE:
        refuse("line", NO_LINE)
    day, cents = _day(said["day"]), cents_in(said["amount"])
    if day is None:
        refuse("day", NO_DAY)
    elif reason := why_not(day):
        refuse("day", reason)
    if not cents:
        refuse("amount", NO_AMOUNT)
    if not 0 < len(said["what"]) <= LONGEST:
        refuse("what", NO_WORDS)
    if how not in IN_KIND + IN_MONEY:
        refuse("how", NO_HOW)
    if wrong or day is None or not cents:
        return None, wrong
    return Spent(known.get(line), day, cents, how in IN_KIND, said["what"]), wrong


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
