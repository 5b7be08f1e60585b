"""Tables in and out: spreadsheets and CSV that people send, and exports that open safely anywhere."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import signal
import subprocess
import tempfile
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog
from flask import Response

from innovation.apart import run_apart, turn
from innovation.command import Busy
from innovation.downloads import download
from innovation.languages import gettext as _
from innovation.sheets import FAR, MANY, is_table
from innovation.values import dataclass
from workflows import Refused

SHEETS = Path(__file__).parent / "sheets.py"
FAR_OUT = (
    "Something stands very far from the table in this spreadsheet, or it is very large. "
    "Copy the table into a new sheet, save it, and try again."
)
TOO_MANY = "This table is very long or very wide. Split it into several files."
UNREADABLE = "The spreadsheet cannot be read. Save it as .xlsx without a password, or as CSV, and try again."
WAIT = "Other spreadsheets are being read. Send it again in a moment."
# How it ends where no memory is left, and where no time is.
AT_ITS_LIMIT = (FAR, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU, -signal.SIGALRM)
WHY_NOT = {MANY: TOO_MANY} | dict.fromkeys(AT_ITS_LIMIT, FAR_OUT)
MOST_COLUMNS = 500
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


@dataclass(frozen=True)
class Room:
    """How much a table may be, once unpacked, and what reading a spreadsheet may take."""

    bytes: int
    lines: int  # blank ones, too
    cells: int  # those that a short row leaves out, too
    megabytes: int
    seconds: int


PAGE = Room(bytes=20_000_000, lines=200_000, cells=2_000_000, megabytes=300, seconds=20)
COMMAND = Room(bytes=60_000_000, lines=2_000_000, cells=20_000_000, megabytes=2_000, seconds=600)
_one_at_a_time = threading.Lock()
logger = structlog.get_logger()


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


Line = tuple[int, list[str]]


def read_table(content: bytes, name: str, room: Room = PAGE) -> Table:
    """The table in a CSV file (also compressed) or the first sheet that holds one; else ``TableFault``.

    It may take a second: read it before a transaction begins.
    """
    content, name = _unpacked(content, name.lower(), room)
    if not content.strip():
        raise TableFault("The file is empty.")
    require_room(content, room)
    if name.endswith(SPREADSHEETS) or content[:4] == b"PK\x03\x04":
        return _sheet(content, room)
    return _table(_numbered(_text(content), room), room)


def require_room(content: bytes, room: Room) -> None:
    if len(content) > room.bytes:
        raise TableFault(f"The file is too large. Split it into parts of at most {room.bytes // 1_000_000} MB.")


def _unpacked(content: bytes, name: str, room: Room) -> tuple[bytes, str]:
    if not name.endswith(".gz"):
        return content, name
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            return packed.read(room.bytes + 1), name.removesuffix(".gz")
    except (OSError, EOFError, zlib.error):
        raise TableFault("The compressed file is damaged. Send it again, or send it uncompressed.") from None


def _sheet(content: bytes, room: Room) -> Table:
    """A spreadsheet is read in a process of its own: what it unfolds to cannot be told from outside."""
    limits = map(str, (room.seconds, room.megabytes, room.lines, room.cells, room.bytes))
    try:
        with tempfile.TemporaryFile() as answer, turn(_one_at_a_time, room.seconds) as left:
            code = run_apart(SHEETS, *limits, given=content, seconds=left, into=answer).returncode
            if code:
                logger.warning("spreadsheet_refused", code=code)
                raise TableFault(WHY_NOT.get(code, UNREADABLE))
            answer.seek(0)
            return _table(map(msgspec.json.Decoder(tuple[int, list[str]]).decode, answer), room)
    except TimeoutError:
        raise Busy((WAIT,)) from None
    except subprocess.TimeoutExpired as late:
        logger.warning("spreadsheet_stopped")
        if late.timeout < room.seconds / 2:  # it was others that took its time
            raise Busy((WAIT,)) from None
        raise TableFault(FAR_OUT) from None


def _text(content: bytes) -> str:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableFault("This is not a table. Send a CSV file or a spreadsheet (.xlsx or .ods).")
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableFault("The letters of this file cannot be read. Save it as CSV UTF-8 and try again.")


def _numbered(text: str, room: Room) -> Iterator[Line]:
    """The lines with their numbers; none is kept that is one too many."""
    said = re.match(r"sep=(.)\r?\n", text)  # as Excel writes it
    if said:
        text = text[said.end() :]
    delimiter = said[1] if said else _delimiter(text)
    if text.count(delimiter) > room.cells:
        raise TableFault(TOO_MANY)
    lines = csv.reader(lines_of(text), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(lines, 2 if said else 1):  # rows are told by their numbers
            if number > room.lines:
                raise TableFault(TOO_MANY)
            yield number, cells
    except csv.Error as error:
        if "field limit" in str(error):
            raise TableFault(
                f"A cell is longer than {csv.field_size_limit()} letters, or a quotation mark is not closed."
            ) from None
        raise TableFault(f"The file is not a whole CSV file: {error}.") from None


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text one by one, each with its end; other than ``splitlines`` only at line feeds and returns."""
    return (found[0] for found in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text))


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that has more than one."""
    head = text.lstrip("\r\n").split("\n", HEAD)[:HEAD]
    parted = next((line for line in head if re.search(r"[,;\t|]", line)), "")
    return max((",", ";", "\t", "|"), key=parted.count)


def _table(numbered: Iterable[Line], room: Room) -> Table:
    stripped = ((number, [cell.replace("\0", "").strip() for cell in cells]) for number, cells in numbered)
    lines = [(number, cells) for number, cells in stripped if any(cells)]
    filled = iter(lines)
    if is_table(cells for _number, cells in lines):  # a line of one cell above the headings is a title
        filled = itertools.dropwhile(lambda line: sum(map(bool, line[1])) == 1, filled)
    header = next(filled, None)
    if header is None:
        raise TableFault("The file has no rows.")
    columns = header[1]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise TableFault(TOO_MANY)
    if "" in columns:
        raise TableFault(f"Column {columns.index('') + 1} has no name in the first row. Give every column a name.")
    doubled = sorted(name for name, times in Counter(columns).items() if times > 1)
    if doubled:
        raise TableFault(f"Two columns have the same name: {', '.join(doubled)}.")
    width, below = len(columns), list(filled)
    if width * len(below) > room.cells:  # a short row is filled up to its width
        raise TableFault(TOO_MANY)
    rows = tuple(
        Row(
            number,
            dict(zip(columns, cells[:width] + [""] * (width - len(cells)), strict=True)),
            tuple(filter(None, cells[width:])),
        )
        for number, cells in below
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
