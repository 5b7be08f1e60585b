"""A bad definition is refused with every fault and its place."""

from __future__ import annotations

import re

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
key = "full"
name = "Full"
summary = "For all things."
entry = 'only'

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
kept_in = "idea"

[[canvas]]
key = "owner"
name = "Owner"
help = "Who takes it on."
type = "line"
required_from = "capture"
kept_in = "idea"
personal = true
audience = "staff"

[[canvas]]
key = "consent"
name = "Agreed"
help = "What the owner agrees to."
type = "choices"
required_from = "capture"
kept_in = "idea"
choices = [{ key = "contact", name = "To be contacted" }]

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
requires = {needed}
"""
    for key, needed in {
        "go": [],
        "conditional": ["conditions"],
        "recycle": ["target"],
        "hold": ["review_date"],
        "stop": ["stop_reason"],
        "merge": ["merge_into"],
        "refer": ["refer_to"],
    }.items()
)


PICK = 'choices = [{ key = "red", name = "Red" }]'
A_NAME = 'help = "A name."\ntype = "line"\n'
CAPTURED = 'required_from = "capture"\n'
ASKED = "deliverables[0].questions[0]"
LIMIT = "tracks[1].limits[0].at_most"
SEATS = "gates[0].composition"
SEAT = '{{ kind = "{kind}", name = "N", at_least = {least}, lacking = "L." }},'


def gate_beside_the_line(track: str) -> str:
    """The good definition with a second gate, for a track of its own."""
    gate = GOOD[GOOD.index("[[gates]]") : GOOD.index("[[canvas]]")]
    beside = gate.replace('key = "only"', f'key = "short"\ntrack = "{track}"').replace('"M1"', '"M9"')
    return GOOD.replace(gate, gate + beside.replace('"S1"', '"S8"').replace('"S2"', '"S9"'))


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
        ("working_days = 10", "working_days = 0", "gates[0].working_days", "must be from 1 to 500"),
        ("working_days = 10", "working_days = 99999999999", "gates[0].working_days", "must be from 1 to 500"),
        ("working_days = 10", "working_days = 10\nreading_days = 11", "gates[0].reading_days", None),
        ("panel_size = 3", "panel_size = 51", "gates[0].panel_size", "must be at most 50"),
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
        (
            'recycle_to = ["begun"]',
            'recycle_to = ["begun", "begun"]',
            "gates[0].recycle_to[1]",
            "'begun' is used twice",
        ),
        ('recycle_to = ["begun"]', "recycle_to = [7]", "gates[0].recycle_to[0]", "must be text"),
        ('comes_from = "begun"', 'comes_from = "x"', "gates[0].comes_from", "there is no stage 'x'"),
        ('leads_to = "done"', 'leads_to = "x"', "gates[0].leads_to", "there is no stage 'x'"),
        ('leads_to = "done"', 'leads_to = "begun"', "stages[1]", "no idea can ever reach 'done'"),
        ('scale = "three"', 'scale = "ten"', "gates[0].scale", "there is no scale 'ten'"),
        ('paper = "required"', 'paper = "perhaps"', "gates[0].asks.paper", None),
        ('paper = "required"', 'book = "required"', "gates[0].asks.book", "there is no deliverable 'book'"),
        ('entry = "only"', 'entry = "x"', "tracks[1].entry", "there is no gate 'x'"),
        ("entry = 'only'", "entry = 'x'", "tracks[0].entry", "there is no gate 'x'"),
        ('key = "full"', 'key = "whole"', "tracks", "lacks 'full', the whole way, beside the shorter ones"),
        ('min_evidence = "E0"', 'min_evidence = "E9"', "tracks[1].min_evidence", "there is no evidence level 'E9'"),
        ('funders_from = "done"', 'funders_from = "x"', "funders_from", "there is no stage 'x'"),
        ('type = "choice"\n', 'required_from = "x"\ntype = "choice"\n', "canvas[3].required_from", None),
        ('choices = [{ key = "red", name = "Red" }]', "", "canvas[3].choices", "no choices are given"),
        ('type = "choice"\n', 'type = "song"\n', "canvas[3].type", None),
        ('type = "choice"\n', 'type = "table"\n', "canvas[3].columns", "a table needs columns"),
        ('key = "colour"', 'key = "title"', "canvas[3].key", "'title' is used twice"),
        ('key = "colour"', 'key = "colour"\nkept_in = "idea"', "canvas[3].kept_in", None),
        (PICK, 'choices_from = "themes"', "canvas[3].choices_from", None),
        ('key = "title"', 'key = "titel"', "canvas.title", 'is missing: every idea keeps it (kept_in = "idea")'),
        ('key = "owner"', 'key = "eienaar"', "canvas.owner", 'is missing: every idea keeps it (kept_in = "idea")'),
        ('type = "choices"', 'type = "text"', "canvas[2].type", "must be 'choices' for what the idea itself keeps"),
        ('audience = "staff"', 'audience = "funders"', "canvas[1].audience", None),
        (A_NAME + CAPTURED, A_NAME, "canvas[0].required_from", "must be 'capture': no idea is without it"),
        ('kind = "form"', 'kind = "file"', "deliverables[0].questions", "belong to a form"),
        ('kind = "form"', 'kind = "form"\nexpires = true', "deliverables[0].expires", "only a letter expires"),
        ('key = "merge"', 'key = "marry"', "outcomes.merge", "is missing: every gate offers every outcome"),
        ('key = "merge"', 'key = "go"', "outcomes[5].key", "'go' is used twice"),
        ("requires = ['target']", "requires = []", "outcomes[2].requires", None),
        ("requires = ['conditions']", "requires = []", "outcomes[1].requires", None),
        ("requires = ['merge_into']", "requires = ['merge_into', 'unicorn']", "outcomes[5].requires[1]", None),
        ('kind = "form"', 'kind = "link"\nkind2 = "x"', "deliverables[0].kind2", "is not known here"),
        ('type = "text" }', 'type = "text", choices = [{ key = "a", name = "A" }] }', ASKED + ".choices", None),
        ("{ value = 2, worth = 5 }", "{ value = 1, worth = 5 }", "scales[0].marks[1].value", None),
        ("{ value = 3, worth = 10 }", "{ value = 3, worth = 11 }", "scales[0].marks[2].worth", None),
        ("{ value = 3, worth = 10 }", "{ value = 3, worth = 8 }", "scales[0].marks[2].worth", None),
        ("{ value = 3, worth = 10 }", "{ value = 3, worth = nan }", "scales[0].marks[2].worth", "must be from 0 to 10"),
        ('key = "done"', 'key = "begun"', "stages[1].key", "'begun' is used twice"),
        ('name = "Begun"', 'name = "Begun"\nmoves_on_by = "go"', "stages[0].moves_on_by", None),
        ('name = "Done"', 'name = "Done"\nmoves_on_by = "run"', "stages[1].moves_on_by", None),
        ('name = "Begun"', 'name = "Begun"\nmoves_on_by = "go on!"', "stages[0].moves_on_by", None),
        ('name = "Done"', 'name = "Done"\nreview_months = -1', "stages[1].review_months", "must be from 1 to 120"),
        ('name = "Done"\n', 'name = "Done"\n[[stages]]\nkey = "end"\nname = "End"\n', "stages[1]", None),
        ('summary = "Two stages and a gate."', "summary = 7", "summary", "must be text"),
        ('name = "Lawful"', "name = []", "gates[0].must[0].name", "must be text"),
        ('name = "Lawful"', 'name = "Law\\u0000ful"', "gates[0].must[0].name", "holds a character that nobody can see"),
        ('key = "M1"', f'key = "{"M" * 37}"', "gates[0].must[0].key", "is longer than 36 characters"),
        ('key = "E0"', 'key = "E0000"', "evidence_levels[0].key", "is longer than 4 characters"),
        ('name = "Small"', f'name = "{"S" * 121}"', "name", "is longer than 120 characters"),
        ('min_evidence = "E0"', 'limits = [{ key = "a", at_most = -1, broken = "B.", unknown = "U." }]', LIMIT, None),
        ("asks = {", f"composition = [{SEAT.format(kind='martian', least=1)}]\nasks = {{", SEATS + "[0].kind", None),
        ("asks = {", f"composition = [{SEAT.format(kind='member', least=0)}]\nasks = {{", SEATS + "[0].at_least", None),
        ("asks = {", f"composition = [{SEAT.format(kind='chair', least=1) * 2}]\nasks = {{", SEATS + "[1].kind", None),
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


@pytest.mark.parametrize("mark", ['"03"', '"٣"', '"²"', '"-1"'])
def test_an_anchor_is_written_as_its_mark_is_and_in_no_other_way(mark):
    text = changed(
        'weight = 60\nanchors = { 1 = "No", 3 = "Yes" }', f'weight = 60\nanchors = {{ 1 = "N", {mark} = "Y" }}'
    )

    assert faults_of(text) == [
        (f"gates[0].should[0].anchors.{mark.strip(chr(34))}", "an anchor's key must be a mark, as in 5")
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("thresholds = { go = 60, conditional = 50, recycle = 30 }", "thresholds = 60", "gates[0].thresholds"),
        ("thresholds = { go = 60, conditional = 50, recycle = 30 }\n", "", "gates[0].thresholds"),
    ],
)
def test_where_a_table_is_missing_that_is_the_only_fault(old, new, place):
    assert [fault[0] for fault in faults_of(changed(old, new))] == [place]


def test_a_gate_beside_the_line_leads_onward_from_the_first_stage():
    text = gate_beside_the_line("quick").replace('entry = "only"', 'entry = "short"')
    at = text.index('key = "short"')

    bent = text[:at] + text[at:].replace(
        'comes_from = "begun"\nleads_to = "done"', 'comes_from = "done"\nleads_to = "begun"'
    )

    assert read_definition(text).tracks[1].entry == "short"
    assert [place for place, _ in faults_of(bent)] == ["gates[1].comes_from", "gates[1].leads_to"]


def test_the_whole_way_enters_at_the_first_gate_and_one_way_has_limits():
    limit = 'limits = [{ key = "a", at_most = 1, broken = "B.", unknown = "U." }]\n'
    text = gate_beside_the_line("full").replace("entry = 'only'", f"entry = 'short'\n{limit}")
    text = text.replace('min_evidence = "E0"\n', limit)

    assert faults_of(text) == [
        ("tracks[0].entry", "must be 'only', the first gate: this is the whole way"),
        ("tracks[1].limits", "stand on another track already; only one can have limits"),
    ]


@pytest.mark.parametrize("part", ["stages", "gates", "canvas", "outcomes", "scales"])
@pytest.mark.parametrize("instead", ["", "{0} = []", "{0} = [1, 2]", "{0} = 7", "[{0}]\nkey = 1"])
def test_a_part_that_is_gone_or_is_something_else_is_named_and_never_a_crash(part, instead):
    bare = re.sub(rf"\[\[{part}(\.\w+)?\]\](?:(?!\n\[\[).)*", "", GOOD, flags=re.DOTALL)
    first = instead.format(part)
    text = f"{bare}\n{first}" if first.startswith("[") else f"{first}\n{bare}"

    places = [place for place, _ in faults_of(text)]

    assert any(place.startswith(part) for place in places)


def test_a_mark_at_the_beginning_of_a_file_is_passed_over():
    assert read_definition("\ufeff" + GOOD).checksum == read_definition(GOOD).checksum


def test_text_that_is_nested_without_end_is_a_fault_and_no_crash():
    assert faults_of("x = " + "[" * 5000 + "]" * 5000) == [("text", "is nested too deeply")]


def test_a_gate_without_criteria_is_named():
    start, end = GOOD.index("[[gates.must]]"), GOOD.index("[[canvas]]")

    assert faults_of(GOOD[:start] + GOOD[end:]) == [("gates[0]", "has no criteria")]


def test_a_gate_with_nothing_to_score_is_named():
    start, end = GOOD.index("[[gates.should]]"), GOOD.index("[[canvas]]")

    assert faults_of(GOOD[:start] + GOOD[end:]) == [("gates[0].should", "has no criteria to score")]


def test_a_gate_of_a_track_that_nobody_enters_is_named():
    text = gate_beside_the_line("quick")

    assert ("gates[1]", "no idea can ever reach 'short': no track enters there") in faults_of(text)


def test_all_faults_are_named_in_one_go():
    text = changed("quorum = 2\n", "quorum = 9\n").replace("weight = 40", "weight = 41")
    text = text.replace('type = "choice"', 'type = "song"').replace('name = "Red"', 'nam = "Red"')

    assert [place for place, _ in faults_of(text)] == [
        *("canvas[3].type", "canvas[3].choices[0].name", "canvas[3].choices[0].nam"),
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
