"""An idea's journey in the education definition, step by step."""

from __future__ import annotations

import pytest

from workflows import JourneyFacts, Refused, State, journey_of, library_definition, read_definition

EDUCATION = library_definition("education")
JOURNEY = journey_of(EDUCATION)
DECIDED = JourneyFacts(decided=True)
WAITING = State("at_pilot", "active")


def active(place: str) -> State:
    return State(place, "active")


def test_an_idea_goes_from_the_clinic_into_the_system():
    facts = JourneyFacts(decided=True, pilot_ready=())
    state, seen = JOURNEY.initial, []
    for trigger in (
        *("present", "go", "present", "conditional", "start_pilot"),
        *("present", "go", "present", "go"),
    ):
        state = JOURNEY.fire(state, trigger, facts)
        seen.append(state)

    assert [item.place for item in seen] == [item.place for item in EDUCATION.places[1:]]
    assert {item.standing for item in seen} == {"active"}


def test_presenting_is_refused_with_every_missing_thing():
    facts = JourneyFacts(missing=("The budget has not been handed in.", "The theory of change is not accepted."))

    with pytest.raises(Refused) as refused:
        JOURNEY.fire(active("concept"), "present", facts)

    assert refused.value.reasons == facts.missing


@pytest.mark.parametrize("outcome", ["go", "conditional", "hold", "stop", "merge", "refer"])
def test_no_outcome_without_the_panels_decision(outcome):
    assert JOURNEY.reasons(WAITING, outcome, JourneyFacts()) == ("The panel has not decided yet.",)


@pytest.mark.parametrize(
    ("outcome", "following"),
    [
        ("go", State("ready", "active")),
        ("conditional", State("ready", "active")),
        ("hold", State("at_pilot", "held")),
        ("stop", State("at_pilot", "stopped")),
        ("merge", State("at_pilot", "merged")),
        ("refer", State("at_pilot", "referred")),
    ],
)
def test_every_outcome_leads_somewhere(outcome, following):
    assert JOURNEY.fire(WAITING, outcome, DECIDED) == following


@pytest.mark.parametrize("target", ["concept", "captured"])
def test_recycle_goes_to_the_permitted_stage_that_the_decision_names(target):
    assert JOURNEY.fire(WAITING, "recycle", JourneyFacts(decided=True, target=target)) == active(target)


@pytest.mark.parametrize("target", [None, "ready", "piloting", "at_screening", "nowhere"])
def test_recycle_goes_nowhere_else(target):
    reasons = JOURNEY.reasons(WAITING, "recycle", JourneyFacts(decided=True, target=target))

    assert reasons == ("Choose a stage that this gate may send an idea back to.",)


def test_a_third_recycle_at_one_gate_is_refused_in_plain_words():
    facts = JourneyFacts(decided=True, target="concept", recycles=2)

    assert JOURNEY.reasons(WAITING, "recycle", facts) == (
        "This idea has been sent back from this gate as often as is allowed. Choose another outcome.",
    )


def test_a_held_idea_keeps_its_place_and_can_do_five_things():
    held = JOURNEY.fire(WAITING, "hold", DECIDED)

    assert held == State("at_pilot", "held")
    assert set(JOURNEY.triggers(held)) == {"resume", "stop", "merge", "refer", "withdraw"}
    assert JOURNEY.fire(held, "resume") == WAITING
    assert JOURNEY.reasons(held, "go", DECIDED) == (
        "This idea is on hold. It can be resumed, stopped, merged, referred or withdrawn.",
    )


def test_an_overdue_blocking_condition_holds_an_idea_at_its_stage():
    held = JOURNEY.fire(active("piloting"), "overdue")

    assert held == State("piloting", "held")
    assert JOURNEY.fire(held, "stop") == State("piloting", "stopped")


def test_the_owner_can_withdraw_until_the_idea_is_in_the_system():
    assert JOURNEY.fire(WAITING, "withdraw") == State("at_pilot", "withdrawn")
    assert JOURNEY.fire(State("ready", "held"), "withdraw") == State("ready", "withdrawn")
    assert "withdraw" not in JOURNEY.triggers(active("institutionalised"))


def test_a_stopped_idea_can_be_revived_and_starts_again():
    assert JOURNEY.triggers(State("at_replication", "stopped")) == ("revive",)
    assert JOURNEY.fire(State("at_replication", "stopped"), "revive") == active("captured")


@pytest.mark.parametrize("standing", ["merged", "referred", "withdrawn"])
def test_an_idea_that_ended_otherwise_stays_ended(standing):
    assert JOURNEY.triggers(State("at_pilot", standing)) == ()


def test_a_pilot_starts_only_with_sites_dates_and_means_recorded():
    missing = JourneyFacts(pilot_ready=("No school has been named yet.",))

    assert JOURNEY.reasons(active("ready"), "start_pilot", missing) == missing.pilot_ready
    assert JOURNEY.reasons(active("ready"), "start_pilot", JourneyFacts()) == (
        "The sites, dates and means have not been recorded yet.",
    )
    assert JOURNEY.fire(active("ready"), "start_pilot", JourneyFacts(pilot_ready=())) == active("piloting")


def test_the_light_way_leads_through_its_own_gate_to_pilot_ready():
    at_gate = JOURNEY.fire(JOURNEY.initial, "present_light", JourneyFacts(light_faults=()))

    assert at_gate == active("at_light")
    assert JOURNEY.fire(at_gate, "go", DECIDED) == active("ready")


def test_the_light_way_is_closed_beyond_its_limits_and_while_they_are_unchecked():
    faults = EDUCATION.track("light").faults({"ask_rand": 50001, "learner_personal_data": False})

    assert faults == (
        "The light way is for an ask of at most R50 000.",
        "The number of schools is not known yet. The ask says it.",
    )
    assert JOURNEY.reasons(JOURNEY.initial, "present_light", JourneyFacts(light_faults=faults)) == faults
    assert JOURNEY.reasons(JOURNEY.initial, "present_light", JourneyFacts()) == (
        "The limits of the shorter way have not been checked yet.",
    )


def test_the_light_ways_limits_are_met_at_their_edge():
    edge = {"ask_rand": 50000, "learner_personal_data": False, "sites": 3}

    assert EDUCATION.track("light").faults(edge) == ()
    assert len(EDUCATION.track("light").faults(edge | {"learner_personal_data": True})) == 1


@pytest.mark.parametrize("level", ["E3", "E4", "E5"])
def test_the_proven_way_starts_at_the_replication_gate(level):
    facts = JourneyFacts(evidence_accepted=level)

    assert JOURNEY.fire(JOURNEY.initial, "present_proven", facts) == active("at_replication")


@pytest.mark.parametrize("level", [None, "E0", "E2", "none"])
def test_the_proven_way_asks_for_accepted_evidence(level):
    assert JOURNEY.reasons(JOURNEY.initial, "present_proven", JourneyFacts(evidence_accepted=level)) == (
        "The coordinator has not yet accepted evidence of the level that this way asks for.",
    )


@pytest.mark.parametrize(
    ("state", "trigger", "sentence"),
    [
        (active("concept"), "go", "This idea is not at a gate, so there is nothing to decide."),
        (WAITING, "present", "This idea is at a gate already: its panel decides what comes next."),
        (WAITING, "resume", "This idea is not on hold."),
        (active("captured"), "revive", "Only a stopped idea can be revived."),
        (State("at_pilot", "merged"), "go", "This idea has been merged into another one and goes on there."),
        (active("captured"), "start_pilot", "This step does not lead on from where the idea is now."),
        (State("nowhere", "active"), "present", "This step does not lead on from where the idea is now."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_plain_sentence(state, trigger, sentence):
    with pytest.raises(Refused) as refused:
        JOURNEY.fire(state, trigger, DECIDED)

    assert refused.value.reasons == (sentence,)


def test_a_journey_is_built_once_for_each_checksum():
    same_content = read_definition(EDUCATION.text + "\n# a comment\n")

    assert journey_of(same_content) is JOURNEY
    assert journey_of(library_definition("classic")) is not JOURNEY
