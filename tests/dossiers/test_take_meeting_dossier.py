"""Papers of meetings in the dossiers of their ideas, and the dossier of a whole meeting: what its reader may read."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.db import db
from innovation.dossiers import commands, making, meeting_dossier, queries
from innovation.dossiers.verifier import check
from innovation.events import list_events
from innovation.gates import commands as gates
from innovation.jobs import running
from innovation.meetings import commands as meetings
from innovation.meetings.models import Attendee
from innovation.permission import NotThere
from tests import make
from tests.gates.deciding import DETAILS
from tests.meetings.sitting import Sitting

SAID, BEFORE, WHY = "canary-said", "canary-before", "canary-why"


@pytest.fixture
def sitting(client: FlaskClient) -> Sitting:
    """Two items: the practitioner is recused from the first, which is voted on and decided; the minutes are signed."""
    found = Sitting(2)
    make.declare(next(seat for seat in found.reviews[0].seats if seat.role == "practitioner"), "recuse")
    meetings.fix_agenda(found.act("chair"), found.meeting, order="reference")
    meetings.open_meeting(found.act("chair"), found.meeting)
    for who in ("deputy", "government", "practitioner"):
        meetings.say_presence(found.act(who), found.meeting, what="arrived")
    item = found.taken(1)
    meetings.take_note(found.act("secretary"), item, text=BEFORE)
    motion = found.vote(item, "refer", chair="for", deputy="against", government="for")
    meetings.count_votes(found.act("chair"), motion)
    found.decide(item, "refer", rationale=WHY, **DETAILS["refer"])
    meetings.close_meeting(found.act("chair"), found.meeting)
    meetings.correct_minutes(found.act("secretary"), found.meeting, remarks="", texts={item.id: SAID})
    meetings.circulate_minutes(found.act("secretary"), found.meeting)
    meetings.sign_minutes(found.act("chair"), found.meeting)
    return found


def test_the_dossier_of_an_idea_holds_the_signed_minutes_their_correction_and_the_votes(sitting: Sitting) -> None:
    made = making.make(sitting.act("coordinator"), sitting.reviews[0].idea.reference)

    [papers] = made.records["meetings"]

    [item] = papers["items"]
    votes = {each["name"]: each["vote"] for each in item["votes"][0]["votes"]}
    assert (papers["minutes"]["signed_by"], papers["minutes"]["unchanged"]) == ("Chair", True)
    assert (item["said"], item["decided"]["reasons"]) == (SAID, WHY)
    assert [each["said"] for each in papers["corrections"]] == [[{"reference": item["reference"], "text": BEFORE}]]
    assert votes == {"Chair": "For", "Deputy": "Against", "Government": "For"}
    assert [each["name"] for each in papers["attendance"] if each["marks"]] == [
        "Chair",
        "Deputy",
        "Government",
        "Practitioner",
    ]


def test_whoever_is_no_longer_asked_to_the_meeting_is_handed_none_of_its_papers(sitting: Sitting) -> None:
    reference, item = sitting.reviews[0].idea.reference, sitting.meeting.items[0]
    before = queries.keys_now(sitting.act("government"), reference)
    asked = sa.update(Attendee).where(Attendee.person_id == sitting.people["government"].id)
    db.session.execute(asked.values(person_id=make.person().id))

    now = queries.keys_now(sitting.act("government"), reference)

    assert before - now == {f"full:{item.id}", f"hears:{item.id}"}


def test_what_a_decision_rests_on_is_named_in_the_dossier_with_numbers_for_those_who_run_the_gate(
    sitting: Sitting,
) -> None:
    reference = sitting.reviews[0].idea.reference

    told = [making.make(sitting.act(who), reference).records["reviews"][0] for who in ("coordinator", "government")]

    staff, member = (each["decisions"][0]["rests_on"] for each in told)
    assert (staff["scorecards"], staff["vote"]["counted"], staff["vote"]["at_the_table"]) == (
        3,
        {"For": 2, "Against": 1, "Abstain": 0},
        3,
    )
    assert (len(staff["numbers"]["votes"]), staff["numbers"]["item"], "numbers" in member) == (3, 1, False)


def test_the_team_and_the_recused_find_nothing_of_what_was_said_or_voted(sitting: Sitting) -> None:
    review = sitting.reviews[0]
    owner = making.make(make.actor(review.idea.owner), review.idea.reference).records

    whole = meeting_dossier.make(sitting.act("practitioner"), sitting.meeting.id)

    told = json.dumps(whole.records) + json.dumps(whole.sections)
    secrets = (SAID, BEFORE, WHY, review.idea.title, review.idea.reference)
    assert owner["meetings"] == []
    assert [secret for secret in secrets if secret in told] == []
    assert (sitting.reviews[1].idea.title in told, whole.chain) == (True, None)


def test_whoever_is_not_asked_to_a_meeting_finds_no_dossier_of_it(sitting: Sitting) -> None:
    with pytest.raises(NotThere):
        meeting_dossier.make(make.actor(sitting.reviews[0].idea.owner), sitting.meeting.id)


def test_a_pdf_of_the_whole_meeting_is_one_click_and_stands_in_the_record(
    sitting: Sitting, client: FlaskClient
) -> None:
    make.sign_in(client, sitting.person("government"))
    page = client.get(f"/meetings/{sitting.meeting.id}").text

    taken = client.post(f"/meetings/{sitting.meeting.id}/dossier", data={"form": "pdf"})

    newest = list_events(f"meeting:{sitting.meeting.id}", limit=1)[0]
    assert ("/dossier" in page, taken.status_code, taken.data[:5]) == (True, 200, b"%PDF-")
    assert (newest.kind, newest.actor_id) == ("meeting_dossier_taken", sitting.person("government").id)


def test_the_zip_has_the_meeting_and_every_idea_that_is_open_each_to_be_checked_by_itself(
    sitting: Sitting, client: FlaskClient
) -> None:
    make.account(sitting.coordinator)
    db.session.commit()
    job = commands.ask_meeting_dossier(sitting.act("coordinator"), sitting.meeting, form_key="once")
    running.run_owed()

    listed = make.sign_in(client, sitting.coordinator).get("/jobs").text
    packed = zipfile.ZipFile(io.BytesIO(make.sign_in(client, sitting.coordinator).get(f"/jobs/{job.id}/file").data))

    folders = {name.partition("/")[0] for name in packed.namelist()}
    own = f"meeting-{sitting.meeting.id}"
    assert folders == {own, *(review.idea.reference for review in sitting.reviews)}
    assert ["Dossier of a meeting" in listed, "Dossiers of several ideas" in listed] == [True, False]
    assert check(lambda name: packed.read(f"{own}/{name}")) == ([], True)


def test_what_is_held_back_is_in_the_dossier_of_those_who_were_there_only(client: FlaskClient) -> None:
    sitting = Sitting(1)
    meetings.fix_agenda(sitting.act("chair"), sitting.meeting, order="reference")
    meetings.open_meeting(sitting.act("chair"), sitting.meeting)
    for who in ("deputy", "government"):
        meetings.say_presence(sitting.act(who), sitting.meeting, what="arrived")
    sitting.decide(sitting.taken(1), "refer", rationale=WHY, announce="later", **DETAILS["refer"])
    meetings.close_meeting(sitting.act("chair"), sitting.meeting)
    meetings.circulate_minutes(sitting.act("secretary"), sitting.meeting)

    told = {
        who: WHY in json.dumps(meeting_dossier.make(sitting.act(who), sitting.meeting.id).records)
        for who in ("chair", "government", "practitioner")
    }

    assert told == {"chair": True, "government": True, "practitioner": False}


def test_an_agenda_by_rank_is_told_neither_by_the_record_nor_to_a_manager_whose_marks_are_still_to_come(
    client: FlaskClient,
) -> None:
    found, late = Sitting(2, (6, 8)), make.staff("manager")
    for review in found.reviews:
        make.declare(gates.seat_person(found.act("coordinator"), review, person_id=late.id, role="member"))
    meetings.fix_agenda(found.act("chair"), found.meeting, order="rank")

    chains = [meeting_dossier.make(who, found.meeting.id).chain for who in (found.act("coordinator"), make.actor(late))]

    [fixed] = list_events(f"meeting:{found.meeting.id}", kinds=("agenda_fixed",))
    by_rank = [item.id for item in sorted(found.meeting.items, key=lambda item: item.number or 0)]
    assert (by_rank, fixed.data["item_ids"]) == (sorted(by_rank, reverse=True), sorted(by_rank))
    assert [chain is None for chain in chains] == [False, True]
