"""Tables of spend: one row for each entry, as they are exported or as books of account are kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from innovation.ideas.imported_rows import Fault
from innovation.languages import cents_in, lazy_gettext
from innovation.places.names import fold
from innovation.tables import Row, Table, TableFault

MOST_ROWS = 1000
LAST_LINE = 5000  # up to which rows keep their numbers
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


class Read(NamedTuple):
    """A row as it was read: its texts by what they are, and the entry that it says, where nothing is wrong with it."""

    number: int
    said: Mapping[str, str]
    spent: Spent | None
    faults: list[Fault]


class Checked(NamedTuple):
    rows: list[Read]

    @property
    def entries(self) -> list[Spent]:
        return [row.spent for row in self.rows if row.spent is not None]

    @property
    def faults(self) -> list[Fault]:
        return [fault for row in self.rows for fault in row.faults]

    @property
    def faulty(self) -> list[Read]:
        return [row for row in self.rows if row.faults]


class Sorted(NamedTuple):
    """The entries that are not there yet, by the numbers of their rows; the others are known."""

    new: dict[int, Spent]
    known: int


def sort_out(checked: Checked, there: Counter[tuple[Any, ...]]) -> Sorted:
    """What would be entered: as many alike as the table has more of than are there."""
    left, new = Counter(there), dict[int, Spent]()
    for row in checked.rows:
        if row.spent is None:
            continue
        if left[row.spent] > 0:
            left[row.spent] -= 1
        else:
            new[row.number] = row.spent
    return Sorted(new, len(checked.entries) - len(new))


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
    return Checked([_read(row, columns, known, why_not) for row in table.rows])


def as_text(table: Table) -> str:
    """What is read of the table, as text to be mended by hand and read again: each row on the line of its number."""
    columns = tuple(_columns(table).values())
    out = io.StringIO()
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    write(columns)
    at = 1
    for row in table.rows:
        out.write("\n" * (row.number - at - 1 if row.number <= LAST_LINE else 0))
        write(" ".join(row.values[column].split()) for column in columns)
        at = row.number
    return out.getvalue()


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


def _read(row: Row, columns: Mapping[str, str], known: Mapping[str, int], why_not: WhyNot) -> Read:
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
        return Read(row.number, said, None, wrong)
    return Read(row.number, said, Spent(known.get(line), day, cents, how in IN_KIND, said["what"]), wrong)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
