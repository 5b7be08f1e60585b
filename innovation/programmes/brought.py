"""A translator's file brought back: which texts it holds for what a programme says, and which rows cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from innovation.languages import gettext as _
from innovation.programmes.own_words import Text
from innovation.tables import FORMULAS, Row, Table, TableFault, read_table
from innovation.values import dataclass

HOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MARKUP = re.compile(r"</?[A-Za-z][^>]*>|&#?\w+;")
MOST, MOST_OF_NOTICE = 2000, 6000
ROOM, TIMES = 40, 3  # letters that any text may have more, and how many times as long as its original it may be
ROWS = 5000


@dataclass
class Brought:
    """What a file brings: ``texts`` by what they stand for, those only that change something; ``faults`` by row."""

    texts: dict[str, str] = field(default_factory=dict)
    same: int = 0
    empty: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def read_brought(content: bytes, name: str, known: Iterable[Text], heading: str, notice: str = "") -> Brought:
    """The file held against the texts of a programme; ``heading`` is that of the column with the translations.

    ``notice`` is the original of the notice, which may be longer. ``TableFault`` for what is no such table.
    """
    table = read_table(content, name)
    original = _("Original")
    for wanted in (original, heading):
        if wanted not in table.columns:
            raise TableFault(_("The file has no column named %(name)s. Begin with the one from here.", name=wanted))
    return _held_against(table, {text.english.strip(): text for text in known}, (original, heading), notice.strip())


def _held_against(table: Table, known: dict[str, Text], columns: tuple[str, str], notice: str) -> Brought:
    brought, seen = Brought(), dict[str, str]()
    for row in table.rows[:ROWS]:
        english, told = (_as_written(row, column) for column in columns)
        if not told:
            brought.empty += 1
            continue
        why = _wrong(english, told, known, seen, MOST_OF_NOTICE if english == notice else MOST)
        if why:
            brought.faults.append((row.number, why))
            continue
        seen[english] = told
        text = known[english]
        if told == (text.own or text.known):
            brought.same += 1
        else:
            brought.texts[text.english] = told
    return brought


def _as_written(row: Row, column: str) -> str:
    """The cell without the sign that kept a spreadsheet from running it."""
    cell = row.values.get(column, "").replace("\r\n", "\n").strip()
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULAS) else cell


def _wrong(english: str, told: str, known: dict[str, Text], seen: dict[str, str], most: int) -> str:
    """Why a row cannot be taken; empty when it can."""
    if english not in known:
        return _("Nothing is said in these words here, or not any more: %(text)s", text=english[:80] or "–")
    if seen.get(english, told) != told:
        return _("The same text stands there twice, with another translation.")
    if sorted(HOLDERS.findall(english)) != sorted(HOLDERS.findall(told)):
        return _("It has other places for values than the original: %(places)s", places=_listed(HOLDERS, english))
    if set(MARKUP.findall(told)) - set(MARKUP.findall(english)):
        return _("It holds signs of a web page: %(signs)s", signs=_listed(MARKUP, told))
    if len(told) > min(most, TIMES * len(english) + ROOM):
        return _("It is too long for cards and phones: %(number)s letters.", number=len(told))
    return ""


def _listed(what: re.Pattern[str], text: str) -> str:
    return ", ".join(what.findall(text)) or "–"
