"""Ideas alike are shown to whoever may see them, and people say how two stand to each other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation import clock
from innovation.db import db
from innovation.events import list_events
from innovation.ideas import commands, queries, word_counts
from innovation.ideas.models import Idea, Wall
from innovation.ideas.relation_models import IdeaRelation
from innovation.permission import Actor, Forbidden
from tests import make
from tests.beside import watched
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")
TITLE = "Reading clubs run by matric leavers"


def pair() -> tuple[Idea, Idea]:
    return make.idea(title=TITLE), make.idea(title="Reading clubs led by matriculants")


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def references(actor: Actor) -> list[str]:
    return [each.reference for each in queries.find_alike(actor, TITLE)]


def related(actor: Actor, idea: Idea) -> list[tuple[str, str, bool]]:
    return [(each.reference, each.relation, each.here) for each in queries.list_related(actor, idea)]


def test_an_idea_behind_a_wall_is_not_hinted_at() -> None:
    who = make.staff("coordinator")
    walled, seen = pair()
    make.add(Wall(idea_id=walled.id, person_id=who.id, why="affiliation:1"))

    assert references(make.actor(who)) == [seen.reference]


def test_whoever_sees_few_ideas_finds_theirs_among_many() -> None:
    owner = make.person()
    mine = make.idea(owner, title=TITLE)
    for _n in range(6):
        make.idea(title=TITLE)

    assert references(make.actor(owner)) == [mine.reference]


def test_common_words_are_counted_from_a_sample_and_once() -> None:
    pair()
    word_counts.forget()

    counted, again = word_counts.recount(), word_counts.recount()

    assert (counted, again) == (True, False)
    assert word_counts.rarity().counts["club"] == 2


def test_others_write_while_words_are_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    pair()
    db.session.commit()
    found: list[bool] = []
    monkeypatch.setattr(word_counts, "count", watched(app, word_counts.count, found))

    clock.recount_words()

    assert found == [True]


def test_what_is_said_shows_on_both_ideas() -> None:
    who, (here, there) = coordinator(), pair()

    commands.relate_idea(who, here, other=there.reference, relation="builds_on")

    assert related(who, here) == [(there.reference, "builds_on", True)]
    assert related(who, there) == [(here.reference, "builds_on", False)]


def test_what_is_said_later_holds_and_both_stay_on_record() -> None:
    who, (here, there) = coordinator(), pair()
    commands.relate_idea(who, here, other=there.reference, relation="same")

    commands.relate_idea(who, there, other=here.reference, relation="different")

    assert related(who, here) == [(there.reference, "different", False)]
    assert [each.relation for each in db.session.query(IdeaRelation).order_by(IdeaRelation.id)] == ["same", "different"]
    assert list_events(f"idea:{here.id}", kinds=["idea_related"])[0].data["relation"] == "same"


def test_the_same_said_twice_is_said_once() -> None:
    who, (here, there) = coordinator(), pair()

    said = [commands.relate_idea(who, here, other=there.reference, relation="same").id for _n in range(2)]

    assert said[0] == said[1]


def test_an_owner_learns_nothing_of_an_idea_that_is_not_theirs_to_see() -> None:
    owner = make.person()
    here, unseen = make.idea(owner), make.idea()
    commands.relate_idea(coordinator(), here, other=unseen.reference, relation="same")

    refused = []
    for reference in (unseen.reference, "LP26-9999"):
        with pytest.raises(Refused) as caught:
            commands.relate_idea(make.actor(owner), here, other=reference, relation="same")
        refused.append(caught.value.reasons)

    assert refused[0] == refused[1]
    assert related(make.actor(owner), here) == []


def test_a_stranger_says_nothing_of_an_idea() -> None:
    here, there = pair()

    with pytest.raises(Forbidden):
        commands.relate_idea(make.actor(make.person()), here, other=there.reference, relation="same")


def test_the_page_tells_why_and_takes_an_answer(client: FlaskClient) -> None:
    here, there = pair()
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{here.reference}/alike").text
    answered = client.post(f"/ideas/{here.reference}/relations", data={"other": there.reference, "relation": "same"})
    shown = client.get(f"/ideas/{there.reference}").text

    assert "Both speak of: " in page
    assert answered.status_code == 302
    assert "The same idea as" in shown
