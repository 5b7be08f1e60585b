"""Asking who should review what, looking at it, changing it and confirming it: nothing is convened before."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from flask.testing import FlaskClient

from innovation.accounts.models import Affiliation, Person
from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.assignment_models import Assignment, Expertise
from innovation.gates.models import Panel, PanelMember, Review
from innovation.ideas.models import Idea, Wall
from innovation.jobs import running
from innovation.permission import NotThere
from tests import make
from tests.gates.visiting import sign_in
from workflows import Refused


@pytest.fixture
def coordinator(app: object) -> Person:
    person = make.staff("coordinator")
    make.account(person)
    return person


def panel_of(*roles: str) -> Panel:
    """A screening panel for the whole programme, with members who know nothing yet."""
    panel = make.add(Panel(programme_id=make.programme().id, gate_key="screening", name="Screening panel"))
    for number, role in enumerate(roles):
        person = make.person(f"{role.title()} {number}")
        make.account(person)
        make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
    return panel


def ideas_at_gate(count: int, **more: object) -> list[Idea]:
    return [make.idea(place="at_screening", **more) for _n in range(count)]


def asked(who: Person, **more: object) -> Assignment:
    """A suggestion that has been asked for and found."""
    made = commands.ask_assignment(make.actor(who), make.programme(), gate_key="screening", **more)
    return solve(who, made)


def solve(who: Person, assignment: Assignment) -> Assignment:
    problem, found = commands.find_suggestion(make.actor(who), assignment)
    return commands.keep_suggestion(make.actor(who), assignment, problem=problem, found=found)


def seats(assignment: Assignment, idea: Idea) -> set[int]:
    return {person_id for person_id, _role, _fit in assignment.result["seats"].get(str(idea.id), ())}


def members(panel: Panel, role: str) -> list[int]:
    return [member.person_id for member in panel.members if member.role == role]


def unmet(assignment: Assignment) -> list[list[object]]:
    return [each[1:4] for each in assignment.result["unmet"]]


# The suggestion


def test_members_who_know_its_theme_review_an_idea(coordinator: Person) -> None:
    panel = panel_of("chair", "member", "member", "member", "member")
    knowing = members(panel, "member")[:2]
    for person_id in knowing:
        commands.describe_member(make.actor(coordinator), panel, person_id=person_id, themes=["t1"], phases=["fp"])
    idea = ideas_at_gate(1)[0]

    found = asked(coordinator, reviewers=3)

    assert seats(found, idea) == {*members(panel, "chair"), *knowing}
    assert found.result["fit"] == 6


def test_nothing_is_convened_by_a_suggestion(coordinator: Person) -> None:
    panel_of("chair", "member", "member", "member")
    ideas_at_gate(2)

    asked(coordinator)

    assert make.first(Review) is None


@pytest.mark.parametrize("part", ["owner", "contributor", "facilitator", "wall", "coordinator", "closed"])
def test_whoever_has_a_part_in_an_idea_is_never_suggested_for_it(coordinator: Person, part: str) -> None:
    panel = panel_of("chair", "member", "member", "member", "member")
    person = db.session.get_one(Person, members(panel, "member")[0])
    idea = ideas_at_gate(1, clinic_id=make.clinic().id)[0]
    if part == "owner":
        idea.owner_id = person.id
    elif part == "contributor":
        make.contributor(idea, person)
    elif part == "facilitator":
        make.grant(person, "facilitator", programme_id=idea.programme_id, clinic_id=idea.clinic_id)
    elif part == "wall":
        make.add(Wall(idea_id=idea.id, person_id=person.id, why="affiliation:1"))
    elif part == "coordinator":
        make.grant(person, "coordinator", programme_id=idea.programme_id)
    else:
        person.account.disabled_at = idea.captured_at
    db.session.flush()

    found = asked(coordinator)

    assert len(seats(found, idea)) == 4
    assert person.id not in seats(found, idea)


def test_whoever_was_recused_from_an_idea_is_not_suggested_when_it_comes_back(coordinator: Person) -> None:
    review = make.review(size=5)
    out = review.seats[-1]
    make.declare(out, "recuse")
    commands.cancel_review(make.actor(coordinator), review)

    found = asked(coordinator, reviewers=5)

    assert seats(found, review.idea) == {seat.person_id for seat in review.seats} - {out.person_id}


def test_a_cap_counts_the_ideas_that_are_open_at_any_gate(coordinator: Person) -> None:
    panel = panel_of("chair", "chair", "member", "member")
    first, second = ideas_at_gate(2)
    commands.convene_panel(make.actor(coordinator), first, panel_id=panel.id)
    busy = members(panel, "chair")[0]
    commands.describe_member(make.actor(coordinator), panel, person_id=busy, cap=1)

    found = asked(coordinator, reviewers=4)

    assert seats(found, second) == {member.person_id for member in panel.members} - {busy}
    assert unmet(found) == [["number", 3, 4]]


def test_the_kinds_of_members_that_a_gate_asks_for_are_seated(coordinator: Person) -> None:
    roles = ("chair", *["member"] * 8, "government", "practitioner")
    panel = make.add(Panel(programme_id=make.programme().id, gate_key="replication", name="Replication panel"))
    for role in roles:
        make.add(PanelMember(panel_id=panel.id, person_id=make.person(role).id, role=role))
    idea = make.idea(place="at_replication")
    made = commands.ask_assignment(make.actor(coordinator), make.programme(), gate_key="replication", reviewers=5)

    found = solve(coordinator, made)

    kinds = {role for _person, role, _fit in found.result["seats"][str(idea.id)]}
    assert kinds == {"chair", "government", "practitioner", "member"}


def test_a_region_without_a_panel_is_told_so(coordinator: Person) -> None:
    ideas_at_gate(1)

    found = asked(coordinator)

    assert (found.result["seats"], found.result["panels"]) == ({}, {})


# Who may ask, and for what


def test_ideas_in_which_the_coordinator_has_a_part_are_left_out(coordinator: Person) -> None:
    panel_of("chair", "member", "member", "member")
    own, walled, other = ideas_at_gate(3)
    own.owner_id = coordinator.id
    make.add(Wall(idea_id=walled.id, person_id=coordinator.id, why="affiliation:1"))
    db.session.flush()

    found = asked(coordinator)

    assert found.ideas == [other.id]


def test_an_idea_that_is_walled_off_afterwards_is_in_nobodys_sight(coordinator: Person) -> None:
    panel_of("chair", "member", "member", "member")
    hidden, seen = ideas_at_gate(2)
    found = asked(coordinator)
    make.add(Wall(idea_id=hidden.id, person_id=coordinator.id, why="affiliation:1"))

    job = commands.confirm_assignment(make.actor(coordinator), found)

    assert queries.assigned_in_sight(make.actor(coordinator), found) == [seen.id]
    assert job.payload["ideas"] == [seen.reference]


def test_a_suggestion_is_there_for_whoever_asked_and_nobody_else(coordinator: Person) -> None:
    panel_of("chair", "member", "member", "member")
    ideas_at_gate(1)
    found = asked(coordinator)

    with pytest.raises(NotThere):
        queries.find_assignment(make.actor(make.staff("manager")), found.id)


# Changing it


def rule(who: Person, assignment: Assignment, idea: Idea, **rulings: Collection[int]) -> Assignment:
    told = {person_id: ruling for ruling, people in rulings.items() for person_id in people}
    return commands.rule_on_reviewers(make.actor(who), assignment, idea_id=idea.id, rulings=told)


def test_pinned_and_forbidden_members_stay_so(coordinator: Person) -> None:
    panel = panel_of("chair", "member", "member", "member", "member")
    idea = ideas_at_gate(1)[0]
    found = asked(coordinator, reviewers=3)
    wanted, unwanted = members(panel, "member")[-1], members(panel, "member")[0]

    solve(coordinator, rule(coordinator, found, idea, pin=[wanted], forbid=[unwanted]))

    assert wanted in seats(found, idea)
    assert unwanted not in seats(found, idea)


def test_a_member_with_an_interest_that_can_be_declared_sits_where_they_are_pinned(coordinator: Person) -> None:
    panel = panel_of("chair", "member", "member", "member")
    idea = ideas_at_gate(1)[0]
    colleague = members(panel, "member")[0]
    for person_id in (colleague, idea.owner_id):
        make.add(Affiliation(person_id=person_id, organisation="Demo reading trust"))
    found = asked(coordinator, reviewers=4)
    before = seats(found, idea)

    solve(coordinator, rule(coordinator, found, idea, pin=[colleague]))

    assert colleague not in before
    assert colleague in seats(found, idea)


def test_whoever_owns_an_idea_is_not_pinned_for_it(coordinator: Person) -> None:
    panel = panel_of("chair", "member", "member", "member")
    idea = ideas_at_gate(1)[0]
    owner = members(panel, "member")[0]
    idea.owner_id = owner
    found = asked(coordinator)

    with pytest.raises(Refused) as refused:
        rule(coordinator, found, idea, pin=[owner])

    assert refused.value.reasons == ("Member 1 owns this idea.",)


# Confirming it


def test_the_panels_are_convened_as_confirmed_and_who_only_reads_sits_too(coordinator: Person) -> None:
    panel = panel_of("chair", "member", "member", "member", "member", "observer")
    ideas = ideas_at_gate(2)
    found = asked(coordinator, reviewers=3)
    commands.confirm_assignment(make.actor(coordinator), found)
    db.session.commit()

    running.run_owed()

    for idea in ideas:
        review = make.first(Review, idea_id=idea.id)
        assert {seat.person_id for seat in review.seats} == seats(found, idea) | set(members(panel, "observer"))


def test_a_conflict_that_came_after_the_suggestion_keeps_its_member_out(coordinator: Person) -> None:
    panel_of("chair", "member", "member", "member")
    idea = ideas_at_gate(1)[0]
    found = asked(coordinator, reviewers=4)
    late = next(iter(seats(found, idea) - {found.result["seats"][str(idea.id)][0][0]}))
    make.contributor(idea, db.session.get_one(Person, late))

    review = commands.convene_assigned(make.actor(coordinator), idea, found)

    assert late not in {seat.person_id for seat in review.seats}


def test_what_is_confirmed_is_not_changed_any_more(coordinator: Person) -> None:
    panel_of("chair", "member", "member", "member")
    idea = ideas_at_gate(1)[0]
    found = asked(coordinator)
    commands.confirm_assignment(make.actor(coordinator), found)

    with pytest.raises(Refused):
        rule(coordinator, found, idea, forbid=[1])
    with pytest.raises(Refused):
        commands.confirm_assignment(make.actor(coordinator), found)


# Over HTTP


def test_a_number_that_is_none_is_asked_for_once(client: FlaskClient, coordinator: Person) -> None:
    make.idea(place="at_screening")
    make.sign_in(client, coordinator)

    page = client.post("/reviews/assignments", data={"gate_key": "screening", "reviewers": "many"}).text

    assert ("Not a valid integer" in page, "Write a number of members from 1 to 15." in page) == (False, True)


def test_from_the_desk_to_convened_panels(client: FlaskClient, coordinator: Person) -> None:
    panel = panel_of("chair", "government", "practitioner", "member", "member")
    chosen, other, left = ideas_at_gate(3)
    forbidden = members(panel, "government")[0]
    sign_in(client, coordinator)
    described = {"themes": ["t1"], "phases": ["fp"], "cap": "9"}
    client.post(f"/panels/{panel.id}/members/{forbidden}", data=described)

    answer = client.post("/reviews/assignments", data={"idea": [chosen.reference, other.reference]})
    page = client.get(answer.location).text
    change = f"{answer.location}/ideas/{chosen.id}"
    row = {"members-0-person_id": str(forbidden), "members-0-ruling": "forbid"}
    client.post(change, data={**row, "version": str(make.first(Assignment).version)})
    job = client.post(f"{answer.location}/confirmation").location
    running.run_owed()

    known = make.first(Expertise, person_id=forbidden)
    assert (known.themes, known.phases, known.cap) == (["t1"], ["fp"], 9)
    assert "Proven: with these rules no suggestion is better by even one point." in page
    assert "2 of 2" in client.get(job).text
    sitting = {seat.person_id for seat in make.first(Review, idea_id=chosen.id).seats}
    assert (len(sitting), forbidden in sitting) == (4, False)
    assert make.first(Review, idea_id=left.id) is None


def test_ideas_of_several_gates_are_not_for_one_suggestion(client: FlaskClient, coordinator: Person) -> None:
    ideas = [*ideas_at_gate(1), make.idea(place="at_pilot")]
    sign_in(client, coordinator)

    answer = client.post("/reviews/assignments", data={"idea": [idea.reference for idea in ideas]})

    assert (answer.status_code, make.first(Assignment)) == (422, None)
    assert "These ideas wait at several gates" in answer.text


def test_many_ideas_are_solved_by_the_worker_which_reports_what_cannot_be_met(
    client: FlaskClient, coordinator: Person
) -> None:
    panel = panel_of("chair", "member", "member", "member")
    commands.describe_member(make.actor(coordinator), panel, person_id=members(panel, "chair")[0], cap=40)
    ideas = ideas_at_gate(41)
    sign_in(client, coordinator)

    job = client.post("/reviews/assignments", data={"gate_key": "screening"}).location
    running.run_owed()

    report = client.get(job).text
    assert "Nobody who is free may chair it. At their cap: Chair 0. Raise a cap, or add a member." in report
    assert len(make.first(Assignment).result["seats"]) == len(ideas) - 1
