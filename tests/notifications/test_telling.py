"""Who is told what: each message is written, and nobody is told who should not be."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.events import Fact, record
from innovation.gates import commands as gates
from innovation.gates.events import GateDecided
from innovation.gates.models import Condition, Decision, Review
from innovation.ideas import commands
from innovation.ideas import events as ideas
from innovation.ideas.models import Handin, Idea, Wall
from innovation.notifications import messages, post, recipients
from innovation.notifications.models import Message, Notice
from innovation.notifications.post import Letter
from innovation.permission import SYSTEM
from tests import make
from tests.gates.deciding import decide

JUNE = dt.date(2026, 6, 30)
TEMPLATES = Path(__file__).parents[2] / "templates" / "messages"


def told() -> dict[str, str]:
    """The subject of each notice by the name of who has it."""
    rows = db.session.execute(sa.select(Person.name, Notice.subject).join(Notice, Notice.person_id == Person.id))
    return {row[0]: row[1] for row in rows}


def happen(fact: Fact, actor: Any = SYSTEM) -> None:
    record(actor, fact)
    db.session.commit()
    worker.deliver_owed()


def convened(size: int = 4) -> Review:
    idea = make.idea(make.person("Owner"), place="at_screening", title="Reading clubs")
    make.account(idea.owner)
    panel = make.panel(size=size)
    db.session.commit()
    coordinator = make.staff("coordinator")
    make.account(coordinator)
    return gates.convene_panel(make.actor(coordinator), idea, panel_id=panel.id)


def test_a_panel_is_told_that_it_is_convened_and_the_coordinator_who_did_it_is_not(app: Flask) -> None:
    review = convened()

    worker.deliver_owed()

    seated = {seat.person.name for seat in review.seats}
    assert told() == dict.fromkeys(seated, "You are asked to review “Reading clubs”")


@pytest.mark.parametrize("role", ["alternate", "observer", "secretary"])
def test_whoever_only_reads_is_not_asked_to_score(role: str, app: Flask) -> None:
    review = convened()
    worker.deliver_owed()
    reader = make.person("Reading Person")
    make.account(reader)

    gates.seat_person(make.actor(make.staff("coordinator")), review, person_id=reader.id, role=role)
    worker.deliver_owed()

    assert told()["Reading Person"] == "You have a seat at the review of “Reading clubs”"


def test_an_alternate_who_is_called_up_is_asked_to_score(app: Flask) -> None:
    review = convened()
    worker.deliver_owed()
    reader, coordinator = make.person("Reading Person"), make.actor(make.staff("coordinator"))
    make.account(reader)
    gates.seat_person(coordinator, review, person_id=reader.id, role="alternate")
    worker.deliver_owed()
    db.session.execute(sa.delete(Notice))

    gates.seat_person(coordinator, review, person_id=reader.id, role="member")
    worker.deliver_owed()

    assert told() == {"Reading Person": "You are asked to review “Reading clubs”"}


def test_a_panel_goes_home_when_the_owner_withdraws_the_idea(app: Flask) -> None:
    review = convened()
    worker.deliver_owed()
    db.session.execute(sa.delete(Notice))
    db.session.commit()

    commands.withdraw_idea(make.actor(review.idea.owner), review.idea)
    worker.deliver_owed()
    worker.deliver_owed()

    db.session.expire_all()
    assert review.state == "cancelled"
    assert {seat.person.name for seat in review.seats} <= set(told())


def test_the_team_is_told_the_outcome_in_words(app: Flask) -> None:
    review = convened()
    make.contributor(review.idea, make.person("Contributor"))
    review.decisions.append(Decision(idea_id=review.idea_id, outcome="go", rationale="Clear and needed."))
    db.session.commit()
    worker.deliver_owed()
    db.session.execute(sa.delete(Notice))

    happen(GateDecided(review.id, review.idea_id, "screening", "go"))

    assert told() == dict.fromkeys(("Owner", "Contributor", "Coordinator"), "Go: “Reading clubs”")


def test_a_panel_and_its_coordinator_are_told_what_was_decided(app: Flask) -> None:
    review = convened()
    for seat in review.seats:
        make.score(seat)
    decide(review)
    worker.deliver_owed()
    db.session.execute(sa.delete(Notice))
    db.session.commit()

    happen(GateDecided(review.id, review.idea_id, "screening", "go"))

    panel = {seat.person.name for seat in review.seats}
    assert told() == dict.fromkeys({"Owner", "Coordinator", *panel}, "Go: “Reading clubs”")


def test_every_link_about_a_review_opens_for_whoever_is_sent_it(app: Flask, client: FlaskClient) -> None:
    review = convened()
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.account(seat.person)
        make.score(seat)
    decide(review)
    worker.deliver_owed()
    answers = {}
    for notice in db.session.scalars(sa.select(Notice)).all():
        who = db.session.get_one(Person, notice.person_id)
        response = make.sign_in(client, who).get(notice.link, follow_redirects=True)
        answers[f"{who.name}: {notice.subject}"] = response.status_code

    assert {reader: status for reader, status in answers.items() if status != 200} == {}
    assert {reader.partition(": ")[2] for reader in answers} >= {
        "The panel can decide on “Reading clubs”",
        "Your signature is needed: “Reading clubs”",
    }


def test_a_link_to_sign_leads_to_the_decision_once_it_is_signed(app: Flask, client: FlaskClient) -> None:
    review = convened()
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.account(seat.person)
        make.score(seat)
    decide(review)
    gates.sign_decision(make.actor(review.seats[3].person), review)
    db.session.commit()
    link = messages.decision_proposed(review).link

    response = make.sign_in(client, review.seats[3].person).get(link)

    assert (response.status_code, response.location) == (302, f"/reviews/{review.id}/outcome")


def test_nobody_behind_a_wall_is_told(app: Flask) -> None:
    idea = make.idea(place="concept")
    coordinators = [make.staff("coordinator", "Open"), make.staff("coordinator", "Walled")]
    for person in coordinators:
        make.account(person)
    make.add(Wall(idea_id=idea.id, person_id=coordinators[1].id, why="declared"))
    db.session.commit()

    assert [person.name for person in recipients.coordinators(idea)] == ["Open"]


def test_managers_are_told_where_there_is_no_coordinator(app: Flask) -> None:
    idea = make.idea()
    make.account(make.staff("manager", "Manager"))
    db.session.commit()

    assert [person.name for person in recipients.coordinators(idea)] == ["Manager"]


def test_who_is_recused_is_told_so_without_the_name_of_the_idea(app: Flask) -> None:
    review = convened()

    subject, text = post.write(messages.interest_settled(review, accepted=False), review.seats[0].person)

    assert ("Reading clubs" in subject + text, messages.interest_settled(review, accepted=False).link) == (False, "")


def test_an_owner_without_a_sign_in_is_written_to_only_when_they_agreed(app: Flask) -> None:
    silent, agreed = (
        make.person("Silent", email="s@gatehouse.example"),
        make.person("Agreed", email="a@gatehouse.example"),
    )
    for person in (silent, agreed):
        idea = make.idea(person)
        if person is agreed:
            make.consent(idea, "contact")
        happen(ideas.OwnershipHandedOver(idea.id, person.id, person.id))

    written = list(db.session.scalars(sa.select(Message)))

    assert [message.to_address for message in written] == ["a@gatehouse.example"]
    assert "/status" in written[0].text


def test_a_closed_sign_in_gets_no_mail_but_keeps_its_inbox(app: Flask) -> None:
    idea = make.idea(make.person("Owner"))
    make.account(idea.owner).disabled_at = now()

    happen(ideas.OwnershipHandedOver(idea.id, idea.owner_id, idea.owner_id))

    assert (list(told()), db.session.scalar(sa.select(sa.func.count(Message.id)))) == (["Owner"], 0)


def test_the_past_of_a_demonstration_is_told_in_the_inbox_only(app: Flask) -> None:
    owner = make.person("Owner", is_demo=True)
    make.account(owner)
    idea = make.idea(owner)
    fact = ideas.OwnershipHandedOver(idea.id, owner.id, owner.id)
    record(SYSTEM, fact, at=now() - dt.timedelta(days=90))
    db.session.commit()

    worker.deliver_owed()

    notice = db.session.scalars(sa.select(Notice)).one()
    assert (
        db.session.scalar(sa.select(sa.func.count(Message.id))),
        notice.made_at < now() - dt.timedelta(days=89),
    ) == (
        0,
        True,
    )


def test_a_letter_greets_says_and_leads(app: Flask) -> None:
    owner = make.person("Naledi")
    make.account(owner)
    idea = make.idea(owner, title="Reading clubs")

    happen(ideas.OwnershipHandedOver(idea.id, owner.id, owner.id))

    message = db.session.scalars(sa.select(Message)).one()
    lines = [line for line in message.text.splitlines() if line]
    assert lines[0] == "Hello Naledi,"
    assert lines[2] == f"http://127.0.0.1:5000/ideas/{idea.reference}"


def test_a_plain_letter_says_what_people_typed_as_they_typed_it(app: Flask) -> None:
    owner = make.person("Naledi")
    idea = make.idea(owner, title="Teachers' <own> 100% maths & more")

    subject, _text = post.write(messages.about(idea, "ownership_handed_over"), owner)

    assert subject == "You now own “Teachers' <own> 100% maths & more”"


def test_what_people_typed_is_text_in_a_formatted_letter(app: Flask) -> None:
    owner = make.person("<b>Naledi</b>")
    make.account(owner)
    idea = make.idea(owner, title="<script>alert(1)</script>")

    happen(ideas.OwnershipHandedOver(idea.id, owner.id, owner.id))

    message = db.session.scalars(sa.select(Message)).one()
    assert ("<script>" in message.html, "<b>Naledi" in message.html) == (False, False)


# Every message can be written


def letters(review: Review, idea: Idea) -> list[Letter]:
    handin = make.add(Handin(idea_id=idea.id, deliverable=idea.definition.deliverables[1].key, number=1, content={}))
    decision = Decision(review=review, idea_id=review.idea_id, outcome="hold", rationale="Later.")
    make.add(decision)
    condition = make.add(
        Condition(
            decision_id=decision.id,
            idea_id=review.idea_id,
            gate_key="screening",
            text="Name a contact",
            due_on=dt.date(2026, 6, 30),
            moved_reason="Schools are closed.",
        )
    )
    about = ("contributor_added", "ownership_handed_over", "pilot_started")
    moves = ("idea_resumed", "idea_revived", "idea_withdrawn", "idea_merged", "merge_undone")
    named = ("condition_offered", "condition_met", "condition_waived", "condition_returned", "held_for_condition")
    return [
        *(messages.about(idea, name) for name in (*about, *moves)),
        *(messages.condition(condition, name) for name in named),
        *(messages.deliverable(handin, f"deliverable_{what}") for what in ("handed_in", "accepted", "returned")),
        messages.condition_moved(condition),
        messages.password_changed(),
        messages.evidence_accepted(idea, "E1"),
        messages.idea_presented(idea, "screening"),
        messages.panel_convened(review),
        messages.seat_to_read(review),
        messages.panel_reminder(review),
        *(messages.seat_due(review, overdue=overdue) for overdue in (True, False)),
        messages.review_cancelled(review),
        messages.interest_declared(review),
        *(messages.interest_settled(review, accepted=accepted) for accepted in (True, False)),
        *(messages.interest_overruled(review, admitted=admitted) for admitted in (True, False)),
        *(messages.interest_ruling(review), messages.chairs_now(review), messages.nobody_chairs(review)),
        messages.quorum_reached(review),
        messages.decision_proposed(review),
        messages.decision_recorded(decision),
        messages.decision_superseded(decision),
        messages.idea_joined(idea, idea),
        *(messages.condition_due(condition, today=dt.date(2026, month, 1)) for month in (6, 8)),
        messages.hold_ended(idea),
        messages.about(idea, "idea_ended", outcome="Stop"),
    ]


def test_every_message_reads_as_whole_sentences(app: Flask) -> None:
    review = convened()
    reader = make.person("Reader")

    for letter in letters(review, review.idea):
        subject, text = post.write(letter, reader)
        assert re.findall(r"[{}%]|None", subject + text) == [], letter.name
        assert subject != "", letter.name
        assert text.rstrip()[-1] in ".!?" or text.endswith("Name a contact"), letter.name


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.subject")), ids=lambda path: path.stem)
def test_every_subject_has_its_text(path: Path) -> None:
    assert path.with_suffix(".txt").exists()
