"""Tables that people send are read as they meant them; exports cannot run anything."""

from __future__ import annotations

import gzip
import io

import pytest
import xlsxwriter
from flask import Flask

from innovation.tables import TableFault, read_table, write_table


def sheet(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = read_table(f"Title{delimiter}Problem\nA{delimiter}B\n".encode(), "ideas.csv")

    assert table.columns == ("Title", "Problem")
    assert table.rows[0].values == {"Title": "A", "Problem": "B"}


def test_what_excel_writes_about_the_delimiter_is_heeded() -> None:
    table = read_table(b"sep=;\r\nTitle;Problem, in short\r\nA;B\r\n", "ideas.csv")

    assert table.columns == ("Title", "Problem, in short")
    assert [(row.number, row.values["Title"]) for row in table.rows] == [(3, "A")]


def test_a_title_above_the_headings_is_passed_over() -> None:
    plain = read_table(b"Ideas of our clinic\n\nTitle;Problem\nA;B\n", "ideas.csv")
    cells = read_table(sheet(["Ideas of our clinic"], [], ["Title", "Problem"], ["A", "B"]), "ideas.xlsx")

    assert (plain.columns, plain.rows) == (("Title", "Problem"), cells.rows)
    assert [row.number for row in plain.rows] == [4]


def test_a_sheet_with_notes_before_the_table_is_passed_over() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Read me").write(0, 0, "The ideas stand on the next sheet.")
        ideas = book.add_worksheet("Ideas")
        ideas.write_row(0, 0, ["Title", "Owner"])
        ideas.write_row(1, 0, ["A", "B"])

    table = read_table(out.getvalue(), "ideas.xlsx")

    assert [row.values for row in table.rows] == [{"Title": "A", "Owner": "B"}]


def test_cells_beyond_the_headings_are_told() -> None:
    table = read_table(b"Title,Problem\nA,one, two\nB,three,\n", "ideas.csv")

    assert [row.beyond for row in table.rows] == [("two",), ()]


def test_a_compressed_file_that_was_damaged_on_its_way_is_refused() -> None:
    damaged = bytearray(gzip.compress(b"Title,Problem\n" + b"A,B\n" * 1000))
    damaged[14:18] = b"\xff\xff\xff\xff"

    with pytest.raises(TableFault, match="damaged"):
        read_table(bytes(damaged), "ideas.csv.gz")


def test_row_numbers_are_those_that_a_spreadsheet_shows() -> None:
    table = read_table(b"Title\nfirst\n\nthird\n", "ideas.csv")

    assert [row.number for row in table.rows] == [2, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_of_every_usual_encoding_are_read(encoding: str) -> None:
    table = read_table("Title\nWêreld\n".encode(encoding), "ideas.csv")

    assert table.rows[0].values == {"Title": "Wêreld"}


def test_a_spreadsheet_and_a_compressed_file_read_alike() -> None:
    plain = read_table(b"EMIS,Name\n930320001,Demo\n", "a.csv")

    assert read_table(sheet(["EMIS", "Name"], [930320001, "Demo"]), "a.xlsx").rows == plain.rows
    assert read_table(gzip.compress(b"EMIS,Name\n930320001,Demo\n"), "a.csv.gz").rows == plain.rows


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"A,A\n1,2\n", "a.csv", "Two columns have the same name: A."),
        (b"A,,C\n1,2,3\n", "a.csv", "Column 2 has no name in the first row. Give every column a name."),
        (
            b"PK\x03\x04nonsense",
            "a.xlsx",
            "The spreadsheet cannot be read. Save it as .xlsx without a password, or as CSV, and try again.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00",
            "a.csv",
            "This is not a table. Send a CSV file or a spreadsheet (.xlsx or .ods).",
        ),
        (b"nonsense", "a.csv.gz", "The compressed file is damaged. Send it again, or send it uncompressed."),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(TableFault) as fault:
        read_table(content, name)

    assert fault.value.reasons == (reason,)


def test_an_export_holds_formulas_as_text(app: Flask) -> None:
    with app.test_request_context():
        as_csv = write_table([("t", "Title")], [{"t": "=1+1"}], "csv", "ideas")
        as_xlsx = write_table([("t", "Title")], [{"t": "=1+1"}], "xlsx", "ideas")

    assert as_csv.get_data().decode("utf-8-sig") == "Title\r\n'=1+1\r\n"
    assert read_table(as_xlsx.get_data(), "a.xlsx").rows[0].values == {"Title": "=1+1"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_no_digits_that_only_reckoning_made(app: Flask, kind: str) -> None:
    row = {"a": 14.9 - 12.0, "b": 1234567.25, "c": 0.1 + 0.2, "d": 3}

    with app.test_request_context():
        file = write_table([(key, key) for key in row], [row], kind, "results")

    told = read_table(file.get_data(), f"a.{kind}").rows[0].values
    assert told == {"a": "2.9", "b": "1234567.25", "c": "0.3", "d": "3"}


def spoilt(content: bytes, at: int) -> bytes:
    return content[:at] + b"\xff" * 8 + content[at + 8 :]


@pytest.mark.parametrize("at", range(40, 400, 30))
@pytest.mark.parametrize("name", ["ideas.csv.gz", "ideas.xlsx"])
def test_a_damaged_archive_is_refused_in_plain_words_or_read(name: str, at: int) -> None:
    text = "Title,Problem\n" + "".join(f"Clubs {n * 7919 % 1000},Few books {n * 104729 % 997}\n" for n in range(99))
    content = gzip.compress(text.encode()) if name.endswith("gz") else sheet(["Title", "Problem"], ["Clubs", "Few"])

    try:
        read = read_table(spoilt(content, at), name).columns
    except TableFault as fault:
        read = (str(fault)[:4],)

    assert read in (("The ",), ("Title", "Problem"))


def test_a_sign_that_no_database_keeps_is_left_out_of_headings_and_cells() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate((("Na\0me", "Town"), ("Re\0ading clubs", "Uming\0a"))):
            sheet.write_row(at, 0, line)
    files = {"ideas.csv": "Na\0me,Town\nRe\0ading clubs,Uming\0a\n".encode("utf-16"), "ideas.xlsx": out.getvalue()}

    rows = [row.values for name, content in files.items() for row in read_table(content, name).rows]

    assert rows == [{"Name": "Reading clubs", "Town": "Uminga"}] * 2
