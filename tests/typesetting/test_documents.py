"""Setting a document: whatever people typed comes out as text, on a bounded number of pages."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import typst
from flask import Flask
from structlog.testing import capture_logs

from innovation.command import Busy
from innovation.dossiers import sums
from innovation.typesetting import documents, letters, setting

HOSTILE = [
    "#panic(1) *bold* _em_ $x^2$ `raw` <label> @ref // gone /* gone */ = Heading\n- item \\ #set page(width: 1cm)",
    '#read("/etc/passwd") #image("x.png") #sys.inputs #eval("1") "quoted" \\u{41}',
    "W" * 5_000,
    "https://example.org/" + "a" * 500,
    "שלום עולם مرحبا بالعالم \u202e gnp.exe \u2066x\u2069",
    "smile \U0001f600, family \U0001f468\u200d\U0001f469\u200d\U0001f467, 漢字, \U0001f1ff\U0001f1e6",
    "nul \x00 bell \x07 escape \x1b[31m \ufeff \uffff \ue000 \ud800 \u2028 end",
    "Ḓo ḽa ṋa ṱa ṅa š – “quoted” … R480\u00a0000 e\u0301",
    "",
    "\n" * 50,
]


def sections(*texts: str) -> list[dict[str, Any]]:
    blocks = [
        block
        for text in texts
        for block in (
            {"kind": "heading", "text": text},
            {"kind": "label", "text": text},
            {"kind": "note", "text": text},
            {"kind": "text", "text": text},
            {"kind": "facts", "rows": [[text, text]]},
            {"kind": "table", "head": [text, text], "rows": [[text, text]]},
        )
    ]
    return [{"heading": texts[0], "blocks": blocks}]


def test_hostile_text_is_set_in_every_place(app: Flask) -> None:
    pdf = documents.set_as_pdf(HOSTILE[0], HOSTILE, HOSTILE[4], sections(*HOSTILE), "en")

    assert (pdf[:5], b"/StructTreeRoot" in pdf) == (b"%PDF-", True)


def test_markup_comes_out_as_the_text_that_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(documents, "set_pages", lambda template, paper: asked.update(template=template, paper=paper))
    markup = "#panic() *x* $y$ <z>"
    documents.set_as_pdf(markup, [], "", sections(markup), "en")

    inputs = {"sys_inputs": {"paper": json.dumps(asked["paper"])}, "ignore_system_fonts": True}
    headings = json.loads(typst.query(str(asked["template"]), "heading", **inputs))

    assert [heading["body"]["text"] for heading in headings] == [markup] * 3


def test_the_typesetter_is_not_loaded_where_pages_are_served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # to import it here would fail

    assert documents.set_as_pdf("Title", [], "", sections("text"), "en")[:5] == b"%PDF-"


def test_the_typesetter_is_told_no_secret(tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path, "import os; print(*os.environ)")
    for name in ("GATEHOUSE_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "LANGUAGE_SECRET", "PATH_SECRET", "PYTHON_SECRET"):
        monkeypatch.setenv(name, "secret")

    told = setting.set_pages(documents.TEMPLATE, {}).decode().split()

    assert ("PATH" in told, [name for name in told if "SECRET" in name]) == (True, [])


def test_all_who_want_a_pdf_at_once_wait_no_longer_than_one(
    tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(setting, "SECONDS", 1.0)
    begun, said = time.monotonic(), []

    def ask() -> None:
        try:
            setting.set_pages(documents.TEMPLATE, {})
        except Busy as busy:
            said.append(busy.reasons)

    people = [threading.Thread(target=ask) for _person in range(5)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert said == [(setting.TOO_LONG,)] * 5
    assert time.monotonic() - begun < 4


def test_a_typesetter_whose_server_is_gone_ends_by_itself(tmp_path: Path) -> None:
    template = tmp_path / "endless.typ"
    turns = "#for a in range(9999) { for b in range(9999) { for c in range(9999) { } } }"
    template.write_text(f'#set document(title: "x")\n{turns}')
    command = [sys.executable, str(setting.PRESS), str(template), "2"]

    ended = subprocess.run(command, input=b"{}", capture_output=True, timeout=30)

    assert ended.returncode == -signal.SIGALRM


def test_of_a_template_that_is_refused_the_log_tells_the_kind_of_trouble_and_no_text(
    app: Flask, tmp_path: Path
) -> None:
    template = tmp_path / "broken.typ"
    template.write_text('#panic("what a\\nperson: typed")')

    with pytest.raises(subprocess.CalledProcessError), capture_logs() as logs:
        setting.set_pages(template, {})

    assert [(said["error"], "person" in str(said)) for said in logs] == [("typst.TypstError", False)]


def use(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Let this program set what is printed."""
    monkeypatch.setattr(setting, "PRESS", folder / "press.py")
    setting.PRESS.write_text(program)


def test_every_letter_that_is_let_through_can_be_set(app: Flask) -> None:
    every = "".join(
        chr(letter)
        for first, _dash, last in (part.partition("-") for part in letters.RANGES.split())
        for letter in range(int(first, 16), int(last or first, 16) + 1)
    )
    lines = [" ".join(every[at : at + 60]) for at in range(0, len(every), 60)]

    pdf = documents.set_as_pdf("Letters", lines, "", [{"heading": "All", "blocks": []}], "en")

    assert pdf[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a \U0001f600 b", "a [grinning face] b"),
        ("漢", "[U+6F22]"),
        ("a\x00b\x07c\u202ed\u2066", "abcd"),
        ("\ud800", "[U+D800]"),
        ("e\u0301", "é"),
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("W" * 70, "W" * 30 + "\u200b" + "W" * 30 + "\u200b" + "W" * 10),
    ],
)
def test_what_cannot_be_shown_is_named_or_left_out(text: str, shown: str) -> None:
    assert letters.showable(text) == shown


@pytest.mark.parametrize("text", ["word " * 20_000, "\n" * 30_000, "W" * 100_000])
def test_the_number_of_pages_is_bounded(app: Flask, text: str) -> None:
    rows = {"kind": "table", "head": ["a", "b"], "rows": [[text, "b"]] * 900}
    blocks = [{"kind": "text", "text": text}] * 100 + [rows]

    fitted = list(documents._bounded([{"heading": "Much", "blocks": blocks}, {"heading": "More", "blocks": blocks}]))

    said = json.dumps(fitted)
    assert (len(said) < 1_000_000, fitted[-1]["blocks"][-1]["text"][:30]) == (True, "The rest is too long to print.")


def test_the_checksum_is_that_of_the_data_in_the_zip() -> None:
    records = {"b": "ä", "a": [1, None]}

    assert sums.checksum(records) == hashlib.sha256(sums.as_json(records)).hexdigest()
