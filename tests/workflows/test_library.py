"""The two definitions that come with the application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workflows
from workflows import LIBRARY, OUTCOMES, library_definition, library_text, read_definition

EDUCATION = library_definition("education")
OF_EDUCATION = re.compile(r"school|learner|teacher|pupil|education|classroom", re.IGNORECASE)


def test_the_line_reads_as_people_know_it():
    assert [place.short for place in EDUCATION.places] == [
        *("Captured", "Screening gate", "Concept", "Pilot gate", "Pilot-ready", "Piloting"),
        *("Replication gate", "Replicating", "Institution gate", "In the system"),
    ]
    assert [place.place for place in EDUCATION.places] == [
        *("captured", "at_screening", "concept", "at_pilot", "ready", "piloting"),
        *("at_replication", "replicating", "at_institutionalisation", "institutionalised"),
    ]
    assert [place.kind for place in EDUCATION.places].count("gate") == 4


@pytest.mark.parametrize(
    ("key", "thresholds", "panel", "days", "counts"),
    [
        ("screening", (55, 45, 30), (3, 4), 15, (4, 6)),
        ("pilot", (60, 50, 35), (4, 5), 25, (5, 7)),
        ("replication", (65, 55, 40), (5, 7), 40, (5, 8)),
        ("institutionalisation", (70, 60, 45), (5, 7), 60, (4, 9)),
    ],
)
def test_each_gate_has_its_thresholds_panel_deadline_and_criteria(key, thresholds, panel, days, counts):
    gate = EDUCATION.gate(key)

    assert (gate.thresholds.go, gate.thresholds.conditional, gate.thresholds.recycle) == thresholds
    assert (gate.quorum, gate.panel_size) == panel
    assert gate.working_days == days
    assert (len(gate.must), len(gate.should)) == counts


def test_every_criterion_of_education_is_anchored_at_the_five_marks_or_the_four():
    expected = {"ten": [0, 3, 5, 7, 10], "tracker": [1, 2, 3, 4]}

    wrong = [
        item.key
        for gate in EDUCATION.gates
        for item in gate.should
        if [anchor.value for anchor in item.anchors] != expected[gate.scale]
    ]

    assert wrong == []


def test_an_anchor_holds_until_the_next_one():
    need = EDUCATION.gate("screening").should[0]

    assert [need.anchor(value) for value in (0, 2, 4, 6, 9, 10)] == [
        *("One person's story", "One person's story", "Several people at one school say the same"),
        *("Seen in several schools, or across one district", "Counted in one district, with reports from others"),
        "Documented with data across districts",
    ]


def test_the_last_gate_shows_one_to_four_worth_nothing_to_ten():
    gate = EDUCATION.gate("institutionalisation")

    assert [(mark.value, mark.worth) for mark in gate.marks] == [(1, 0), (2, 3), (3, 7), (4, 10)]
    assert gate.thresholds.mean_mark == 3
    assert gate.co_chaired


def test_the_starred_criteria_are_the_ones_that_must_not_be_weak():
    starred = {gate.key: [item.key for item in gate.should if item.starred] for gate in EDUCATION.gates}

    assert starred == {
        "screening": ["G1-S1"],
        "pilot": ["G2-S1", "G2-S4"],
        "replication": ["G3-S1", "G3-S3"],
        "institutionalisation": ["G4-S1", "G4-S2"],
        "light": ["L-S1", "L-S3"],
    }


def test_each_gate_asks_for_its_deliverables():
    asked = {
        gate.key: {
            item.deliverable.code: "U" if item.update else "R" if item.required else "O"
            for item in EDUCATION.asked_at(gate.key)
        }
        for gate in EDUCATION.gates
    }
    later = [
        "D-PLAN",
        "D-MEAS",
        "D-BUDG",
        "D-PERM",
        "D-SAFE",
        "D-PRIV",
        "D-RISK",
        "D-RES",
        "D-FID",
        "D-KIT",
        "D-SCALE",
        "D-GOV",
        "D-IP",
        "D-CASE",
    ]

    assert asked["screening"] == {
        "D-CANVAS": "R",
        "D-PROB": "R",
        **dict.fromkeys(("D-TOC", "D-PLAN", "D-BUDG", "D-RISK", "D-IP"), "O"),
    }
    assert asked["pilot"] == {
        "D-CANVAS": "U",
        "D-PROB": "R",
        "D-TOC": "R",
        "D-TEAM": "R",
        "D-BACK": "R",
        **dict.fromkeys(("D-PLAN", "D-MEAS", "D-BUDG", "D-PERM", "D-SAFE", "D-PRIV", "D-RISK"), "R"),
        "D-GOV": "R",
        "D-IP": "R",
        "D-KIT": "O",
        "D-SCALE": "O",
        "D-CASE": "O",
    }
    assert asked["replication"] == {**dict.fromkeys(later, "R"), "D-TOC": "U", "D-EVAL": "O", "D-HAND": "O"}
    assert asked["institutionalisation"] == {
        **dict.fromkeys(later, "R"),
        "D-TOC": "U",
        "D-EVAL": "R",
        "D-HAND": "R",
    }


def test_quick_capture_needs_five_things():
    quick = [field.key for field in EDUCATION.canvas if field.required_from == "capture"]

    assert quick == ["title", "problem", "summary", "owner", "consent"]


def test_what_the_canvas_needs_grows_from_gate_to_gate():
    screening = {field.key for field in EDUCATION.fields_required_at("screening")}
    pilot = {field.key for field in EDUCATION.fields_required_at("pilot")}

    assert screening - {"title", "problem", "summary", "owner", "consent"} == {
        *("who_has_it", "phases", "expected_change", "theme"),
    }
    assert pilot - screening == {"how_it_works", "cost_per_learner", "risks", "measure"}
    assert {field.key for field in EDUCATION.fields_required_at("light")} == pilot
    assert {field.key for field in EDUCATION.fields_required_at("institutionalisation")} == pilot


def test_personal_fields_are_for_staff_only():
    assert {field.audience for field in EDUCATION.canvas if field.personal} == {"staff"}


def test_later_gates_want_a_government_member_and_a_practitioner_who_count():
    gate = EDUCATION.gate("replication")

    assert gate.uncovered(["practitioner", "member"]) == ("The panel still needs a government member who counts.",)
    assert gate.uncovered(["practitioner", "government"]) == ()


def test_funders_see_ideas_from_pilot_ready_on_and_the_last_stage_is_reviewed_after_a_year():
    assert EDUCATION.funders_from == "ready"
    assert EDUCATION.stage("institutionalised").review_months == 12
    assert [gate.key for gate in EDUCATION.gates if gate.ask_required] == ["pilot", "replication", "light"]


def test_the_light_gate_stands_beside_the_line():
    assert EDUCATION.place("at_light") is EDUCATION.gate("light")
    assert EDUCATION.place_index("at_light") == EDUCATION.place_index("at_screening") == 1
    assert EDUCATION.gate("light") not in EDUCATION.places


@pytest.mark.parametrize("key", LIBRARY)
def test_every_definition_offers_every_outcome_in_the_same_order(key):
    assert tuple(outcome.key for outcome in library_definition(key).outcomes) == OUTCOMES


@pytest.mark.parametrize("key", LIBRARY)
def test_every_definition_has_the_fields_that_quick_capture_writes(key):
    canvas = {field.key for field in library_definition(key).canvas if field.quick}

    assert {"title", "problem", "summary", "owner", "owner_contact", "consent"} <= canvas


def test_the_general_process_has_five_gates_and_no_word_of_education():
    classic = library_definition("classic")

    assert len(classic.gates) == 5
    assert [stage.key for stage in classic.stages[1:]] == [
        *("scoping", "business_case", "development", "testing", "launch"),
    ]
    assert OF_EDUCATION.findall(library_text("classic")) == []


def test_no_python_in_workflows_knows_the_word_for_a_place_of_learning():
    files = sorted(Path(workflows.__file__).parent.rglob("*.py"))

    knowing = [file.name for file in files if "school" in file.read_text(encoding="utf-8").lower()]

    assert len(files) > 10
    assert knowing == []


@pytest.mark.parametrize("key", LIBRARY)
def test_a_gate_requires_what_the_limits_of_its_way_are_read_from(key):
    definition = library_definition(key)
    read_from = {
        (track.entry, limit.asked_in.deliverable)
        for track in definition.tracks
        for limit in track.limits
        if limit.asked_in
    }

    required = {(gate.key, asked.deliverable.key) for gate in definition.gates for asked in gate.asks if asked.required}

    assert read_from - required == set()


def test_a_checksum_tells_content_from_spacing():
    text = library_text("education")

    assert read_definition("# said otherwise\n" + text).checksum == EDUCATION.checksum
    assert read_definition(text.replace("Is this idea worth", "Is it worth")).checksum != EDUCATION.checksum


def test_an_unknown_definition_or_part_is_a_key_error():
    with pytest.raises(KeyError):
        library_definition("../education")
    with pytest.raises(KeyError):
        EDUCATION.gate("nowhere")
