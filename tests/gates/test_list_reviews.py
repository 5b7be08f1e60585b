"""Which reviews are listed for whom, in which order, and how many they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from innovation.db import db, now
from innovation.gates import queries
from innovation.gates.models import Condition, Review, Seat
from innovation.gates.queries import ReviewFilters, finding
from innovation.ideas.models import Wall
from innovation.permission import Actor
from innovation.pipeline.due import DueFilters, list_due
from tests import make
from tests.gates.deciding import decide

TODAY = dt.date(2026, 11, 26)


def a_review(due: dt.date | None = None, *, closed: dt.datetime | None = None, **idea: Any) -> Review:
    made = make.review(of=make.idea(place="at_screening", **idea))
    made.due_on, made.closed_at, made.state = due, closed, "decided" if closed else "scoring"
    for seat in made.seats:
        seat.closed_at = closed
    db.session.flush()
    return made


def listed(actor: Actor, size: int = 50, **narrowed: str) -> list[Review]:
    found = queries.list_reviews(actor, ReviewFilters(**narrowed), size=size, today=TODAY)
    assert found.counted == len(found.items) or found.has_next
    return list(found.items)


def test_what_waits_for_the_reader_comes_first_then_what_is_due_then_what_was_closed_last(app: Flask) -> None:
    staff = make.staff("coordinator")
    long_ago, of_late = (a_review(closed=now() - dt.timedelta(days=days)) for days in (30, 2))
    without, later, sooner = (a_review(day) for day in (None, dt.date(2026, 12, 9), dt.date(2026, 12, 1)))
    mine = a_review(dt.date(2026, 12, 24))
    make.add(Seat(review_id=mine.id, person_id=staff.id, role="member"))

    assert listed(make.actor(staff)) == [mine, sooner, later, without, of_late, long_ago]


def test_words_of_many_newer_ideas_elsewhere_hide_no_review_of_ones_own_region(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = make.region("LP"), make.region("GP")
    mine = [a_review(title="Reading at home", region_id=own.id) for _n in range(3)]
    for _n in range(6):
        make.idea(title="Reading at school", region_id=other.id)
    monkeypatch.setattr(finding, "MOST_TITLED", 4)
    coordinator = make.actor(make.staff("coordinator", region_id=own.id))

    assert set(listed(coordinator, size=3, q="reading")) == set(mine)


def test_a_member_has_what_waits_first_then_what_is_due_then_what_was_closed_within_a_year(app: Flask) -> None:
    person = make.person()
    long_ago, of_late, over_a_year = (a_review(closed=now() - dt.timedelta(days=days)) for days in (30, 2, 366))
    done, sooner, later = (a_review(dt.date(2026, 12, day)) for day in (1, 9, 24))
    for each in (long_ago, of_late, over_a_year, done, sooner, later):
        make.add(Seat(review_id=each.id, person_id=person.id, role="member", closed_at=each.closed_at))
    observes = a_review(dt.date(2026, 11, 30))
    make.add(Seat(review_id=observes.id, person_id=person.id, role="observer"))
    db.session.expire_all()
    [seat] = [seat for seat in done.seats if seat.person_id == person.id]
    make.score(seat)

    assert listed(make.actor(person)) == [sooner, later, observes, done, of_late, long_ago]


def test_a_member_is_listed_nothing_behind_a_wall_nor_after_recusal(app: Flask) -> None:
    person = make.person()
    walled, recused, closed = a_review(), a_review(), a_review(closed=now())
    for each, stance in ((walled, "none"), (recused, "recused"), (closed, "none")):
        make.add(Seat(review_id=each.id, person_id=person.id, role="member", stance=stance, closed_at=each.closed_at))
    make.add(Wall(idea_id=walled.idea_id, person_id=person.id, why="declared"))

    assert listed(make.actor(person)) == [closed]


def test_a_panel_that_has_decided_is_not_overdue_while_its_decision_waits(app: Flask) -> None:
    staff, settled, late = make.staff("coordinator"), make.scored_review(), a_review(dt.date(2026, 11, 20))
    settled.due_on = dt.date(2026, 11, 20)
    decide(settled, announce="later")
    db.session.commit()
    actor = make.actor(staff)

    due = list_due(actor, DueFilters(kind="review"), today=TODAY)

    assert [review.id for review in listed(actor, due="overdue")] == [late.id]
    assert [each.thing for each in due.items] == [late.id]


def test_reviews_are_found_by_the_beginnings_of_words_of_title_and_reference(app: Flask) -> None:
    staff, member = make.staff("coordinator"), make.person()
    clubs, corners = a_review(title="Reading clubs"), a_review(title="Rédaction corners", closed=now())
    clubs.idea.search_text = "a secret"
    for review in (clubs, corners):
        make.add(Seat(review_id=review.id, person_id=member.id, role="observer", closed_at=review.closed_at))
    a_review(title="Reading at home", region_id=make.region("GP").id)

    for person in (staff, member):
        actor = make.actor(person)
        assert listed(actor, q="rea clu") == listed(actor, q=clubs.idea.reference) == [clubs]
        assert listed(actor, q="redac") == [corners]
        assert listed(actor, q="secret") == listed(actor, q="ubs") == listed(actor, q="%") == []
    assert len(listed(make.actor(staff), q="reading")) == 2
    assert listed(make.actor(member), q="reading") == [clubs]


def test_pages_of_reviews_turn_without_a_gap(app: Flask) -> None:
    actor = make.actor(make.staff("coordinator"))
    for number in range(3):
        a_review(TODAY + dt.timedelta(days=number % 2))
        a_review(closed=now() - dt.timedelta(days=number))

    pages = [queries.list_reviews(actor, ReviewFilters(), page=page, size=2, today=TODAY) for page in (1, 2, 3)]
    ids = queries.list_review_ids(actor, ReviewFilters(), today=TODAY, limit=100)

    assert [review for page in pages for review in page.items] == listed(actor)
    assert [page.counted for page in pages] == [6, 6, 6]
    assert queries.reviews_by_id(actor, ids) == listed(actor)


def test_staff_of_a_region_see_its_reviews_and_those_where_they_sit(app: Flask) -> None:
    here, away = make.region("LP"), make.region("GP")
    staff = make.staff("coordinator", region_id=away.id)
    elsewhere, theirs, at_their_seat, both = (a_review(region_id=r.id) for r in (here, away, here, away))
    for review in (at_their_seat, both):
        make.add(Seat(review_id=review.id, person_id=staff.id, role="observer", stance="none"))
    hidden = a_review(region_id=away.id)
    make.add(Wall(idea_id=hidden.idea_id, person_id=staff.id, why="seat:1"))

    found = listed(make.actor(staff))

    assert set(found) == {theirs, at_their_seat, both}
    assert elsewhere not in found


@pytest.mark.parametrize(
    ("narrowed", "expected"), [({"state": "open"}, 2), ({"state": "decided"}, 1), ({}, 3)], ids=str
)
def test_a_member_sees_the_reviews_where_they_sit_as_many_as_are_counted(
    app: Flask, narrowed: dict[str, str], expected: int
) -> None:
    member = make.person()
    for review in (a_review(), a_review(), a_review(closed=now())):
        make.add(Seat(review_id=review.id, person_id=member.id, role="member"))
    a_review()

    assert len(listed(make.actor(member), **narrowed)) == expected


def test_a_condition_waits_for_whom_it_names_and_otherwise_for_the_owner(app: Flask) -> None:
    decision = decide(make.scored_review(), "go")
    helper = make.person()
    for text, owner_id in (("named", helper.id), ("nobody's", None)):
        make.add(
            Condition(
                decision_id=decision.id,
                idea_id=decision.idea_id,
                gate_key="screening",
                text=text,
                owner_id=owner_id,
                due_on=TODAY,
            )
        )

    def waiting(person: Any) -> int:
        return len([item for item in queries.waiting_for(make.actor(person)) if item.kind == "condition"])

    assert [waiting(who) for who in (helper, decision.idea.owner, make.person())] == [1, 1, 0]
