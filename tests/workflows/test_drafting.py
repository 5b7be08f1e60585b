"""A definition that is being written: rows are added, moved and taken away, and what hangs on them follows."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w

from workflows import DefinitionFault, drafting, library_text, read_definition, reopen_definition
from workflows.drafting import Content


@pytest.fixture
def content() -> Content:
    return tomllib.loads(library_text("education"))


def test_a_key_is_made_from_a_name_once_and_is_nobody_elses() -> None:
    made = [
        drafting.key_from(name, taken) for name, taken in (("Need & fit", ()), ("Need, fit", ("need_fit",)), ("7", ()))
    ]

    assert made == ["need_fit", "need_fit_2", "k_7"]


def test_a_key_is_short_enough_to_be_read() -> None:
    key = drafting.key_from("A very long name " * 20, ())

    assert len(key) <= 36


def test_a_stage_in_the_middle_takes_the_gate_before_it_along(content: Content) -> None:
    drafting.add_stage(content, "Tidying up", after="concept")

    gates = {gate["key"]: gate["leads_to"] for gate in content["gates"]}
    assert gates["pilot"] == "tidying_up"
    assert [stage["key"] for stage in content["stages"]][:3] == ["captured", "concept", "tidying_up"]


def test_a_gate_is_not_sent_back_to_a_stage_that_is_gone(content: Content) -> None:
    at = drafting.keys(content, "stages").index("concept")

    drafting.remove_stage(content, at)

    assert [gate["key"] for gate in content["gates"] if "concept" in gate["recycle_to"]] == []


def test_fields_needed_from_a_gate_that_is_gone_are_needed_from_the_next(content: Content) -> None:
    needed = {field["key"] for field in content["canvas"] if field.get("required_from") == "screening"}

    drafting.remove_gate(content, drafting.keys(content, "gates").index("screening"))

    found = {field["key"] for field in content["canvas"] if field.get("required_from") == "pilot"}
    assert needed - found == set()


def test_a_new_criterion_takes_what_is_left_of_the_weights(content: Content) -> None:
    gate = content["gates"][0]
    gate["should"][0]["weight"] -= 7

    added = drafting.add_criterion(content, gate, "should", "Reach")

    assert (added["weight"], drafting.weight_of(gate)) == (7, 100)


def test_choices_keep_their_keys_by_their_names() -> None:
    part: Content = {"choices": [{"key": "y", "name": "Yes"}, {"key": "n", "name": "No"}]}

    drafting.put_choices(part, ["No", "Perhaps", "", "Yes", "No"])

    assert part["choices"] == [
        {"key": "n", "name": "No"},
        {"key": "perhaps", "name": "Perhaps"},
        {"key": "y", "name": "Yes"},
    ]


def _a_stage_and_its_gate(content: Content) -> None:
    drafting.add_stage(content, "Handing over", after="replicating")
    gate = drafting.add_gate(content, "Handover gate", "handing_over")
    gate["question"] = "Is it handed over?"
    criterion = drafting.add_criterion(content, gate, "should", "Ownership")
    criterion |= {"question": "Who owns it?", "anchors": {"0": "Nobody"}}
    content["gates"] = sorted(content["gates"], key=lambda gate: "track" in gate)


def test_a_stage_and_its_gate_can_be_added_in_the_middle_without_a_fault(content: Content) -> None:
    _a_stage_and_its_gate(content)

    definition = read_definition(_written(content))

    assert definition.gate_after("replicating") == definition.gate("institutionalisation")
    assert definition.gate("handover_gate").leads_to == "institutionalised"


def test_a_deliverable_that_was_added_lacks_only_what_nobody_has_typed_yet(content: Content) -> None:
    drafting.add_deliverable(content, "Letter of thanks", "file")

    with pytest.raises(DefinitionFault) as refused:
        read_definition(_written(content))

    last = len(content["deliverables"]) - 1
    assert [str(fault) for fault in refused.value.faults] == [f"deliverables[{last}].help: is empty"]


def _written(content: Content) -> str:
    return tomli_w.dumps(content)


def test_whatever_a_draft_holds_it_can_be_looked_at() -> None:
    broken: Content = {"stages": [1, {"key": 2}], "gates": "none", "canvas": {}, "words": [], "tracks": [{"limits": 3}]}

    definition = reopen_definition(_written(broken))

    assert (len(definition.stages), definition.gates) == (1, ())
