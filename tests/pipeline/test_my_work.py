"""My work: everything that waits for a person, and nothing else."""

from __future__ import annotations

import datetime as dt
import re

from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.funders.models import Interest
from innovation.gates import commands as gates
from innovation.gates.models import Review, Seat
from innovation.gates.queries import MOST_LISTED
from innovation.ideas.models import Handin, Idea, Wall
from innovation.pilots.plan_models import Pilot
from innovation.pipeline import work
from innovation.pipeline.work import Task
from innovation.web import today
from tests import make
from tests.databases import statements

TODAY = dt.date(2026, 11, 23)


def tasks(html: str) -> list[str]:
    return re.findall(r'<div class="grow"><a href="[^"]+"><b>([^<]+)</b>', html)


def convened() -> tuple[Review, Person]:
    """A review that has just opened, and its chair."""
    idea = make.idea(place="at_screening")
    panel = make.panel(size=4)
    db.session.commit()
    review = gates.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id)
    return review, review.seats[0].person


def test_a_hold_that_has_ended_waits_for_the_coordinator(app: Flask, client: FlaskClient) -> None:
    yesterday, tomorrow = (now().date() + dt.timedelta(days=days) for days in (-1, 1))
    for title, until in (("Ended", yesterday), ("Still on hold", tomorrow)):
        make.idea(place="at_pilot", standing="held", held_until=until, title=title)
    make.idea(place="concept", standing="held", title="Nothing is owed any more")
    make.sign_in(client, make.staff("coordinator"))

    page = client.get("/work").text

    assert tasks(page) == ["Resume it, or decide otherwise: its hold has ended"] * 2
    assert [title in page for title in ("Ended", "Nothing is owed any more", "Still on hold")] == [True, True, False]


def test_tasks_are_grouped_by_urgency() -> None:
    days = {"late": -1, "today": 0, "in a week": 7, "in a month": 30}
    listed = [Task(name, "/", "LP26-0001", "Title", TODAY + dt.timedelta(days=n)) for name, n in days.items()]

    with make_language():
        groups = work.grouped([Task("whenever", "/", "LP26-0002", "Title"), *reversed(listed)], TODAY)

    assert [(g.label, [t.text for t in g.tasks]) for g in groups] == [
        ("Overdue", ["late"]),
        ("This week", ["today", "in a week"]),
        ("Later", ["in a month"]),
        ("When you can", ["whenever"]),
    ]


def make_language():  # type: ignore[no-untyped-def]
    """Words need an application to be looked up in."""
    from flask_babel import Babel

    app = Flask("words")
    Babel(app)
    return app.test_request_context()


def test_a_member_is_asked_to_declare_first(client: FlaskClient, app: Flask) -> None:
    _review, chair = convened()

    html = make.sign_in(client, chair).get("/work").text

    assert tasks(html) == ["Say whether you have an interest"]
    assert ">1 to do<" in html


def test_a_coordinator_is_asked_to_convene_and_to_accept(client: FlaskClient, app: Flask) -> None:
    make.idea(place="at_screening")
    idea = make.idea(place="concept")
    make.add(Handin(idea_id=idea.id, deliverable=idea.definition.deliverables[1].key, number=1, content={}))
    coordinator = make.staff("coordinator")
    db.session.commit()

    html = make.sign_in(client, coordinator).get("/work").text

    name = idea.definition.deliverables[1].name
    assert sorted(tasks(html)) == [f"Accept or return: {name}", "Convene a panel"]


def test_what_is_too_much_to_list_leads_to_the_desk(client: FlaskClient, app: Flask) -> None:
    for number in range(MOST_LISTED + 1):
        make.idea(place="at_screening", title=f"Idea {number}")
    make.sign_in(client, make.staff("coordinator"))

    page = client.get("/work").text

    more = "There is more of this: the first 40 are listed, and the next follow"
    assert tasks(page) == ["Convene a panel"] * MOST_LISTED + [more]
    assert f'<a href="/reviews/desk"><b>{more}' in page


def test_an_owner_is_told_what_their_idea_misses(client: FlaskClient, app: Flask) -> None:
    owner = make.person("Owner")
    make.idea(owner, place="captured")
    make.idea(place="captured")
    db.session.commit()

    found = tasks(make.sign_in(client, owner).get("/work").text)

    assert [re.sub(r"\d+", "n", text) for text in found] == ["n things are missing for the screening gate"]


def test_somebody_for_whom_nothing_waits_is_told_so(client: FlaskClient, app: Flask) -> None:
    html = make.sign_in(client, make.person("Newcomer")).get("/work").text

    assert (tasks(html), "Nothing waits for you" in html) == ([], True)


def test_a_held_idea_asks_nothing_of_its_owner(client: FlaskClient, app: Flask) -> None:
    owner = make.person("Owner")
    make.idea(owner, place="captured", standing="held")
    db.session.commit()

    assert tasks(make.sign_in(client, owner).get("/work").text) == []


def test_the_page_takes_the_same_number_of_queries_for_1_and_for_30_things(client: FlaskClient, app: Flask) -> None:
    owner = make.staff("coordinator")
    make.sign_in(client, owner)
    _one_of_each(owner)
    client.get("/work")
    with statements() as one:
        client.get("/work")
    for _each in range(30):
        _one_of_each(owner)

    with statements() as thirty:
        client.get("/work")

    assert len(thirty) == len(one)


def _one_of_each(owner: Person) -> None:
    make.idea(owner, place="captured")
    make.idea(place="at_screening")
    other: Idea = make.idea(place="concept")
    make.add(Handin(idea_id=other.id, deliverable=other.definition.deliverables[1].key, number=1, content={}))
    db.session.commit()


def test_a_facilitator_is_asked_to_open_to_close_and_to_report_the_clinics_of_theirs(
    client: FlaskClient, app: Flask
) -> None:
    day = today()
    facilitator = make.person()
    ahead = {"planned": 3, "open": 0, "closed": -2}
    for state, days in ahead.items():
        on = day + dt.timedelta(days=days)
        clinic = make.clinic(state, starts_on=on, ends_on=on)
        make.grant(facilitator, "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    later = day + dt.timedelta(days=40)
    for state in ("planned", "reported"):
        clinic = make.clinic(state, starts_on=later, ends_on=later)
        make.grant(facilitator, "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    make.clinic("open")  # somebody else's
    db.session.commit()

    html = make.sign_in(client, facilitator).get("/work").text

    assert tasks(html) == ["Capture ideas, then close the clinic", "Open the clinic", "Finish the report of the clinic"]


def told_to_do(page: str) -> str:
    found = re.search(r'<a class="tag info" href="/work">([^<]+)</a>', page)
    return found[1] if found else ""


def test_the_number_beside_the_name_is_that_of_the_list(app: Flask, client: FlaskClient) -> None:
    review, _chair = convened()
    observer = gates.seat_person(
        make.actor(make.staff("coordinator")), review, person_id=make.person("Observer").id, role="observer"
    ).person
    elsewhere, _other_chair = convened()
    elsewhere.idea.place = "concept"
    member = review.seats[2].person
    make.add(Seat(review_id=elsewhere.id, person_id=member.id, role="member"))
    db.session.commit()

    pages = [make.sign_in(client, who).get("/work").text for who in (observer, member)]

    assert [(len(tasks(page)), told_to_do(page)) for page in pages] == [(1, "1 to do"), (1, "1 to do")]


def test_where_more_may_wait_than_can_be_counted_the_number_says_so(app: Flask, client: FlaskClient) -> None:
    idea = make.listed_idea()
    make.add(Interest(funder_id=make.funder().id, idea_id=idea.id))
    make.idea(idea.owner, place="captured")
    db.session.commit()

    page = make.sign_in(client, idea.owner).get("/work").text

    assert (len(tasks(page)), told_to_do(page)) == (2, "1 or more to do")


def test_an_interest_in_an_idea_on_hold_waits_for_nobody(app: Flask, client: FlaskClient) -> None:
    idea = make.listed_idea(standing="held")
    make.add(Interest(funder_id=make.funder().id, idea_id=idea.id))
    db.session.commit()

    page = make.sign_in(client, idea.owner).get("/work").text

    assert (tasks(page), told_to_do(page)) == ([], "")


def test_nothing_of_an_idea_that_is_closed_to_its_owner_waits_for_them(app: Flask, client: FlaskClient) -> None:
    owner = make.person("Owner")
    preparing, ready, shared = make.idea(owner), make.idea(owner, place="piloting"), make.listed_idea(owner=owner)
    make.add(Pilot(idea_id=ready.id, number=1, state="planned"))
    make.add(Interest(idea_id=shared.id, funder_id=make.funder().id, state="shown", shown_at=now(), message="Yes."))
    make.sign_in(client, owner)
    before = client.get("/work").text
    for each in (preparing, ready, shared):
        make.add(Wall(idea_id=each.id, person_id=owner.id, why="seat:1"))
    db.session.commit()

    after = client.get("/work").text

    ideas = (preparing, ready, shared)
    assert [[each.reference in page for each in ideas] for page in (before, after)] == [[True] * 3, [False] * 3]
