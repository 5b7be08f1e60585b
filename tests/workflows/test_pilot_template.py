"""What a definition says of pilots: read, and checked against the tables that it names."""

from __future__ import annotations

import pytest

from workflows import DefinitionFault, library_definition, library_text, read_definition

TEXT = library_text("education")


def faults_of(old: str, new: str) -> list[tuple[str, str]]:
    before, plan = TEXT.split("[pilot]")
    assert old in plan
    with pytest.raises(DefinitionFault) as raised:
        read_definition(f"{before}[pilot]{plan.replace(old, new, 1)}")
    return [(fault.place, fault.message) for fault in raised.value.faults]


def test_the_education_process_says_what_feeds_a_plan():
    pilot = library_definition("education").pilot

    assert {name: feed.deliverable for name, feed in pilot.feeds} == {
        "measures": "measurement_plan",
        "budget": "budget",
        "risks": "risks",
    }
    assert [kind.key for kind in pilot.permissions if kind.in_hand] == ["governing_bodies", "clearances"]


def test_a_process_that_says_nothing_has_plans_that_begin_empty():
    before, rest = TEXT.split("[pilot]")
    text = before + rest[rest.index("[[attendees]]") :]

    definition = read_definition(text)

    assert (list(definition.pilot.feeds), definition.pilot_stage.key) == ([], "ready")


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('= "budget"', '= "bugdet"', "pilot.budget.deliverable", "there is no deliverable 'bugdet'"),
        ('= "budget"', '= "team"', "pilot.budget.deliverable", "'team' is no table"),
        ('stop_at = "stop"', 'stop_at = "halt"', "pilot.measures.stop_at", "'measurement_plan' has no column 'halt'"),
        ('amount = "amount"', 'amount = "item"', "pilot.budget.amount", "the column 'item' must be of type money"),
        ('key = "clearances"', 'key = "department"', "pilot.permissions[2].key", "'department' is used twice"),
        ('paid_by = "funded_by"', 'payer = "funded_by"', "pilot.budget.payer", "is not known here"),
        ('item = "item"\n', "", "pilot.budget.item", "is missing"),
    ],
)
def test_a_fault_says_where_it_is(old, new, place, message):
    assert (place, message) in faults_of(old, new)
