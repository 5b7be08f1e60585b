"""Faulty rows mended where they are: what was corrected waits beside the table, and the table is read with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from innovation.ideas.imported_rows import Fault
from innovation.languages import gettext as _
from innovation.tables import Row, Table, write_table
from innovation.values import dataclass

SHOWN = 25  # rows to be mended on one page
LONGEST = 20_000

Corrections = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Cell:
    """A text to be mended; ``name`` is that of its field, ``at`` the position of its column."""

    column: str
    name: str
    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class ToMend:
    """A row with what is wrong in its cells, and what is wrong with all of it."""

    number: int
    title: str
    cells: tuple[Cell, ...]
    faults: tuple[str, ...]


def corrected(table: Table, corrections: Corrections) -> Table:
    """The table as it reads with the corrections."""
    if not corrections:
        return table
    return replace(table, rows=tuple(_corrected(table, row, corrections.get(str(row.number))) for row in table.rows))


def _corrected(table: Table, row: Row, texts: Mapping[str, str] | None) -> Row:
    if not texts:
        return row
    return replace(row, values={**row.values, **{table.columns[int(at)]: text for at, text in texts.items()}})


def rows_to_mend(table: Table, mapping: Mapping[str, str], faults: Sequence[Fault]) -> list[ToMend]:
    """The first rows with faults, each with the cells that are wrong."""
    found: list[ToMend] = []
    for row, of_row in faulty_rows(table, faults):
        wrong: dict[str, list[str]] = {}
        for fault in of_row:
            wrong.setdefault(fault.column if fault.column in table.columns else "", []).append(fault.message)
        whole = tuple(wrong.pop("", ()))
        found.append(ToMend(row.number, _title(row, mapping), tuple(_cells(table, row, wrong)), whole))
        if len(found) == SHOWN:
            break
    return found


def faulty_rows(table: Table, faults: Sequence[Fault]) -> Iterator[tuple[Row, list[Fault]]]:
    """Every row with a fault, in the order of the table."""
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    yield from ((row, by_row[row.number]) for row in table.rows if row.number in by_row)


def write_faults(table: Table, faults: Sequence[Fault]) -> Any:
    """The faulty rows with what is wrong in each, to be mended and sent again as a file of their own."""
    columns = [(str(at), column) for at, column in enumerate(table.columns)]
    lines = (
        {
            **{str(at): row.values.get(column, "") for at, column in enumerate(table.columns)},
            "row": row.number,
            "wrong": " ".join(f"{f.column}: {_(f.message)}" if f.column else _(f.message) for f in of_row),
        }
        for row, of_row in faulty_rows(table, faults)
    )
    extra = [("row", _("Row in the file")), ("wrong", _("What is wrong"))]
    return write_table([*columns, *extra], lines, "xlsx", "rows-to-mend")


def _cells(table: Table, row: Row, wrong: Mapping[str, Sequence[str]]) -> Iterator[Cell]:
    for at, column in enumerate(table.columns):
        if column in wrong:
            yield Cell(column, f"cell_{row.number}_{at}", row.values.get(column, ""), tuple(wrong[column]))


def _title(row: Row, mapping: Mapping[str, str]) -> str:
    column = next((column for column, target in mapping.items() if target == "title"), "")
    return row.values.get(column, "")


def read_corrections(table: Table, form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What a page sent that reads otherwise than the table, by row and position of the column."""
    rows = {row.number: row for row in table.rows}
    found: dict[str, dict[str, str]] = {}
    for name, text in form.items():
        kind, _line, place = name.partition("_")
        number, _line, at = place.partition("_")
        if kind != "cell" or not (number.isdecimal() and at.isdecimal()):
            continue
        row = rows.get(int(number))
        if row is None or int(at) >= len(table.columns):
            continue
        if text.strip() != row.values.get(table.columns[int(at)], "").strip():
            found.setdefault(number, {})[at] = text.strip()[:LONGEST]
    return found


def joined(before: Corrections, now: Corrections) -> dict[str, dict[str, str]]:
    """The corrections of before, with those of now in their place."""
    return {row: {**before.get(row, {}), **now.get(row, {})} for row in {**before, **now}}
