"""Who sees which ideas, in lists, in searches and in the counts of the line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.ideas import queries, search
from innovation.ideas.models import Access, Idea, Wall
from innovation.ideas.queries import SORTS, Filters
from innovation.permission import NotThere
from innovation.programmes.models import Region
from tests import make
from tests.databases import statements


def test_the_owner_contributors_and_staff_find_an_idea_and_a_stranger_does_not(app: Flask) -> None:
    idea = make.idea()
    team = make.contributor(idea)
    coordinator = make.staff("coordinator")
    for person in (idea.owner, team, coordinator):
        assert queries.find_idea(make.actor(person), idea.reference.lower()) == idea

    with pytest.raises(NotThere):
        queries.find_idea(make.actor(make.person()), idea.reference)


def test_a_coordinator_of_another_region_does_not_find_it(app: Flask) -> None:
    idea = make.idea()
    other = make.region("GP")
    coordinator = make.staff("coordinator", region_id=other.id)

    with pytest.raises(NotThere):
        queries.find_idea(make.actor(coordinator), idea.reference)


def test_a_declared_conflict_hides_the_idea_from_staff_and_from_their_counts(app: Flask) -> None:
    idea = make.idea()
    make.idea()
    coordinator = make.staff("coordinator")
    make.add(Wall(idea_id=idea.id, person_id=coordinator.id, why="seat:1"))
    actor = make.actor(coordinator)
    db.session.commit()  # the line is counted when all is written

    counts = queries.count_places(actor, idea.programme_id)

    assert counts == {"captured": 1}
    assert idea not in queries.list_ideas(actor).items
    with pytest.raises(NotThere):
        queries.find_idea(actor, idea.reference)


def test_an_opened_idea_closes_when_its_time_is_over(app: Flask) -> None:
    idea = make.idea()
    member = make.person()
    access = make.add(Access(idea_id=idea.id, person_id=member.id, why="seat:1"))
    actor = make.actor(member)
    assert queries.find_idea(actor, idea.reference) == idea

    access.until = now() - dt.timedelta(seconds=1)
    db.session.flush()

    with pytest.raises(NotThere):
        queries.find_idea(actor, idea.reference)


def test_the_counts_of_the_line_are_those_of_the_list_for_every_kind_of_reader(app: Flask) -> None:
    home = make.region("LP")
    readers = [*people_of_every_sight(home), make.contributor(make.idea(place="piloting")), make.person()]
    db.session.commit()  # the line is counted when all is written

    for reader in readers:
        actor = make.actor(reader)
        seen = queries.list_ideas(actor, size=100).items
        alive = [idea.place for idea in seen if idea.standing in ("active", "held")]
        counts = queries.count_places(actor, home.programme_id)

        assert counts == {place: alive.count(place) for place in set(alive)}


def people_of_every_sight(home: Region) -> list[Person]:
    """Who sees a programme, a region, the ideas of its clinics, or some of these; with ideas in and outside of each."""
    away, owner, both = make.region("GP"), make.person(), make.person()
    make.grant(owner, "coordinator", programme_id=home.programme_id, region_id=home.id)
    make.grant(both, "coordinator", programme_id=home.programme_id, region_id=away.id)
    make.grant(both, "facilitator", programme_id=home.programme_id)
    of_a_region = make.staff("facilitator", region_id=away.id)
    clinic = make.clinic()
    for captured in (None, clinic.id):
        make.idea(owner, clinic_id=captured)
        make.idea(place="concept", clinic_id=captured)
        make.idea(place="ready", standing="held")
        make.idea(place="ready", standing="stopped", clinic_id=captured)
        make.idea(owner, place="concept", region_id=away.id, clinic_id=captured)
        make.idea(of_a_region, place="concept", region_id=away.id)
        make.idea(region_id=away.id, clinic_id=captured)
    hosts = [make.staff("facilitator"), make.staff("facilitator", clinic_id=clinic.id), of_a_region, both]
    for host in hosts[:-1]:
        make.add(Wall(idea_id=make.idea(clinic_id=clinic.id).id, person_id=host.id, why="seat:1"))
    return [owner, make.staff("manager"), *hosts]


@pytest.mark.parametrize(
    "narrowed",
    [{}, {"place": "concept"}, {"standing": "stopped"}, {"theme": "t1"}, {"q": "clubs"}, {"region": "GP"}],
    ids=str,
)
def test_as_many_ideas_are_counted_as_are_listed_for_every_kind_of_reader(app: Flask, narrowed: dict[str, Any]) -> None:
    home = make.region("LP")
    readers = people_of_every_sight(home)
    filters = Filters(programme=home.programme_id, **narrowed)

    found = {}
    for reader in readers:
        actor = make.actor(reader)
        visible = [idea for idea in queries.list_ideas(actor, size=100).items if fits(idea, narrowed)]
        found[reader.id] = (queries.list_ideas(actor, filters, size=100), visible)

    assert {key: page.counted for key, (page, _) in found.items()} == {k: len(seen) for k, (_, seen) in found.items()}
    assert {key: set(page.items) for key, (page, _) in found.items()} == {
        k: set(seen) for k, (_, seen) in found.items()
    }


def fits(idea: Idea, narrowed: dict[str, Any]) -> bool:
    """What the filters of the test mean, said of one idea."""
    on_the_line = idea.standing in ("active", "held") or "place" not in narrowed
    meant = {"place": idea.place, "standing": idea.standing, "region": idea.region.prefix}
    return on_the_line and all(meant[key] == value for key, value in narrowed.items() if key in meant)


@pytest.mark.parametrize("sort", [f"{sign}{key}" for key in SORTS for sign in ("", "-")])
def test_pages_turn_without_a_gap_in_every_order(app: Flask, sort: str) -> None:
    days = [dt.date(2026, 12, 1), None, dt.date(2026, 12, 1), None, dt.date(2026, 11, 1)]
    all_of_them = [make.idea(due_on=day, title="Reading clubs") for day in days]
    manager = make.actor(make.staff("manager"))

    pages = [queries.list_ideas(manager, sort=sort, page=number, size=2).items for number in (1, 2, 3)]
    backwards = queries.list_ideas(manager, sort=sort.removeprefix("-") if sort[0] == "-" else f"-{sort}").items

    listed = [idea for page in pages for idea in page]
    assert sorted(idea.id for idea in listed) == [idea.id for idea in all_of_them]
    assert listed == list(reversed(backwards))


def test_ideas_without_a_date_come_after_those_that_are_due(app: Flask) -> None:
    later, never, soon = (make.idea(due_on=day) for day in (dt.date(2026, 12, 2), None, dt.date(2026, 12, 1)))
    manager = make.actor(make.staff("manager"))

    assert queries.list_ideas(manager, sort="due").items == [soon, later, never]
    assert queries.list_ideas(manager, sort="-due").items == [never, later, soon]


@pytest.mark.parametrize("text", ["reading", "clubs rea", "Reading CLUBS", "lp26", '"reading" clubs*', "reading-clubs"])
def test_a_search_finds_words_and_the_beginning_of_the_last_one(app: Flask, text: str) -> None:
    idea = make.idea(title="Reading clubs run by matric leavers", reference="LP26-7001")
    make.idea(title="Water tanks", summary="", reference="EC26-7002")
    actor = make.actor(idea.owner)

    found = queries.search_ideas(actor, text)

    assert found.items == [idea]


@pytest.mark.parametrize(
    "text", ["", "  ", "AND (", "water-tank AND (", "'; drop table idea", "***", "\x00", "a" * 5000, "NEAR/2"]
)
def test_a_search_never_fails_on_nonsense(app: Flask, text: str) -> None:
    make.idea()
    manager = make.actor(make.staff("manager"))

    assert queries.search_ideas(manager, text).items == []
    assert queries.list_ideas(manager, Filters(q=text)).counted in (0, 1)


def test_a_title_counts_for_more_than_the_text(app: Flask) -> None:
    manager = make.staff("manager")
    inside = make.idea(title="Saturday school", search_text="a library of readers")
    named = make.idea(title="Library on wheels", search_text="")

    found = queries.search_ideas(make.actor(manager), "library").items

    assert found == [named, inside]


def test_a_search_shows_nothing_that_the_person_may_not_see(app: Flask) -> None:
    make.idea(title="Reading clubs")
    stranger = make.actor(make.person())

    assert queries.search_ideas(stranger, "reading").items == []


def test_a_changed_title_is_found_and_the_old_one_is_not(app: Flask) -> None:
    idea = make.idea(title="Reading clubs")
    manager = make.actor(make.staff("manager"))

    idea.title = "Story circles"
    db.session.flush()

    assert queries.search_ideas(manager, "story").items == [idea]
    assert queries.search_ideas(manager, "clubs").items == []


def test_filters_narrow_the_list(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    idea = make.idea(place="concept", place_since=now() - dt.timedelta(days=40), district_id=make.district().id)
    make.idea(place="concept")
    make.idea(place="concept", standing="stopped", district_id=make.district().id)
    region = make.region()

    filters = Filters(place="concept", waiting=30, district=idea.district_id, theme="t1", region=region.prefix)

    assert queries.list_ideas(manager, filters).items == [idea]


def test_a_list_asks_the_same_number_of_questions_for_one_row_and_for_thirty(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    make.idea()
    few = count_queries(lambda: show(queries.list_ideas(manager, size=30).items))
    for _ in range(29):
        make.idea(make.person(), district_id=make.district().id)
    db.session.expire_all()

    many = count_queries(lambda: show(queries.list_ideas(manager, size=30).items))

    assert many == few == 2


def show(ideas: object) -> None:
    for idea in ideas:  # type: ignore[attr-defined]
        assert idea.theme.name
        assert idea.region.name
        assert idea.owner.name
        assert idea.where.name


def count_queries(work: Callable[[], object]) -> int:
    with statements() as asked:
        work()
    return len(asked)


def test_ideas_that_read_alike_are_found_and_the_others_are_not(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    clubs = make.idea(title="Reading clubs run by matric leavers", search_text="Children do not read for meaning.")
    make.idea(title="Water tanks for school gardens", search_text="Gardens dry out in August.")

    found = queries.find_alike(manager, "Reading clubs led by matriculants", "Children cannot read for meaning.")

    assert [alike.reference for alike in found] == [clubs.reference]
    assert set(found[0].why.shared) == {"reading", "meaning", "clubs", "children"}


def test_a_snippet_marks_what_was_looked_for() -> None:
    parts = search.snippet("Children do not read for meaning.", "read")

    assert parts == [("Children do not ", False), ("read", True), (" for meaning.", False)]
