"""A list asks the database as often for thirty rows as for one."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.accounts.queries import actor_of
from innovation.clinics import walls
from innovation.clinics.models import Clinic
from innovation.db import db, now
from innovation.events import record
from innovation.funders.commitment_models import Commitment, Talk, Tranche
from innovation.funders.models import Award, Funder, Interest
from innovation.gates import commands
from innovation.gates.assignment_models import Assignment
from innovation.gates.models import Condition, Decision, Panel, Review, Seat
from innovation.ideas.commands import keep_stop_lesson
from innovation.ideas.events import AttachmentAdded
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Attachment, Idea
from innovation.ideas.queries import latest_revision
from innovation.jobs.models import Job
from innovation.meetings.models import Meeting
from innovation.notifications.models import Message, Notice
from innovation.permission import SYSTEM
from tests import make
from tests.architecture.harmed import PILOTED, more_incidents, more_spend
from tests.architecture.tree import ROOT, modules, parsed
from tests.architecture.visiting import more_visits, piloted
from tests.databases import statements
from tests.replication import in_system

Grow = Callable[[int], None]


def ideas(n: int, **more: object) -> list[Idea]:
    clinic = make.first(Clinic) or make.clinic()
    found = [make.idea(clinic_id=clinic.id, **more) for _n in range(n)]
    for idea in found:
        make.contributor(idea)
    return found


def idea_rows(n: int) -> None:
    """Rows of every colour: in a stage, at a gate with and without a panel, decided and on hold."""
    for idea in ideas(n):
        idea.district_id = make.district().id
    reviews(n)


def reviews(n: int) -> None:
    panel = make.first(Panel) or make.panel()
    me = make.first(Person, name="Reader")
    for idea in ideas(n, place="at_screening"):
        review = make.add(
            Review(
                idea_id=idea.id,
                panel_id=panel.id,
                gate_key="screening",
                round=1,
                quorum=3,
                state="scoring",
                revision_id=latest_revision(idea).id,
                due_on=dt.date(2026, 12, 1),
            )
        )
        for role in ("chair", "member", "government"):
            make.add(Seat(review_id=review.id, person_id=make.person().id, role=role, stance="none"))
        make.add(Seat(review_id=review.id, person_id=me.id, role="member", stance="none"))


def conditions(n: int) -> None:
    for number, idea in enumerate(ideas(n, place="concept")):
        owed(idea, number)


def assignments(n: int) -> None:
    me = make.first(Person, name="Reader")
    for _n in range(n):
        make.add(Assignment(programme_id=make.programme().id, gate_key="screening", asked_by_id=me.id, ideas=[]))


def assigned(n: int) -> None:
    """Ideas of one suggestion, each with its panel."""
    me, found = make.first(Person, name="Reader"), make.first(Assignment)
    if found is None:
        assignments(1)
        found = make.first(Assignment)
    seated = [make.person(), make.person(), make.person()]
    result = found.result or {"seats": {}, "panels": {}, "people": [], "unmet": [], "fit": 0, "gap": 0, "worth": 0}
    ids = [idea.id for idea in ideas(n, place="at_screening")]
    seats = {str(idea_id): [[person.id, "member", 2] for person in seated] for idea_id in ids}
    people = [*result["people"], *([person.id, 0, None] for person in seated)]
    more = {"seats": {**result["seats"], **seats}, "people": people, "served_at_most": len(found.ideas) + n}
    found.ideas, found.result, found.solved_at = [*found.ideas, *ids], result | more, now()
    assert found.asked_by_id == me.id


def panels(n: int) -> None:
    for _n in range(n):
        make.panel()


def meetings(n: int) -> None:
    panel = make.first(Panel) or make.panel()
    about = {"programme_id": panel.programme_id, "panel_id": panel.id, "gate_key": panel.gate_key}
    for number in range(n):
        make.add(Meeting(title=f"Meeting {number}", starts_at=now() + dt.timedelta(days=number), **about))


def people(n: int) -> None:
    for _n in range(n):
        make.account(make.staff("coordinator", region_id=make.region().id))


def schools(n: int) -> None:
    for number in range(n):
        make.school(f"93{now().microsecond:06d}{number:03d}", search_text="demo")


def cards(n: int) -> None:
    clinic = make.first(Clinic)
    typed = {"state": "typed", "typed_by_id": make.person().id, "typed_at": now()}
    for _n in range(n):
        make.card(clinic, next(make.numbers), idea_id=make.idea(clinic_id=clinic.id).id, **typed)


def on_the_wall(n: int) -> None:
    for idea in ideas(n):
        walls.release_ideas(SYSTEM, make.first(Clinic), idea_ids=[idea.id])


def clinics(n: int) -> None:
    for clinic in [make.clinic(district_id=make.district().id) for _n in range(n)]:
        make.idea(clinic_id=clinic.id)


def funders(n: int) -> None:
    for number in range(n):
        make.funder(f"Demo fund {number}")


def open_funders(n: int) -> None:
    for number in range(n):
        make.funder(f"Demo fund {number}").visibility = "public"


def lessons(n: int) -> None:
    for idea in ideas(n, place="concept", standing="stopped"):
        keep_stop_lesson(SYSTEM, idea, {"stop_reason": "no-owner", "lesson": "Ask who will do it."})


def open_lessons(n: int) -> None:
    lessons(n)
    db.session.execute(sa.update(Lesson).values(released_at=now()))


def listed(n: int) -> None:
    for _n in range(n):
        make.listed_idea(clinic_id=make.clinic().id)


def interests(n: int) -> None:
    funder = make.first(Person, name="Reader").grants[-1].funder_id
    for _n in range(n):
        make.add(Interest(funder_id=funder, idea_id=make.listed_idea().id))


def awards(n: int) -> None:
    funder = make.first(Person, name="Reader").grants[-1].funder_id
    for number in range(n):
        identifier = f"{now().microsecond}-{number}"
        make.add(Award(funder_id=funder, identifier=identifier, title="Books", amount_minor=1, currency="ZAR"))


def notices(n: int) -> None:
    me = make.first(Person, name="Reader")
    for number in range(n):
        make.add(Notice(person_id=me.id, why=f"{now().isoformat()}:{number}", subject="It moved.", link="/work"))


def messages(n: int) -> None:
    for number in range(n):
        make.add(Message(why=f"{now().isoformat()}:{number}", to_address="a@b.example", subject="It", text="It."))


def jobs(n: int) -> None:
    me = make.first(Person, name="Reader")
    for number in range(n):
        key = f"{now().isoformat()}:{number}"
        make.add(Job(kind="convene", person_id=me.id, key=key, payload={"ideas": []}, total=1))


def commitments(n: int) -> None:
    """What the reader's fund has committed, each to an idea of its own, with a tranche."""
    funder = make.first(Funder)
    for idea in ideas(n):
        interest = make.add(Interest(funder_id=funder.id, idea_id=idea.id, state="accepted", answered_at=now()))
        about = {"idea_id": idea.id, "funder_id": funder.id}
        talk = make.add(Talk(interest_id=interest.id, state="committed", **about))
        money = {"instrument": "grant", "amount_minor": 100_00, "state": "agreed"}
        commitment = make.add(Commitment(talk_id=talk.id, **about, **money))
        make.add(Tranche(commitment_id=commitment.id, amount_minor=100_00, due_on=now().date()))


def handed_over(n: int) -> None:
    """Ideas that are part of the system, each with a home, marks, a review ahead and one behind."""
    for idea in ideas(n, place="institutionalised"):
        in_system.home(idea, "handed_over")
        in_system.mark(idea)
        in_system.review(idea)
        in_system.review(idea, "decided", 2, outcome="sustained", decided_at=now())


# Every list of the site: its address, who reads it, and what its rows are.
LISTS: dict[str, tuple[str, str, Grow]] = {
    "accounts.people": ("/people", "manager", people),
    "places.schools": ("/schools", "manager", schools),
    "clinics.clinics": ("/clinics", "manager", clinics),
    "clinics.clinic": ("/clinics/{clinic}", "manager", ideas),
    "clinics.cards": ("/clinics/{clinic}/cards", "manager", cards),
    "clinics.next_steps": ("/clinics/{clinic}/next-steps", "manager", ideas),
    "clinics.slips": ("/clinics/{clinic}/slips", "manager", ideas),
    "clinics.board": ("/clinics/{clinic}/board", "manager", on_the_wall),
    "clinics.wall": ("/clinics/{clinic}/wall", "manager", on_the_wall),
    "gates.panels": ("/panels", "manager", panels),
    "gates.reviews": ("/reviews", "manager", reviews),
    "gates.all_conditions": ("/conditions", "manager", conditions),
    "gates.assignments": ("/reviews/assignments", "manager", assignments),
    "gates.assignment": ("/reviews/assignments/1", "manager", assigned),
    "gates.desk": ("/reviews/desk?act=remind", "manager", reviews),
    "meetings.meetings": ("/meetings", "manager", meetings),
    "funders.funders": ("/funders", "manager", funders),
    "funders.open_funders": ("/funders/open", "manager", open_funders),
    "funders.funder": ("/funders/{funder}", "funder", awards),
    "funders.browse": ("/funders/ideas", "funder", listed),
    "funders.interest_list": ("/funders/interests", "funder", interests),
    "funders.commitments": ("/funders/commitments", "funder", commitments),
    "pilots.incident_list": (f"/ideas/{PILOTED}/pilot/incidents", "manager", more_incidents),
    "pilots.spend": (f"/ideas/{PILOTED}/pilot/spend", "manager", more_spend),
    "pilots.visits": ("/ideas/{piloted}/pilot/visits", "manager", more_visits),
    "ideas.lessons": ("/lessons", "manager", lessons),
    "ideas.open_lessons": ("/learnt", "manager", open_lessons),
    "pipeline.pipeline": ("/", "manager", idea_rows),
    "pipeline.search": ("/search?q=Reading", "manager", idea_rows),
    "pipeline.what_is_due": ("/due", "manager", idea_rows),
    "pipeline.my_work": ("/work", "manager", idea_rows),
    "pipeline.log": ("/log", "administrator", idea_rows),
    "replication.after_handover": ("/after-hand-over", "manager", handed_over),
    "jobs.jobs": ("/jobs", "manager", jobs),
    "notifications.inbox": ("/inbox", "manager", notices),
    "notifications.mail": ("/mail", "administrator", messages),
}


def reader(role: str) -> Person:
    """Somebody who sees all that the list can show."""
    if role == "funder":
        return make.grant(make.person("Reader"), "funder_admin", funder_id=make.funder().id)
    return make.staff(role, "Reader")


@pytest.mark.parametrize("endpoint", sorted(LISTS))
def test_a_list_asks_as_often_for_thirty_rows_as_for_one(app: Flask, client: FlaskClient, endpoint: str) -> None:
    address, role, grow = LISTS[endpoint]
    me = reader(role)
    make.clinic()
    names = {"clinic": make.first(Clinic).code, "funder": _funder_key(me)}
    names |= {"piloted": piloted().idea.reference} if "{piloted}" in address else {}
    make.sign_in(client, me)

    counts = []
    for rows in (1, 29):
        grow(rows)
        db.session.commit()
        db.session.expire_all()
        client.get(address.format(**names))  # what is read once per process is read now
        with statements() as asked:
            response = client.get(address.format(**names))
        assert response.status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[0]


def _funder_key(me: Person) -> str:
    scope = next((grant.funder_id for grant in me.grants if grant.funder_id), None)
    return db.session.get_one(Funder, scope).key if scope else ""


def test_every_view_that_turns_pages_is_in_the_table() -> None:
    """A list that nobody counts may ask once for each row."""
    turning = {
        f"{path.relative_to(ROOT / 'innovation').parts[0]}.{node.name}"
        for path in modules("innovation")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.decorator_list and _turns_pages(node)
    }

    assert sorted(turning - set(LISTS)) == []


def _turns_pages(view: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "on" for node in ast.walk(view))


# The pages of every day ask at most so often, whoever reads them and however much there is on them.
LIMITS = {
    ("/", "coordinator"): 6,
    ("/ideas/{idea}", "coordinator"): 10,
    ("/ideas/{idea}", "owner"): 10,
    ("/ideas/{idea}", "member"): 10,
    ("/reviews/{review}", "chair"): 22,
    ("/reviews/{review}/scorecard", "member"): 10,
    ("/reviews/{review}/decision", "chair"): 14,
}


def review_at_work() -> Review:
    """A panel where all but one have scored an idea, and that one has begun to."""
    idea = make.idea(place="at_screening", title="Reading clubs", clinic_id=make.clinic().id)
    review = make.review(of=idea)
    make.ask(idea)
    for seat in review.seats[:-1]:
        make.score(seat)
    last = review.seats[-1]
    make.declare(last)
    commands.save_scorecard(actor_of(last.person), last, entries=make.entries(review.gate))
    return review


def enrich(review: Review, n: int) -> None:
    """More of everything that the pages show of an idea, in the list and beside it."""
    idea = review.idea
    idea_rows(n)
    for number in range(n):
        make.idea(title="Reading clubs", clinic_id=idea.clinic_id)
        make.contributor(idea)
        file = {"name": "Plan.pdf", "content_type": "application/pdf", "size": 9, "sha256": "0" * 64}
        key = f"{number}-{now().isoformat()}"
        attachment = make.add(Attachment(idea_id=idea.id, key=key, **file))
        record(actor_of(idea.owner), AttachmentAdded(idea.id, attachment.id))
        owed(idea, 100 * n + number)


def owed(idea: Idea, number: int) -> None:
    """A decision at an earlier round with a condition that is still open."""
    earlier = Review(idea_id=idea.id, gate_key="screening", round=number + 2, quorum=3, state="decided")
    earlier.revision_id = latest_revision(idea).id
    make.add(earlier)
    decision = make.add(Decision(review_id=earlier.id, idea_id=idea.id, outcome="conditional", rationale="Nearly."))
    owing = {"gate_key": "screening", "text": "Ask two more schools.", "due_on": dt.date(2026, 12, 1)}
    make.add(Condition(decision_id=decision.id, idea_id=idea.id, **owing))


@pytest.mark.parametrize(("address", "role"), sorted(LIMITS))
def test_a_page_of_every_day_asks_at_most_so_often(app: Flask, client: FlaskClient, address: str, role: str) -> None:
    review = review_at_work()
    review_id = review.id
    make.staff("coordinator", "Reader")
    make.district()
    readers = {
        "coordinator": make.first(Person, name="Reader"),
        "owner": review.idea.owner,
        "member": review.seats[-1].person,
        "chair": review.seats[0].person,
    }
    make.sign_in(client, readers[role])
    here = address.format(idea=review.idea.reference, review=review.id)

    counts = []
    for rows in (1, 29):
        enrich(db.session.get_one(Review, review_id), rows)
        db.session.commit()
        client.get(here)  # what is read once per process is read now
        db.session.expunge_all()
        with statements() as asked:
            answer = client.get(here)
        assert answer.status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[0]
    assert counts[1] <= LIMITS[address, role], asked
