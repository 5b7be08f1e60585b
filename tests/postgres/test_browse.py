"""Browsing as a funder answers on PostgreSQL as it does on SQLite."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from innovation import clock
from innovation.db import db
from innovation.funders import queries
from innovation.funders.commands.workspace import save_search
from innovation.funders.exposure import note_shown
from innovation.funders.models import Exposure
from innovation.funders.queries import Browsing, Filters
from innovation.notifications.models import Message
from innovation.web import today
from tests import make
from tests.funders.test_rank_ideas import CHANGES, looking, told
from tests.funders.watching import fund, listed

DAY = dt.date(2026, 11, 26)
CHOSEN = {
    "theme": ["t1"],
    "province": ["ZA-LP"],
    "phase": ["fp"],
    "stage": ["ready"],
    "ask": ["b1", "b3"],
    "evidence": ["E2"],
    "fit": ["strong", "good"],
}


def test_filters_and_blockers_find_the_same_ideas(app: Flask) -> None:
    wanted, small = make.listed_idea(), make.listed_idea()
    make.ask(small, number=2, amount_cents=10_000_00)
    make.listed_idea(place="piloting")
    funder = make.funder()
    person = make.funder_person(funder)
    filters = Filters.of({**CHOSEN, "q": "clubs"})

    browsing = Browsing(make.actor(person), funder, queries.mandates_for(funder, today()), today())
    found = browsing.find(filters)

    assert [match.idea_id for match in found.matches] == [wanted.id]
    assert dict(found.blocked) == {"ticket": 1}
    assert dict(browsing.tally(filters, found).counts["ask"]) == {"b3": 1}
    assert dict(browsing.find(Filters()).blocked) == {"ticket": 1, "stage": 1}


def test_what_was_shown_counts_once_a_day(app: Flask) -> None:
    funder_id, idea_id = make.funder().id, make.listed_idea().id
    db.session.commit()

    for day in (DAY, DAY, DAY + dt.timedelta(days=1)):
        note_shown(db.engine, funder_id, [idea_id], [], day)

    assert [row.times for row in db.session.scalars(db.select(Exposure))] == [2]


def test_the_ranking_that_is_kept_sees_every_change(app: Flask) -> None:
    csi = fund()

    for what, change in CHANGES.items():
        idea = listed()
        queries.rank(looking(csi), Filters())
        change(csi, idea)
        db.session.commit()
        db.session.expire_all()
        assert told(queries.rank(looking(csi), Filters()).found) == told(looking(csi).find(Filters())), what


def test_a_search_mails_a_new_idea_once(app: Flask) -> None:
    funder = make.funder()
    person = make.funder_person(funder)
    make.account(person)
    save_search(make.actor(person), funder, name="Clubs", filters=Filters(q="clubs"), often="instant")
    idea = make.listed_idea()
    db.session.commit()

    for _time in range(2):
        clock.tell_of_searches()

    assert [idea.reference in message.text for message in db.session.scalars(db.select(Message))] == [True]
