"""Two ideas that were captured twice at one clinic become one, and part again."""

from __future__ import annotations

import pytest

from innovation.events import list_events
from innovation.gates import commands
from innovation.ideas.models import Idea, Wall
from innovation.ideas.relation_models import Merge
from innovation.permission import Actor, Forbidden
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def twins() -> tuple[Idea, Idea]:
    clinic = make.clinic()
    return make.idea(make.person("Owner"), clinic_id=clinic.id), make.idea(clinic_id=clinic.id)


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def merge(actor: Actor, twins: tuple[Idea, Idea]) -> Merge:
    return commands.merge_idea(actor, twins[0], into=twins[1].reference, reason="Written down by two facilitators.")


def team(idea: Idea) -> set[int]:
    return {each.person_id for each in idea.contributors if each.ended_at is None}


def test_the_facilitator_of_their_clinic_merges_two_ideas(twins: tuple[Idea, Idea]) -> None:
    facilitator = make.person()
    make.grant(facilitator, "facilitator", programme_id=twins[0].programme_id, clinic_id=twins[0].clinic_id)
    friend = make.contributor(twins[0])

    made = merge(make.actor(facilitator), twins)

    assert (twins[0].state, twins[0].merged_into_id) == (("captured", "merged"), twins[1].id)
    assert team(twins[1]) == {twins[0].owner_id, friend.id}
    assert (made.reason, made.merged_by_id) == ("Written down by two facilitators.", facilitator.id)
    assert [event.kind for event in list_events(f"idea:{twins[0].id}")] == ["idea_merged"]


def test_a_merge_is_undone_with_a_reason_and_stays_on_record(twins: tuple[Idea, Idea]) -> None:
    who = coordinator()
    made = merge(who, twins)

    commands.undo_merge(who, twins[0], reason="One is about toilets, the other about taps.")

    assert (twins[0].state, twins[0].merged_into_id) == (("captured", "active"), None)
    assert team(twins[1]) == set()
    assert (made.undone_reason, made.undone_by_id) == ("One is about toilets, the other about taps.", who.person_id)
    assert made.undone_at is not None


def test_a_merge_of_an_idea_on_hold_is_undone_too(twins: tuple[Idea, Idea]) -> None:
    here, there = twins
    here.standing = "held"
    who = coordinator()
    commands.end_held_idea(who, here, outcome="merge", rationale="The same.", merge_into=there.reference)

    undone = commands.undo_merge(who, here, reason="They differ.")

    assert (here.standing, undone.reason) == ("active", "The same.")


def test_ideas_of_two_clinics_are_left_to_panels(twins: tuple[Idea, Idea]) -> None:
    elsewhere = make.idea(clinic_id=make.clinic().id)

    with pytest.raises(Refused, match="same clinic"):
        merge(coordinator(), (twins[0], elsewhere))


@pytest.mark.parametrize("place", ["concept", "at_screening"])
def test_an_idea_that_has_gone_on_is_left_to_panels(twins: tuple[Idea, Idea], place: str) -> None:
    twins[0].place = place

    with pytest.raises(Refused, match="panel"):
        merge(coordinator(), twins)


def test_a_panels_merge_is_not_undone_here(twins: tuple[Idea, Idea]) -> None:
    twins[0].place, twins[0].standing, twins[0].merged_into_id = "at_screening", "merged", twins[1].id

    with pytest.raises(Refused, match="supersedes"):
        commands.undo_merge(coordinator(), twins[0], reason="They differ.")


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_merge_without_a_reason(twins: tuple[Idea, Idea], reason: str) -> None:
    with pytest.raises(Refused, match="Say why"):
        commands.merge_idea(coordinator(), twins[0], into=twins[1].reference, reason=reason)


def test_an_owner_does_not_merge_their_own_idea(twins: tuple[Idea, Idea]) -> None:
    with pytest.raises(Forbidden):
        merge(make.actor(twins[0].owner), twins)


def test_nobody_comes_over_with_an_idea_to_one_that_is_closed_to_them(twins: tuple[Idea, Idea]) -> None:
    recused, friend = make.contributor(twins[0]), make.contributor(twins[0])
    make.add(Wall(idea_id=twins[1].id, person_id=recused.id, why="seat:1"))

    merge(coordinator(), twins)

    assert team(twins[1]) == {twins[0].owner_id, friend.id}
