"""Tables in and out: spreadsheets and CSV that people send, and exports that open safely anywhere."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Response

from innovation.downloads import download
from innovation.languages import gettext as _
from innovation.values import dataclass
from workflows import Refused

MOST_BYTES = 60_000_000
MOST_UNPACKED = 200_000_000
# What a package may be that is none, or is damaged, or has a password.
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
MOST_CELLS = 5_000_000  # room for them takes about 200 MB
FAR_OUT = (
    "Something stands very far from the table in this spreadsheet, or it is very large. "
    "Copy the table into a new sheet, save it, and try again."
)
CELL = re.compile(rb"""\br=["']([A-Z]{1,3})?([0-9]{1,7})["']""")
OPEN_DOCUMENT = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
HEAD = 10  # within so many lines the headings are looked for
SPREADSHEETS = (".xlsx", ".xls", ".ods", ".xlsb")
PIECE = 64_000
MOST_IN_CELL = 32_767  # a spreadsheet holds no more
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TableFault(Refused):
    """The file cannot be read as a table; the reason says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__((reason,))


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it (the header is 1), its texts by column, and those beyond all."""

    number: int
    values: dict[str, str]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes, name: str) -> Table:
    """The table in a CSV file (also compressed) or the first sheet that holds one; else ``TableFault``."""
    content, name = _unpacked(content, name.lower())
    if not content.strip():
        raise TableFault("The file is empty.")
    if len(content) > MOST_BYTES:
        raise TableFault("The file is too large. Split it into parts of at most 60 MB.")
    if name.endswith(SPREADSHEETS) or content[:4] == b"PK\x03\x04":
        return _table(_sheet(content))
    return _table(list(_lines(_text(content))))


def _unpacked(content: bytes, name: str) -> tuple[bytes, str]:
    if not name.endswith(".gz"):
        return content, name
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            return packed.read(MOST_BYTES + 1), name.removesuffix(".gz")
    except (OSError, EOFError, zlib.error):
        raise TableFault("The compressed file is damaged. Send it again, or send it uncompressed.") from None


Lines = list[list[str]]


def _sheet(content: bytes) -> Lines:
    """The cells of the first sheet with rows under headings; notes to the reader often stand on one before it."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if content.startswith(b"PK\x03\x04"):
            _weigh(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = (book.get_sheet_by_index(at) for at in range(len(book.sheet_names)))
        first: Lines = []
        for sheet in sheets:
            lines = [[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            if _is_table(lines):
                return lines
            first = first or lines
        return first
    except (CalamineError, IndexError, ValueError, KeyError, OSError, *UNREADABLE):
        message = "The spreadsheet cannot be read. Save it as .xlsx without a password, or as CSV, and try again."
        raise TableFault(message) from None


def _is_table(lines: Lines) -> bool:
    """Several columns, in several rows."""
    return sum(sum(map(bool, line)) > 1 for line in lines) > 1


def _weigh(content: bytes) -> None:
    """Refuse a spreadsheet that would take all memory: reading one makes room for every cell up to the last one."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
            raise TableFault(FAR_OUT)
        names = package.namelist()
        if "xl/workbook.bin" in names:
            raise TableFault("Save this spreadsheet as .xlsx and try again.")
        if "content.xml" in names:
            with package.open("content.xml") as part:
                _refuse_far(*_reach_of_open_document(part))
            return
        for name in names:
            _refuse_far(*_reach_of_sheet(package.read(name)))


def _refuse_far(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise TableFault(FAR_OUT)


def _reach_of_sheet(part: bytes) -> tuple[int, int]:
    """The last row and the last column that a part of an .xlsx file names."""
    rows = columns = 1
    for letters, digits in CELL.findall(part):
        rows = max(rows, int(digits))
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        columns = max(columns, column)
    return rows, columns


def _reach_of_open_document(part: Any) -> tuple[int, int]:
    """The last row and the last column with something in them; repeated ones count as often as they repeat."""
    from xml.etree import ElementTree

    row = rows = columns = 0
    try:
        for _event, element in ElementTree.iterparse(part):  # noqa: S314 - its size is known by now
            if element.tag == f"{OPEN_DOCUMENT}table":
                row = 0
            if element.tag != f"{OPEN_DOCUMENT}table-row":
                continue
            column = reach = 0
            for cell in element:
                column += int(cell.get(f"{OPEN_DOCUMENT}number-columns-repeated", "1"))
                reach = column if len(cell) else reach
            row += int(element.get(f"{OPEN_DOCUMENT}number-rows-repeated", "1"))
            rows, columns = (max(rows, row), max(columns, reach)) if reach else (rows, columns)
            element.clear()
    except ElementTree.ParseError:
        raise ValueError("not an open document") from None
    return rows, columns


def _shown(value: Any) -> str:
    """A cell as a person reads it: whole numbers without ``.0``, dates in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _text(content: bytes) -> str:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableFault("This is not a table. Send a CSV file or a spreadsheet (.xlsx or .ods).")
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableFault("The letters of this file cannot be read. Save it as CSV UTF-8 and try again.")


def _lines(text: str) -> Iterator[list[str]]:
    said = re.match(r"sep=(.)\r?\n", text)  # as Excel writes it
    if said:
        yield []  # it is a row of the file, and rows are told by their numbers
        text = text[said.end() :]
    delimiter = said[1] if said else _delimiter(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        if "field limit" in str(error):
            raise TableFault(
                f"A cell is longer than {csv.field_size_limit()} letters, or a quotation mark is not closed."
            ) from None
        raise TableFault(f"The file is not a whole CSV file: {error}.") from None


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that has more than one."""
    head = text.lstrip("\r\n").split("\n", HEAD)[:HEAD]
    parted = next((line for line in head if re.search(r"[,;\t|]", line)), "")
    return max((",", ";", "\t", "|"), key=parted.count)


def _table(lines: Lines) -> Table:
    numbered = ((number, [cell.strip() for cell in cells]) for number, cells in enumerate(lines, 1))
    filled: Iterator[tuple[int, list[str]]] = ((number, cells) for number, cells in numbered if any(cells))
    if _is_table(lines):  # a line of one cell above the headings is a title
        filled = itertools.dropwhile(lambda line: sum(map(bool, line[1])) == 1, filled)
    header = next(filled, None)
    if header is None:
        raise TableFault("The file has no rows.")
    columns = header[1]
    while columns and not columns[-1]:
        columns.pop()
    if "" in columns:
        raise TableFault(f"Column {columns.index('') + 1} has no name in the first row. Give every column a name.")
    doubled = sorted({name for name in columns if columns.count(name) > 1})
    if doubled:
        raise TableFault(f"Two columns have the same name: {', '.join(doubled)}.")
    width = len(columns)
    rows = tuple(
        Row(
            number,
            dict(zip(columns, cells[:width] + [""] * (width - len(cells)), strict=True)),
            tuple(filter(None, cells[width:])),
        )
        for number, cells in filled
    )
    return Table(tuple(columns), rows)


Columns = Sequence[tuple[str, str]]


Rows = Iterable[Mapping[str, Any]]


def write_table(columns: Columns, rows: Rows, kind: str, name: str) -> Response:
    """An answer that downloads the rows as ``csv`` or ``xlsx``; ``columns`` are pairs of key and heading.

    The rows are taken one by one, so that no more of them is in memory than is being written.
    """
    kind = "xlsx" if kind == "xlsx" else "csv"
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or _("export")
    return download(chunks_of(columns, rows, kind), f"{safe}.{kind}", CONTENT_TYPES[kind])


def chunks_of(columns: Columns, rows: Rows, kind: str) -> Iterator[bytes]:
    """The table as a file, piece by piece."""
    return _xlsx(columns, rows) if kind == "xlsx" else _csv(columns, rows)


def _csv(columns: Columns, rows: Rows) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")  # by which Excel knows how its letters are written
    writer.writerow([_harmless(str(heading)) for _key, heading in columns])
    for row in rows:
        writer.writerow([_harmless(plain(row.get(key))) for key, _heading in columns])
        if out.tell() > PIECE:
            yield out.getvalue().encode("utf-8", "backslashreplace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "backslashreplace")


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \n").startswith(FORMULAS) else value


def plain(value: Any) -> Any:
    """A cell: numbers without the digits that only reckoning made, dates and instants in ISO form, no sign that nobody
    can see.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if hasattr(value, "isoformat"):
        return value.isoformat(timespec="seconds") if hasattr(value, "hour") else value.isoformat()
    return value if isinstance(value, int | float) else UNSEEN.sub("", str(value))


def _xlsx(columns: Columns, rows: Rows) -> Iterator[bytes]:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter  # only those who export pay for its fifteen megabytes

    with tempfile.TemporaryFile() as out:
        with xlsxwriter.Workbook(out, options) as book:
            sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
            sheet.freeze_panes(1, 0)
            for position, (_key, heading) in enumerate(columns):
                sheet.write_string(0, position, str(heading), bold)
                sheet.set_column(position, position, max(12, min(40, len(str(heading)) + 4)))
            for line, row in enumerate(rows, 1):
                for position, (key, _heading) in enumerate(columns):
                    value = plain(row.get(key))
                    if isinstance(value, str):
                        sheet.write_string(line, position, value[:MOST_IN_CELL])
                    else:
                        sheet.write_number(line, position, value)
        out.seek(0)
        while piece := out.read(PIECE):
            yield piece
