"""A bad definition is refused with every fault and its place."""

from __future__ import annotations

import pytest

from workflows import DefinitionFault, read_definition

GOOD = """
key = "small"
name = "Small"
summary = "Two stages and a gate."
version_note = "First."
funders_from = "done"

[[stages]]
key = "begun"
name = "Begun"

[[stages]]
key = "done"
name = "Done"

[[tracks]]
key = "quick"
name = "Quick"
summary = "For small things."
entry = "only"
min_evidence = "E0"

[[gates]]
key = "only"
name = "The gate"
question = "Is it good?"
comes_from = "begun"
leads_to = "done"
recycle_to = ["begun"]
scale = "three"
thresholds = { go = 60, conditional = 50, recycle = 30 }
quorum = 2
panel_size = 3
working_days = 10
asks = { paper = "required" }

[[gates.must]]
key = "M1"
name = "Lawful"
question = "Is it lawful?"

[[gates.should]]
key = "S1"
name = "Need"
question = "Is it needed?"
weight = 60
anchors = { 1 = "No", 3 = "Yes" }

[[gates.should]]
key = "S2"
name = "Cost"
question = "Is it cheap?"
weight = 40
anchors = { 1 = "No", 3 = "Yes" }

[[canvas]]
key = "title"
name = "Title"
help = "A name."
type = "line"
required_from = "capture"

[[canvas]]
key = "colour"
name = "Colour"
help = "Pick one."
type = "choice"
choices = [{ key = "red", name = "Red" }]

[[deliverables]]
key = "paper"
code = "D-PAPER"
name = "Paper"
help = "Write it."
kind = "form"
questions = [{ key = "why", question = "Why?", type = "text" }]

[[evidence_levels]]
key = "E0"
name = "None"
test = "Nothing yet."

[[stop_reasons]]
key = "no-need"
name = "No need"

[[scales]]
key = "three"
name = "1 to 3"
marks = [{ value = 1, worth = 0 }, { value = 2, worth = 5 }, { value = 3, worth = 10 }]
""" + "".join(
    f"""
[[outcomes]]
key = "{key}"
label = "{key.title()}"
description = "What it does."
tone = "info"
"""
    for key in ("go", "conditional", "recycle", "hold", "stop", "merge", "refer")
)


def faults_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionFault) as refused:
        read_definition(text)
    return [(fault.place, fault.message) for fault in refused.value.faults]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times in the definition"
    return GOOD.replace(old, new)


def test_the_small_definition_is_good():
    assert [place.place for place in read_definition(GOOD).places] == ["begun", "at_only", "done"]


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('question = "Is it good?"', 'question = "Is it good?"\nqourum = 3', "gates[0].qourum", "is not known here"),
        ("quorum = 2\n", "", "gates[0].quorum", "is missing"),
        ("quorum = 2\n", 'quorum = "two"\n', "gates[0].quorum", "must be a whole number"),
        ("quorum = 2\n", "quorum = true\n", "gates[0].quorum", "must be a whole number"),
        ("quorum = 2\n", "quorum = 4\n", "gates[0].quorum", "is above the panel's size of 3"),
        ("quorum = 2\n", "quorum = 0\n", "gates[0].quorum", "must be at least 1"),
        ("working_days = 10", "working_days = 0", "gates[0].working_days", "must be at least 1"),
        ("weight = 40", "weight = 30", "gates[0].should", "the weights sum to 90, not to 100"),
        ("weight = 40", 'weight = "40"', "gates[0].should[1].weight", "must be a whole number"),
        ("weight = 40", "weight = 0", "gates[0].should[1].weight", "must be at least 1"),
        ('key = "S2"', 'key = "M1"', "gates[0].should[1].key", "'M1' is used twice"),
        ('key = "S2"', 'key = "S 2"', "gates[0].should[1].key", None),
        ('question = "Is it lawful?"', 'question = " "', "gates[0].must[0].question", "is empty"),
        ("go = 60", "go = 50", "gates[0].thresholds", None),
        ("go = 60", "go = 101", "gates[0].thresholds", None),
        ("recycle = 30 }", "recycle = 30, mean_mark = 4 }", "gates[0].thresholds.mean_mark", None),
        ('recycle_to = ["begun"]', 'recycle_to = ["done"]', "gates[0].recycle_to[0]", "'done' comes after the gate"),
        ('recycle_to = ["begun"]', 'recycle_to = ["x"]', "gates[0].recycle_to[0]", "there is no stage 'x'"),
        ('recycle_to = ["begun"]', "recycle_to = []", "gates[0].recycle_to", "names no stage to go back to"),
        ('recycle_to = ["begun"]', "recycle_to = [7]", "gates[0].recycle_to[0]", "must be text"),
        ('comes_from = "begun"', 'comes_from = "x"', "gates[0].comes_from", "there is no stage 'x'"),
        ('leads_to = "done"', 'leads_to = "x"', "gates[0].leads_to", "there is no stage 'x'"),
        ('leads_to = "done"', 'leads_to = "begun"', "stages[1]", "no idea can ever reach 'done'"),
        ('scale = "three"', 'scale = "ten"', "gates[0].scale", "there is no scale 'ten'"),
        ('paper = "required"', 'paper = "perhaps"', "gates[0].asks.paper", None),
        ('paper = "required"', 'book = "required"', "gates[0].asks.book", "there is no deliverable 'book'"),
        ('entry = "only"', 'entry = "x"', "tracks[0].entry", "there is no gate 'x'"),
        ('min_evidence = "E0"', 'min_evidence = "E9"', "tracks[0].min_evidence", "there is no evidence level 'E9'"),
        ('funders_from = "done"', 'funders_from = "x"', "funders_from", "there is no stage 'x'"),
        ('required_from = "capture"', 'required_from = "x"', "canvas[0].required_from", None),
        ('choices = [{ key = "red", name = "Red" }]', "", "canvas[1].choices", "no choices are given"),
        ('type = "line"', 'type = "song"', "canvas[0].type", None),
        ('type = "line"', 'type = "table"', "canvas[0].columns", "a table needs columns"),
        ('key = "colour"', 'key = "title"', "canvas[1].key", "'title' is used twice"),
        ('kind = "form"', 'kind = "file"', "deliverables[0].questions", "belong to a form"),
        ('kind = "form"', 'kind = "form"\nexpires = true', "deliverables[0].expires", "only a letter expires"),
        ('key = "merge"', 'key = "marry"', "outcomes.merge", "is missing: every gate offers every outcome"),
        ('key = "merge"', 'key = "go"', "outcomes[5].key", "'go' is used twice"),
        ("{ value = 2, worth = 5 }", "{ value = 1, worth = 5 }", "scales[0].marks[1].value", None),
        ("{ value = 3, worth = 10 }", "{ value = 3, worth = 11 }", "scales[0].marks[2].worth", None),
        ('key = "done"', 'key = "begun"', "stages[1].key", "'begun' is used twice"),
        ('name = "Begun"', 'name = "Begun"\nmoves_on_by = "go"', "stages[0].moves_on_by", None),
        ('name = "Done"', 'name = "Done"\nmoves_on_by = "run"', "stages[1].moves_on_by", None),
        ('name = "Done"\n', 'name = "Done"\n[[stages]]\nkey = "end"\nname = "End"\n', "stages[1]", None),
        ('summary = "Two stages and a gate."', "summary = 7", "summary", "must be text"),
        ('name = "Lawful"', "name = []", "gates[0].must[0].name", "must be text"),
    ],
)
def test_each_fault_is_named_with_its_place(old, new, place, message):
    found = dict(faults_of(changed(old, new)))

    assert place in found
    assert message is None or found[place] == message


@pytest.mark.parametrize("number", [1, 2])
def test_an_anchor_must_be_a_mark_of_the_scale(number):
    text = GOOD.replace('3 = "Yes"', f'{number + 3} = "Yes"')

    places = [place for place, _ in faults_of(text)]

    assert places == [f"gates[0].should[{index}].anchors.{number + 3}" for index in (0, 1)]


def test_a_gate_without_criteria_is_named():
    start, end = GOOD.index("[[gates.must]]"), GOOD.index("[[canvas]]")

    assert faults_of(GOOD[:start] + GOOD[end:]) == [("gates[0]", "has no criteria")]


def test_a_gate_with_nothing_to_score_is_named():
    start, end = GOOD.index("[[gates.should]]"), GOOD.index("[[canvas]]")

    assert faults_of(GOOD[:start] + GOOD[end:]) == [("gates[0].should", "has no criteria to score")]


def test_a_gate_of_a_track_that_nobody_enters_is_named():
    text = changed('scale = "three"', 'scale = "three"\ntrack = "quick"').replace('entry = "only"', 'entry = "x"')

    assert ("gates[0]", "no idea can ever reach 'only': no track enters there") in faults_of(text)


def test_all_faults_are_named_in_one_go():
    text = changed("quorum = 2\n", "quorum = 9\n").replace("weight = 40", "weight = 41")
    text = text.replace('type = "line"', 'type = "song"').replace('name = "Red"', 'nam = "Red"')

    assert [place for place, _ in faults_of(text)] == [
        *("canvas[0].type", "canvas[1].choices[0].name", "canvas[1].choices[0].nam"),
        *("gates[0].quorum", "gates[0].should"),
    ]


def test_one_mistake_is_one_fault():
    assert faults_of(changed("weight = 40", 'weight = "40"')) == [
        ("gates[0].should[1].weight", "must be a whole number")
    ]


def test_text_that_is_no_toml_says_where_it_breaks():
    [(place, message)] = faults_of('key = "small"\nname = = 3\n')

    assert place == "text"
    assert "line 2" in message


def test_an_empty_text_names_everything_that_is_missing():
    places = [place for place, message in faults_of("") if message == "is missing"]

    assert places == [
        *("scales", "deliverables", "key", "name", "summary", "version_note", "stages", "gates", "canvas"),
        *("evidence_levels", "stop_reasons", "outcomes", "funders_from"),
    ]


def test_faults_read_as_one_line_each():
    with pytest.raises(DefinitionFault) as refused:
        read_definition(changed("quorum = 2\n", "quorum = 4\n"))

    assert str(refused.value) == "gates[0].quorum: is above the panel's size of 3"
