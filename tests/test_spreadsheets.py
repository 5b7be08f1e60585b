"""Spreadsheets are read in a process of their own: no file takes the process down that serves everybody."""

from __future__ import annotations

import gzip
import io
import re
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from flask import Flask

from innovation import tables
from innovation.command import Busy
from innovation.tables import FAR_OUT, PAGE, TOO_MANY, UNREADABLE, TableFault, read_table


def far_out() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write(0, 0, "Title")
        page.write(1_048_575, 16_383, "a stray sign in the last cell there is")
    return out.getvalue()


def open_document(rows: str) -> bytes:
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", body)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def cell(text: str, repeated: int = 1) -> str:
    again = f' table:number-columns-repeated="{repeated}"'
    return f'<table:table-cell office:value-type="string"{again}><text:p>{text}</text:p></table:table-cell>'


EMPTY_REST = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
EVERYWHERE = f'<table:table-row table:number-rows-repeated="1048576">{cell("x", 16384)}</table:table-row>'


def workbook(rows: str, shared: str = "") -> bytes:
    """An .xlsx file that says its rows just so."""
    out, changed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "text")
    with zipfile.ZipFile(out) as made, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as package:
        for name in made.namelist():
            part = made.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = re.sub("<dimension[^>]*>", "", part)
                part = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", part, flags=re.DOTALL)
            if name.endswith("sharedStrings.xml") and shared:
                part = part.replace("<t>text</t>", f"<t>{shared}</t>")
            package.writestr(name, part)
    return changed.getvalue()


def reason(content: bytes, name: str, room: tables.Room = PAGE) -> str:
    with pytest.raises(TableFault) as fault:
        read_table(content, name, room)
    return fault.value.reasons[0]


LAST = '<row r = "1048576"><c r = "XFD1048576"><v>2</v></c></row>'
FIRST = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (far_out(), "a.xlsx"),
        (far_out(), "a.csv"),
        (workbook(FIRST + LAST), "spaces-in-a-tag.xlsx"),
        (b"x" + workbook(FIRST + LAST), "a-sign-before-it.xlsx"),
        (workbook(FIRST + LAST), "another-ending.xls"),
        (open_document(EVERYWHERE.replace("1048576", "2000")), "a.ods"),
    ],
)
def test_a_small_file_that_would_fill_all_memory_is_refused(content: bytes, name: str) -> None:
    assert len(content) < 10_000
    assert reason(content, name) == FAR_OUT


@pytest.mark.parametrize(
    ("content", "name"),
    [(open_document(EVERYWHERE), "a.ods"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "a.xls")],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(content: bytes, name: str) -> None:
    assert reason(content, name) == UNREADABLE


def test_a_long_text_that_stands_in_every_cell_is_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1500))

    assert reason(workbook(rows, "x" * 20_000), "a.xlsx") == TOO_MANY


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, zipfile.ZipFile(io.BytesIO(far_out())) as made:
        for name in made.namelist():
            package.writestr(name, b" " * 200_000_000 if name.endswith("sharedStrings.xml") else made.read(name))

    assert reason(out.getvalue(), "a.xlsx") in (FAR_OUT, UNREADABLE)


def test_an_open_document_is_read_with_its_empty_rest() -> None:
    rows = f"<table:table-row>{cell('Title')}{cell('Problem')}</table:table-row>"
    rows += f"<table:table-row>{cell('Reading clubs')}{cell('Few books')}</table:table-row>{EMPTY_REST}"

    table = read_table(open_document(rows), "a.ods")

    assert [row.values for row in table.rows] == [{"Title": "Reading clubs", "Problem": "Few books"}]


def test_a_table_that_does_not_begin_in_the_first_column_keeps_its_place() -> None:
    rows = '<row r="3"><c r="B3"><v>7</v></c></row><row r="5"><c r="B5"><v>8</v></c><c r="C5"><v>9</v></c></row>'

    assert reason(workbook(rows), "a.xlsx") == "Column 1 has no name in the first row. Give every column a name."


def use(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Let this program read the spreadsheets."""
    monkeypatch.setattr(tables, "SHEETS", folder / "sheets.py")
    tables.SHEETS.write_text(program)


def test_the_reader_is_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path, "import json, os; print(json.dumps([1, sorted(os.environ)]))")
    for name in ("GATEHOUSE_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "PATH_SECRET"):
        monkeypatch.setenv(name, "secret")

    told = read_table(b"PK\x03\x04", "a.xlsx").columns

    assert ("PATH" in told, [name for name in told if "SECRET" in name]) == (True, [])


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path, "import time; time.sleep(60)")
    begun = time.monotonic()

    assert reason(b"PK\x03\x04", "a.xlsx", replace(PAGE, seconds=1)) == FAR_OUT
    assert time.monotonic() - begun < 10


def test_a_reader_whose_server_is_gone_ends_by_itself() -> None:
    command = [sys.executable, str(tables.SHEETS), "1", "300", "9", "9", "9"]

    with subprocess.Popen(command, stdin=subprocess.PIPE) as waiting:
        assert waiting.wait(30) == -signal.SIGALRM


def test_the_reader_is_held_to_its_memory_and_leaves_no_picture_of_it(tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(tables.SHEETS.parent)!r}); import resource, sheets\n"
    program += "sheets.hold_back(9, 300, sheets.Most(1, 2, 3))\n"
    program += "print(*(resource.getrlimit(x)[1] for x in (resource.RLIMIT_AS, resource.RLIMIT_CORE)))"

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert told.split() == ["300000000", "0"]


def test_spreadsheets_are_not_read_where_pages_are_served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)  # to import it here would fail

    rows = FIRST + '<row r="2"><c r="A2"><v>3</v></c><c r="B2"><v>4</v></c></row>'
    assert [row.values for row in read_table(workbook(rows), "a.xlsx").rows] == [{"1": "3", "2": "4"}]


@pytest.mark.parametrize("line", [b",\n", b"\n", b"1,2\n", b"," * 1000 + b"\n"])
def test_a_small_compressed_file_takes_little_more_than_its_text(line: bytes) -> None:
    packed = gzip.compress(b"a,b\n" + line * (19_000_000 // len(line)))
    tracemalloc.start()
    try:
        told = reason(packed, "a.csv.gz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert told == TOO_MANY
    assert peak < 120_000_000


WIDE = ",".join(f"c{n}" for n in range(500)) + "\n"
WIDE_ROWS = "".join(
    f'<row r="{at}">' + "".join(f'<c t="str"><v>c{n}</v></c>' for n in range(500)) + "</row>" for at in (1, 2)
)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (gzip.compress((WIDE + WIDE + "a\n" * 20_000).encode()), "a.csv.gz"),
        (workbook(WIDE_ROWS + "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(3, 5_003))), "a.xlsx"),
    ],
)
def test_many_short_rows_under_wide_headings_are_refused_before_they_are_filled_up(content: bytes, name: str) -> None:
    tracemalloc.start()
    try:
        told = reason(content, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert told == TOO_MANY
    assert peak < 60_000_000


def test_a_table_is_as_large_as_its_rows_under_all_its_headings() -> None:
    room = replace(PAGE, cells=6)

    assert len(read_table(b"a,b,c\n1\n2\n", "a.csv", room).rows) == 2
    assert reason(b"a,b,c\n1\n2\n3\n", "a.csv", room) == TOO_MANY


def test_a_compressed_file_that_is_too_large_says_how_large_it_may_be() -> None:
    packed = gzip.compress(b"a,b\n" + b",\n" * 10_000_000)

    assert reason(packed, "a.csv.gz") == "The file is too large. Split it into parts of at most 20 MB."


def test_a_table_of_a_hundred_thousand_rows_is_read() -> None:
    lines = "".join(f"School {n},2026-3,{n % 97}\n" for n in range(100_000))

    assert len(read_table(f"Site,Term,Reading\n{lines}".encode(), "a.csv").rows) == 100_000


def test_very_wide_headings_are_refused_at_once() -> None:
    wide = ",".join(f"c{n}" for n in range(50_000)).encode()

    assert reason(wide + b"\n" + wide, "a.csv") == TOO_MANY


@pytest.mark.parametrize("held", [0.99, 2.0])
def test_a_spreadsheet_for_which_others_leave_no_time_is_to_be_sent_again_and_is_not_called_odd(held: float) -> None:
    content, begun = workbook(FIRST), threading.Event()

    def read_another() -> None:
        with tables.turn(tables._one_at_a_time, 1.0):
            begun.set()
            time.sleep(held)

    another = threading.Thread(target=read_another)
    another.start()
    begun.wait()

    with pytest.raises(Busy) as busy:
        read_table(content, "ideas.xlsx", replace(PAGE, seconds=1))

    another.join()
    assert busy.value.reasons == (tables.WAIT,)
