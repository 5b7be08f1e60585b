"""Taking a dossier of an idea: all that its reader may read, and nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation import chain
from innovation.db import db
from innovation.dossiers import making, queries, verifier
from innovation.dossiers.records import details_of
from innovation.events import list_events
from innovation.gates import commands as gate_commands
from innovation.gates.models import Review
from innovation.ideas import store
from innovation.ideas.models import Attachment
from innovation.permission import Actor, NotThere
from tests import make

NOTE, COMMENT, FEEDBACK = "canary-note", "canary-comment", "canary-feedback"
PHONE, SECRET_DRAFT = "0820000111", "canary-draft"


def files(actor: Actor, reference: str) -> dict[str, bytes]:
    return dict(making.files_of(making.make(actor, reference)))


def text_of(actor: Actor, reference: str) -> str:
    """All that a ZIP says, but for the pages of the PDF, which say the same as dossier.json."""
    packed = files(actor, reference)
    return "\n".join(packed[path].decode("utf-8", "replace") for path in packed if path != "dossier.pdf")


@pytest.fixture
def review(app: Flask) -> Review:
    """Three of four members have submitted, each with a note and feedback of their own; the last has only declared."""
    owner = make.person("The owner", phone=PHONE)
    made = make.review(size=4, of=make.idea(owner, place="at_screening"))
    for number, seat in enumerate(made.seats[:3]):
        make.score(seat, 5 + number, note=f"{NOTE}-{number}", feedback=f"{FEEDBACK}-{number}")
    make.declare(made.seats[3])
    db.session.commit()
    return made


def test_the_owner_reads_their_idea_and_nothing_of_the_marks(review: Review) -> None:
    told = text_of(make.actor(review.idea.owner), review.idea.reference)

    made = making.make(make.actor(review.idea.owner), review.idea.reference)
    assert (PHONE in told, NOTE in told, FEEDBACK in told) == (True, False, False)
    assert made.records["reviews"][0]["marks"] == []


def test_a_member_who_has_not_submitted_reads_no_mark_note_or_contact(review: Review) -> None:
    made = making.make(make.actor(review.seats[3].person), review.idea.reference)

    told = json.dumps(made.records)

    assert (NOTE in told, FEEDBACK in told, PHONE in told) == (False, False, False)
    assert (made.records["reviews"][0]["marks"], made.reader) == ([], "Member")


def test_a_member_who_has_submitted_reads_the_marks_without_names_and_their_own_note(review: Review) -> None:
    made = making.make(make.actor(review.seats[1].person), review.idea.reference)

    record = made.records["reviews"][0]

    assert next(mark["marks"] for mark in record["marks"]) == [5, 6, 7]
    assert [card["note"] for card in record["own_scorecards"]] == [f"{NOTE}-1"]
    assert record["notes_to_the_chair"] == []
    assert PHONE not in json.dumps(made.records)


def test_the_chair_reads_the_private_notes(review: Review) -> None:
    made = making.make(make.actor(review.seats[0].person), review.idea.reference)

    assert len(made.records["reviews"][0]["notes_to_the_chair"]) == 3


def test_a_recused_member_finds_no_dossier(review: Review, client: FlaskClient) -> None:
    make.declare(review.seats[3], "recuse")
    make.sign_in(client, review.seats[3].person)

    taken = client.post(f"/ideas/{review.idea.reference}/dossier", data={"form": "zip"})

    assert (taken.status_code, client.get(f"/ideas/{review.idea.reference}/dossier").status_code) == (404, 404)


def test_an_undeclared_member_finds_no_dossier(app: Flask) -> None:
    made = make.review()

    with pytest.raises(NotThere):
        making.make(make.actor(made.seats[0].person), made.idea.reference)


def test_a_funder_reads_the_pack_and_no_word_of_a_panel(app: Flask, client: FlaskClient) -> None:
    idea = make.listed_idea(answers={**make.ANSWERS, "owner_note": SECRET_DRAFT})
    who = make.funder_person(make.funder())
    make.sign_in(client, who)

    pdf = client.post(f"/funders/ideas/{idea.reference}/dossier", data={"form": "pdf"})
    packed = client.post(f"/funders/ideas/{idea.reference}/dossier", data={"form": "zip"})

    names = zipfile.ZipFile(io.BytesIO(packed.data)).namelist()
    assert (pdf.status_code, pdf.data[:5], packed.status_code) == (200, b"%PDF-", 200)
    assert names == ["README.txt", "verify.py", "dossier.pdf", "dossier.json", "left-out.txt", "manifest.json"]
    assert client.post(f"/ideas/{idea.reference}/dossier", data={"form": "pdf"}).status_code == 404


def test_a_decision_is_in_the_dossier_of_the_owner_with_means_and_feedback(review: Review) -> None:
    make.score(review.seats[3], 8)
    chair = make.actor(review.seats[0].person)
    gate_commands.record_decision(chair, review, outcome="go", rationale="It reaches many.", **make.go_details())
    db.session.commit()

    record = making.make(make.actor(review.idea.owner), review.idea.reference).records["reviews"][0]

    assert (record["decisions"][0]["reasons"], record["decisions"][0]["stands"]) == ("It reaches many.", True)
    assert (record["marks"], len(record["feedback_to_the_team"]), bool(record["means"])) == ([], 3, True)
    assert "recommended" not in record["decisions"][0]


def test_the_coordinator_gets_the_chain_and_can_check_it_without_the_site(review: Review) -> None:
    packed = files(make.actor(make.staff("coordinator")), review.idea.reference)

    faults, has_chain = verifier.check(packed.__getitem__)

    assert (faults, has_chain) == ([], True)
    assert len(packed["events/chain.jsonl"].splitlines()) == len(list_events(f"idea:{review.idea.id}"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda lines: [lines[0].replace(b'"seq": 1', b'"seq": 1 '), *lines[1:]], []),
        (lambda lines: [*lines[:1], lines[1].replace(b'"actor_id": ', b'"actor_id": 9'), *lines[2:]], ["altered"]),
        (lambda lines: [lines[0], *lines[2:]], ["missing"]),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], ["missing"]),
        (lambda lines: lines[:-1], ["is not the head"]),
    ],
)
def test_a_chain_that_was_changed_is_found_out_without_the_site(review: Review, change: Any, fault: list[str]) -> None:
    packed = files(make.actor(make.staff("coordinator")), review.idea.reference)
    packed["events/chain.jsonl"] = b"\n".join(change(packed["events/chain.jsonl"].splitlines()))

    faults = verifier.check_chain(packed.__getitem__)

    assert [any(word in found for found in faults) for word in fault] == [True] * len(fault)
    assert bool(faults) == bool(fault)


def test_a_changed_file_is_found_out(review: Review) -> None:
    packed = files(make.actor(make.staff("coordinator")), review.idea.reference)
    packed["parts/reviews.json"] += b" "
    del packed["parts/revisions.json"]

    assert verifier.check_files(packed.__getitem__) == [
        "parts/reviews.json was changed.",
        "parts/revisions.json is missing.",
    ]


def test_a_reader_who_may_not_read_every_event_gets_no_chain(review: Review) -> None:
    owner, member = make.actor(review.idea.owner), make.actor(review.seats[1].person)

    names = {*files(owner, review.idea.reference), *files(member, review.idea.reference)}

    assert [name for name in names if name.startswith("events/")] == []


def test_files_are_in_the_zip_under_harmless_names(review: Review) -> None:
    idea, content = review.idea, b"%PDF-1.4 a file"
    db.session.add(
        Attachment(
            idea_id=idea.id,
            key=store.store().put(content),
            name="../../etc/pass wd.pdf",
            content_type="application/pdf",
            size=len(content),
            sha256=store.digest(content),
        )
    )
    db.session.commit()

    packed = files(make.actor(idea.owner), idea.reference)

    kept = {path: found for path, found in packed.items() if path.startswith("files/")}
    assert list(kept.values()) == [content]
    assert [".." in path for path in kept] == [False]


def test_a_file_too_large_is_named_as_left_out(review: Review) -> None:
    content = b"%PDF-1.4 a file"
    db.session.add(
        Attachment(
            idea_id=review.idea.id,
            key=store.store().put(content),
            name="plan.pdf",
            content_type="application/pdf",
            size=len(content),
            sha256=store.digest(content),
        )
    )
    db.session.commit()
    made = making.make(make.actor(review.idea.owner), review.idea.reference)

    packed = dict(making.files_of(made, most_bytes=3))

    assert (b"plan.pdf" in packed["left-out.txt"], [p for p in packed if p.startswith("files/")]) == (True, [])


def test_taking_one_is_written_in_the_record(review: Review, client: FlaskClient) -> None:
    make.sign_in(client, review.idea.owner)

    taken = client.post(f"/ideas/{review.idea.reference}/dossier", data={"form": "pdf"})

    newest = list_events(f"idea:{review.idea.id}", limit=1)[0]
    assert (taken.status_code, taken.mimetype, newest.kind) == (200, "application/pdf", "dossier_taken")
    assert (newest.actor_id, chain.verify().ok) == (review.idea.owner_id, True)


def test_the_page_says_what_is_left_out(review: Review, client: FlaskClient) -> None:
    make.sign_in(client, review.seats[3].person)

    page = client.get(f"/ideas/{review.idea.reference}/dossier").get_data(as_text=True)

    assert "What the others scored opens when you submit yours." in page


def test_a_superseding_recycle_names_a_stage_that_only_the_newer_version_has(app: Flask) -> None:
    older, idea = make.library("classic")[1], make.idea()

    told = details_of(older, {"target": "captured", "stop_reason": "duplicate"}, idea)

    assert told == {"target": "Captured", "stop_reason": idea.definition.stop_reason("duplicate").name}


def test_what_an_outcome_required_holds_no_numbers_of_persons(app: Flask) -> None:
    definition = make.library("education")[1]

    told = details_of(definition, {"plan": "Two schools.", "signed_by": [3, 5]}, make.idea())

    assert told == {"plan": "Two schools."}


def test_a_manager_who_sits_gets_no_chain_before_the_panel_has_decided(review: Review) -> None:
    manager = make.staff("manager")
    seat = gate_commands.seat_person(make.actor(make.staff("coordinator")), review, person_id=manager.id, role="member")
    make.declare(seat)

    packed = files(make.actor(manager), review.idea.reference)

    assert [name for name in packed if name.startswith("events/")] == []
    assert "chain" not in queries.keys_now(make.actor(manager), review.idea.reference)
