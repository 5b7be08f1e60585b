"""Two versions side by side: every difference is told once, with how it was and is."""

from __future__ import annotations

import tomllib

import tomli_w

from workflows import Difference, compare, drafting, library_definition, library_text, reopen_definition
from workflows.drafting import Content

OLD = library_definition("education")


def changed(content: Content) -> list[tuple[str, str, str, str]]:
    found = compare(OLD, reopen_definition(tomli_w.dumps(content)))
    return [(change.part, change.name, change.how, change.within) for change in found.changes]


def start() -> Content:
    return tomllib.loads(library_text("education"))


def test_the_same_says_nothing() -> None:
    found = compare(OLD, OLD)

    assert (found.same, any(weights.differ for weights in found.weights)) == (True, False)


def test_a_criterion_that_goes_and_one_that_comes_are_told_at_their_gate() -> None:
    content = start()
    gate = content["gates"][0]
    gone = gate["should"].pop()
    drafting.add_criterion(content, gate, "should", "Reach")

    assert changed(content) == [
        ("should", "Reach", "added", OLD.gates[0].name),
        ("should", gone["name"], "removed", OLD.gates[0].name),
    ]


def test_what_comes_or_goes_can_be_read_whole() -> None:
    content = start()
    gone = content["gates"][0]["should"].pop()
    without = reopen_definition(tomli_w.dumps(content))

    [comes], [goes] = compare(without, OLD).changes, compare(OLD, without).changes

    assert [d.what for d in comes.differences][:2] == ["question", "weight"]
    assert [(d.old, d.new) for d in comes.differences] == [(d.new, d.old) for d in goes.differences]
    assert {d.new for d in comes.differences} >= {gone["question"], gone["weight"], *gone["anchors"].values()}


def test_weights_stand_side_by_side_also_where_one_is_missing() -> None:
    content = start()
    gate = content["gates"][0]
    gate["should"][0]["weight"] += 5
    gone = gate["should"].pop()

    weights = compare(OLD, reopen_definition(tomli_w.dumps(content))).weights[0]

    first, last = OLD.gates[0].should[0], OLD.gates[0].should[-1]
    assert [(row.name, row.old, row.new) for row in weights.rows if row.old != row.new] == [
        (first.name, first.weight, first.weight + 5),
        (gone["name"], last.weight, None),
    ]


def test_what_reads_otherwise_is_given_as_it_was_and_is() -> None:
    content = start()
    content["gates"][0]["quorum"] = 2
    content["gates"][0]["thresholds"]["go"] = 58
    content["gates"][0]["should"][0]["anchors"]["0"] = "Nothing at all"

    found = compare(OLD, reopen_definition(tomli_w.dumps(content))).changes

    assert [difference for change in found for difference in change.differences] == [
        Difference("quorum", OLD.gates[0].quorum, 2),
        Difference("go", OLD.gates[0].thresholds.go, 58),
        Difference("anchor 0", OLD.gates[0].should[0].anchors[0].text, "Nothing at all"),
    ]


def test_stages_in_another_order_are_told_as_an_order() -> None:
    content = start()
    drafting.move(content, "stages", 1, 1)

    moved = [name for name in changed(content) if name[2] == "moved"]

    assert moved == [("stages", "", "moved", "")]


def test_a_stage_a_gate_and_a_deliverable_are_told_as_added_and_removed() -> None:
    content = start()
    drafting.add_stage(content, "Tidying up")
    drafting.remove_gate(content, 0)
    drafting.add_deliverable(content, "Letter", "file")

    found = {(part, name, how) for part, name, how, _within in changed(content)}

    assert {
        ("stages", "Tidying up", "added"),
        ("gates", OLD.gates[0].name, "removed"),
        ("deliverables", "Letter", "added"),
    } <= found
