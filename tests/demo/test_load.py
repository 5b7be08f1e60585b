"""The demonstration shows everything there is, and leaves true what commands leave true."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import aliased

from innovation.accounts.models import Account, Person
from innovation.clinics.models import Clinic
from innovation.db import Base, db
from innovation.demo import load
from innovation.demo.setting import PASSWORD
from innovation.events import Delivery, Event
from innovation.funders.models import Award, Funder, Interest, Mandate
from innovation.gates.models import Condition, Decision, Panel, Review, Seat
from innovation.ideas import search
from innovation.ideas.models import Idea
from innovation.notifications.models import Notice
from innovation.pilots.plan_models import Indicator, PilotSite
from innovation.pilots.reading_models import BASELINE, Reading, StopWarning
from innovation.places.models import School, SchoolTerm
from innovation.programmes.models import Programme
from innovation.replication.models import Rollout
from tests import make
from tests.conftest import IN_ALL
from tests.demo.invariants import broken
from tests.demo.reading import IDEAS
from workflows import CLINIC, OUTCOMES, STANDINGS, Refused, library_definition

EDUCATION = library_definition("education")
SIGN_INS = [sign_in.email for sign_in in load.sign_ins()]


def among(column: sa.orm.InstrumentedAttribute[str]) -> set[str]:
    return set(db.session.scalars(sa.select(column).distinct()))


def count(model: type, *where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def test_the_written_ideas_stand_where_their_stories_end(world: Flask) -> None:
    titles = {idea["title"]: (idea["story"]["reaches"], idea["story"]["standing"]) for idea in IDEAS}

    found = {
        idea.title: (idea.place, idea.standing)
        for idea in db.session.scalars(sa.select(Idea).where(Idea.title.in_(titles)))
    }

    assert found == titles


def test_every_place_standing_and_outcome_is_there(world: Flask) -> None:
    places = {place.place for place in EDUCATION.places}

    assert among(Idea.place) >= places
    assert among(Idea.standing) == set(STANDINGS)
    assert among(Decision.outcome) == set(OUTCOMES)
    assert among(Clinic.state) == set(CLINIC.states)
    assert among(Condition.state) == {"open", "offered", "met", "waived"}
    assert among(Interest.state) == {"shown", "accepted", "declined", "withdrawn"}
    assert among(Seat.stance) == {"undeclared", "none", "declared", "accepted", "recused", "excused"}
    assert among(Panel.gate_key) == {gate.key for gate in EDUCATION.gates}


def test_panels_are_at_work_before_and_after_their_quorum(world: Flask) -> None:
    open_reviews = db.session.scalars(sa.select(Review).where(Review.state == "scoring")).all()

    reached = Counter(
        sum(1 for seat in review.seats if seat.counts and seat.submitted) >= review.quorum for review in open_reviews
    )

    assert min(reached[True], reached[False]) >= 1


def test_what_commands_keep_is_true_of_the_whole_world(world: Flask) -> None:
    found = broken()

    assert found == {}


def test_its_pilots_reach_no_more_learners_than_go_to_school_there_and_who_taught_others_looks_after_them(
    world: Flask,
) -> None:
    taught = aliased(Rollout)
    too_many = sa.select(sa.func.count()).select_from(PilotSite).join(School, School.emis == PilotSite.emis)
    mentors = sa.select(Rollout.mentor_id, taught.contact_id).join(taught, taught.id == Rollout.learned_from_id)

    assert db.session.scalar(too_many.where(PilotSite.learners > School.learners)) == 0
    assert {mentor == contact for mentor, contact in db.session.execute(mentors)} == {True}


def test_what_is_counted_of_ten_or_a_hundred_is_never_more(world: Flask) -> None:
    read = sa.select(sa.func.max(Reading.value)).join(Indicator, Indicator.id == Reading.indicator_id)

    assert db.session.scalar(read.where(Indicator.name.endswith("of ten"))) <= 10
    assert db.session.scalar(read.where(Indicator.unit.startswith("%"))) <= 100


def test_a_stop_warning_is_raised_soon_after_the_term_that_it_is_about(world: Flask) -> None:
    ended = {term.key: term.ends_on for term in db.session.scalars(sa.select(SchoolTerm))}

    late = [(each.raised_at.date() - ended[each.term]).days for each in db.session.scalars(sa.select(StopWarning))]

    assert min(late) > 0
    assert max(late) < 30


def test_what_a_plan_says_was_there_before_is_what_was_measured(world: Flask) -> None:
    before = sa.func.avg(Reading.value).filter(Reading.term == BASELINE)
    of_each = sa.select(Indicator.baseline, before).join(Reading, Reading.indicator_id == Indicator.id)
    found = db.session.execute(of_each.group_by(Indicator.id, Indicator.baseline).having(before.is_not(None))).all()

    apart = [round(abs(planned - measured), 6) for planned, measured in found]

    assert apart == [0.0] * 4


def test_every_index_is_there_again_and_new_ideas_are_found_by_their_words(world: Flask) -> None:
    known = sa.inspect(db.engine)
    tables = Base.metadata.tables.values()

    missing = {i.name for t in tables for i in t.indexes} - {
        i["name"] for t in tables for i in known.get_indexes(t.name)
    }
    make.add(Idea(**_like_another(), reference="ZZ26-0001", title="Quokka clubs"))

    assert missing == set()
    assert count(Idea, search.matching("quokka")) == 1
    assert count(Idea, search.matching("reading")) > 10


def _like_another() -> dict[str, Any]:
    """The columns of some idea, without what is its own."""
    other = db.session.scalars(sa.select(Idea).limit(1)).one()
    own = {"id", "reference", "title", "import_key", "secret_digest"}
    return {c.key: getattr(other, c.key) for c in sa.inspect(Idea).column_attrs if c.key not in own} | {
        "secret_digest": "0" * 64
    }


def test_the_ideas_asked_for_are_there_with_titles_of_their_own(world: Flask) -> None:
    titles = Counter(db.session.scalars(sa.select(Idea.title)))

    assert sum(titles.values()) == IN_ALL
    assert max(titles.values()) <= 3


def test_bulk_decisions_look_like_those_of_panels(world: Flask) -> None:
    screened = Counter(
        db.session.scalars(sa.select(Decision.outcome).join(Review).where(Review.gate_key == "screening"))
    )

    passed = (screened["go"] + screened["conditional"]) / sum(screened.values())

    assert 0.35 < passed < 0.75
    assert screened["recycle"] > screened["stop"] > 0


def test_facts_hold_no_names_and_no_addresses(world: Flask) -> None:
    told = "\n".join(db.session.scalars(sa.select(Event.facts)))
    words = {*db.session.scalars(sa.select(Person.name)), *db.session.scalars(sa.select(Idea.title)), "@"}

    leaked = [word for word in words if word in told]

    assert leaked == []


def test_real_funders_come_with_figures_and_awards_and_with_nothing_else(world: Flask) -> None:
    real = Funder.is_demo.is_(False)
    theirs = Funder.id.in_(sa.select(Mandate.funder_id)) | Funder.id.in_(sa.select(Interest.funder_id))

    of_real = Award.funder_id.in_(sa.select(Funder.id).where(real))
    assert (count(Funder, real), count(Award, of_real)) == (21, 300)
    assert count(Funder, real, theirs) == 0
    assert count(Award, ~of_real) == 14  # invented, of an invented fund: what it has funded teaches the matcher


def test_nothing_is_owed_from_the_past_and_recent_news_is_unread(world: Flask) -> None:
    owed = count(Delivery, Delivery.done_at.is_(None))

    assert owed == 0
    assert count(Notice, Notice.read_at.is_(None)) > 5


def test_everybody_in_it_is_part_of_the_demonstration(world: Flask) -> None:
    real = count(Person, Person.is_demo.is_(False))

    assert real == 0
    assert set(SIGN_INS) <= among(Account.email)


def test_loading_again_changes_nothing(world: Flask) -> None:
    before = {table.name: count(table) for table in db.metadata.sorted_tables}

    was_loaded = load.load(20_000)

    assert was_loaded is False
    assert {table.name: count(table) for table in db.metadata.sorted_tables} == before


def test_it_is_not_loaded_beside_a_real_programme(app: Flask) -> None:
    make.programme()
    db.session.commit()

    with pytest.raises(Refused) as refused:
        load.load()

    assert refused.value.reasons == (load.NOT_EMPTY,)
    assert count(Programme) == 1


@pytest.mark.parametrize("email", SIGN_INS)
def test_each_sign_in_opens_the_pages_of_its_role(world: Flask, email: str) -> None:
    client = world.test_client()

    signed_in = client.post("/sign-in", data={"email": email, "password": PASSWORD})

    assert signed_in.status_code == 302
    assert [(path, status) for path, status in opened(client) if status != 200] == []


def opened(client: FlaskClient) -> list[tuple[str, int]]:
    """The pages that everybody may open, each with its answer."""
    paths = ("/", "/work", "/inbox", "/search?q=reading")
    return [(path, client.get(path, follow_redirects=True).status_code) for path in paths]


@pytest.mark.parametrize("who", ["coordinator", "owner", "reviewer1", "funder"])
def test_no_link_leads_nowhere(world: Flask, who: str) -> None:
    client = world.test_client()
    client.post("/sign-in", data={"email": f"{who}@gatehouse.example", "password": PASSWORD})

    lost = [(page, status) for page, status in followed(client, 40) if status >= 400]

    assert lost == []


def followed(client: FlaskClient, most: int) -> Iterator[tuple[str, int]]:
    """The pages that links lead to from the first one on, a few of each kind, each with its answer."""
    waiting, seen, kinds = ["/"], {"/"}, Counter[str]()
    for _ in range(most):
        if not waiting:
            return
        page = waiting.pop(0)
        answer = client.get(page)
        yield page, answer.status_code
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        links = [answer.location] if answer.location else re.findall(r'href="(/[^"#]*)', text)
        for link in map(html.unescape, links):
            kind = re.sub(r"[0-9]+", "0", link.partition("?")[0])
            if link not in seen and not link.startswith("/static") and "export=" not in link and kinds[kind] < 2:
                kinds[kind] += 1
                seen.add(link)
                waiting.append(link)
