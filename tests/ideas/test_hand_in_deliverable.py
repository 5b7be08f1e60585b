"""Deliverables and files: handed in, judged, checked by content, and served to those who may see the idea."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from innovation.db import db
from innovation.ideas import commands, filecheck, queries, store
from innovation.ideas.models import Attachment, Handin, Idea
from innovation.permission import Forbidden
from innovation.web import today
from tests import make
from tests.reading import turns_while_drawing
from workflows import Refused

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
LIMIT = 5_000_000


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **more)
    return out.getvalue()


def package(*names: str, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def damaged_package() -> bytes:
    """A package whose packed content makes no sense."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 3)
    content = bytearray(out.getvalue())
    begins = content.index(b"mimetype") + len("mimetype")
    content[begins : begins + 6] = b"\xff" * 6
    return bytes(content)


def hand_in(idea: Idea, key: str = "problem_evidence", **more: Any) -> Handin:
    more.setdefault("content", {"text": "Counted."})
    return commands.hand_in_deliverable(make.actor(idea.owner), idea, deliverable=key, **more)


def test_each_version_is_kept_with_who_handed_it_in(app: Flask) -> None:
    idea = make.idea()

    first, second = hand_in(idea), hand_in(idea, content={"text": "Counted twice."})

    assert [(v.number, v.content["text"]) for v in queries.list_handins(idea)] == [
        (2, "Counted twice."),
        (1, "Counted."),
    ]
    assert (first.handed_in_by_id, second.state) == (idea.owner_id, "handed_in")


def test_the_coordinator_accepts_or_returns_with_a_reason(app: Flask) -> None:
    idea = make.idea()
    coordinator = make.actor(make.staff("coordinator"))
    first = commands.return_deliverable(coordinator, hand_in(idea), reason="Name a source.")

    second = commands.accept_deliverable(coordinator, hand_in(idea))

    assert (first.state, first.reason) == ("returned", "Name a source.")
    assert (second.state, second.judged_by_id) == ("accepted", coordinator.person_id)


def test_an_older_version_can_no_longer_be_judged(app: Flask) -> None:
    idea = make.idea()
    first = hand_in(idea)
    hand_in(idea)

    with pytest.raises(Refused, match="Version 2 has been handed in since"):
        commands.accept_deliverable(make.actor(make.staff("coordinator")), first)


def test_nobody_judges_what_their_own_team_handed_in(app: Flask) -> None:
    coordinator = make.staff("coordinator")
    idea = make.idea(coordinator)

    with pytest.raises(Forbidden):
        commands.accept_deliverable(make.actor(coordinator), hand_in(idea))


def test_a_coordinator_of_another_programme_judges_nothing_here(app: Flask) -> None:
    idea = make.idea()
    elsewhere = make.staff("coordinator", programme_id=make.programme("other").id)

    with pytest.raises(Forbidden):
        commands.accept_deliverable(make.actor(elsewhere), hand_in(idea))


def test_the_canvas_itself_is_not_handed_in(app: Flask) -> None:
    with pytest.raises(Refused, match="made from the canvas"):
        hand_in(make.idea(), "canvas")


# Files


def test_a_picture_is_drawn_anew_without_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    checked = filecheck.check("sketch.JPG", picture(exif=exif), LIMIT)

    with Image.open(io.BytesIO(checked.content)) as image:
        assert dict(image.getexif()) == {}
    assert (checked.name, checked.content_type) == ("sketch.jpg", "image/jpeg")


def test_what_follows_a_picture_in_its_file_does_not_survive() -> None:
    checked = filecheck.check("x.png", picture("PNG") + b"<script>alert(1)</script>", LIMIT)

    assert b"script" not in checked.content


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.pdf", PDF, "application/pdf"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("data.csv", b"naam;graad\nmeisie;4\n", "text/csv"),
        ("notes.txt", "Tshivenḓa".encode(), "text/plain"),
        ("a.docx", package("[Content_Types].xml", "word/document.xml"), filecheck.PACKAGES["word/"][0]),
        ("a.xlsx", package("[Content_Types].xml", "xl/workbook.xml"), filecheck.PACKAGES["xl/"][0]),
        (
            "a.odt",
            package(mimetype=b"application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_files_are_known_by_their_content(name: str, content: bytes, kind: str) -> None:
    assert filecheck.check(name, content, LIMIT).content_type == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
        ("tool.pdf", b"MZ\x90\x00" + b"\x00" * 100),
        ("archive.docx", package("readme.txt")),
        ("broken.jpg", picture()[:60]),
        ("bomb.docx", b"PK\x03\x04 not really"),
        ("cut.docx", b"PK\x03\x04" + b"x" * 60 + b"PK\x05\x06\0\0\0\0\1\0\1\0\0\0\xf5\xc5" + b"\0" * 6),
        ("damaged.odt", damaged_package()),
        ("macro.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("empty.txt", b""),
        ("large.pdf", PDF + b" " * LIMIT),
    ],
)
def test_other_files_are_refused_in_plain_words(name: str, content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        filecheck.check(name, content, LIMIT)

    assert refused.value.reasons[0].endswith((".", "again."))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\me\\my plan.exe.pdf", "my plan.exe.pdf"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("", "file.pdf"),
    ],
)
def test_names_lose_folders_and_odd_signs(name: str, clean: str) -> None:
    assert filecheck.clean_name(name, "pdf") == clean


def test_a_table_that_a_spreadsheet_wrote_in_its_old_letters_is_kept_in_new_ones() -> None:
    checked = filecheck.check("skole.csv", "naam;plek\nJosé;Môreson".encode("cp1252"), LIMIT)

    assert (checked.content_type, checked.content.decode()) == ("text/csv", "naam;plek\nJosé;Môreson")


def test_a_document_that_bursts_when_it_is_opened_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as burst:
        burst.writestr("[Content_Types].xml", "")
        with burst.open("word/document.xml", "w", force_zip64=True) as part:
            for _megabyte in range(201):
                part.write(b" " * 1_000_000)

    with pytest.raises(Refused, match="far larger"):
        filecheck.check("plan.docx", out.getvalue(), LIMIT)


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(app: Flask) -> None:
    idea = make.idea()

    kept = commands.add_attachment(make.actor(idea.owner), idea, file=make.file("plan.pdf", PDF))

    assert len(kept.key) == 48
    assert store.store().get(kept.key) == PDF
    assert kept.sha256 == store.digest(PDF)


def test_a_picture_is_drawn_anew_before_its_turn_to_write(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = make.idea()
    owner, turns = make.sign_in(client, idea.owner), turns_while_drawing(monkeypatch)

    for address in (f"/ideas/{idea.reference}/files", f"/ideas/{idea.reference}/deliverables/team"):
        assert owner.post(address, data={"file": (io.BytesIO(picture("PNG")), "room.png")}).status_code == 302

    assert turns == [False, False]


def test_a_file_is_served_to_those_who_see_the_idea_only(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    kept = commands.add_attachment(make.actor(idea.owner), idea, file=make.file("plan.pdf", PDF))
    address = f"/ideas/{idea.reference}/files/{kept.id}"
    make.sign_in(client, idea.owner)

    answer = client.get(address)

    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    make.sign_in(client, make.person())
    assert client.get(address).status_code == 404


def test_a_file_of_another_idea_is_not_found(app: Flask, client: FlaskClient) -> None:
    mine, other = make.idea(), make.idea()
    kept = commands.add_attachment(make.actor(other.owner), other, file=make.file("plan.pdf", PDF))
    make.sign_in(client, mine.owner)

    assert client.get(f"/ideas/{mine.reference}/files/{kept.id}").status_code == 404


def test_a_removed_file_is_gone_from_the_page_and_stays_in_the_record(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    kept = commands.add_attachment(make.actor(idea.owner), idea, file=make.file("plan.pdf", PDF))
    make.sign_in(client, idea.owner)

    answer = client.post(f"/ideas/{idea.reference}/files/{kept.id}/removal")

    assert answer.status_code == 302
    assert client.get(f"/ideas/{idea.reference}/files/{kept.id}").status_code == 404
    assert db.session.get_one(Attachment, kept.id).removed_at is not None


def test_a_file_that_was_handed_in_is_not_removed(app: Flask) -> None:
    idea = make.idea()
    handin = hand_in(idea, "team", content={}, file=make.file("team.pdf", PDF))

    with pytest.raises(Refused, match="belongs to a deliverable"):
        commands.remove_attachment(make.actor(idea.owner), handin.attachment)


# Pages


def test_a_table_is_handed_in_and_rows_are_added_without_scripts(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/deliverables/budget"
    row = {"rows-0-item": "Stipends", "rows-0-quantity": "8", "rows-0-amount": "14 400"}

    more = client.post(address, data=row | {"more": "1"}).get_data(as_text=True)
    answer = client.post(address, data=row | {"rows-1-item": "", "rows-2-item": "Books", "rows-2-amount": "600.50"})

    assert 'value="Stipends"' in more
    assert answer.status_code == 302
    assert queries.list_handins(idea, "budget")[0].content == {
        "rows": [{"item": "Stipends", "quantity": 8, "amount": 1440000}, {"item": "Books", "amount": 60050}]
    }
    assert "R15\u00a0000.50" in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize("typed", ["Infinity", "1e999999999", "NaN", "-1"])
def test_a_number_that_nobody_can_mean_is_refused_at_its_field(app: Flask, client: FlaskClient, typed: str) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    answer = client.post(
        f"/ideas/{idea.reference}/deliverables/budget", data={"rows-0-item": "Books", "rows-0-quantity": typed}
    )

    assert (answer.status_code, f'value="{typed}"' in answer.text) == (422, True)


def test_a_form_asks_its_questions_and_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/deliverables/ip_licence"

    faulty = client.post(address, data={"owner": "The school", "others": "maybe", "licence": "cc_by"})
    answer = client.post(address, data={"owner": "The school", "others": "no", "licence": "cc_by"})

    assert faulty.status_code == 422
    assert 'value="The school"' in faulty.get_data(as_text=True)
    assert answer.status_code == 302
    assert queries.list_handins(idea)[0].content == {
        "answers": {"owner": "The school", "others": "no", "licence": "cc_by"}
    }


def test_a_letter_needs_a_file_and_a_day_that_has_not_passed(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/deliverables/permissions"

    def post(day: dt.date) -> int:
        data = {"file": (io.BytesIO(PDF), "letter.pdf"), "expires_on": day.isoformat()}
        return client.post(address, data=data, content_type="multipart/form-data").status_code

    assert post(today() - dt.timedelta(days=1)) == 422
    assert post(today() + dt.timedelta(days=90)) == 302
    assert queries.list_handins(idea)[0].expires_on == today() + dt.timedelta(days=90)


def test_a_link_must_be_an_address_of_the_web(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/deliverables/independent_evaluation"

    assert client.post(address, data={"link": "javascript:alert(1)//http://x.example"}).status_code == 422
    assert client.post(address, data={"link": "https://example.org/report"}).status_code == 302


def test_a_refused_file_is_told_beside_the_form(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    data = {"file": (io.BytesIO(b"<html><script>"), "plan.pdf")}
    answer = client.post(f"/ideas/{idea.reference}/files", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "This kind of file cannot be taken." in answer.get_data(as_text=True)


def test_the_coordinator_judges_on_the_page(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    hand_in(idea)
    make.sign_in(client, make.staff("coordinator"))
    address = f"/ideas/{idea.reference}/deliverables/problem_evidence"

    unsaid = client.post(f"{address}/1/return", data={"reason": " "})
    returned = client.post(f"{address}/1/return", data={"reason": "Name a source."})

    assert (unsaid.status_code, returned.status_code) == (422, 302)
    assert "Name a source." in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/9/acceptance").status_code == 404


@pytest.mark.parametrize("key", ["nonsense", "problem_evidence/1/acceptance"])
def test_unknown_deliverables_are_not_found(app: Flask, client: FlaskClient, key: str) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    assert client.post(f"/ideas/{idea.reference}/deliverables/{key}").status_code == 404


def test_every_kind_of_deliverable_has_its_page(app: Flask, client: FlaskClient) -> None:
    idea = make.idea(place="concept")
    make.sign_in(client, idea.owner)

    codes = {
        item.key: client.get(f"/ideas/{idea.reference}/deliverables/{item.key}").status_code
        for item in idea.definition.deliverables
    }

    assert set(codes.values()) == {200, 302}
    assert [key for key, code in codes.items() if code == 302] == ["canvas"]
