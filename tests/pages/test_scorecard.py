"""The scorecard: marks from the definition, anchors in words, and nothing that needs a script."""

from __future__ import annotations

import pytest
import wtforms
from flask import Flask

from innovation.forms import Form
from innovation.gates.anchors import scale_of
from tests.pages.conftest import Render
from tests.pages.reading import elements
from workflows import library_definition

EDUCATION = library_definition("education")
ALL_GATES = [gate.key for gate in EDUCATION.gates]


def card(gate_key: str, mark: str | None = None) -> Form:
    gate = EDUCATION.gate(gate_key)

    class Card(Form):
        answer = wtforms.RadioField("Answer", choices={"yes": "Yes", "no": "No", "unsure": "Unsure"})
        fixable = wtforms.BooleanField("The team could fix this")
        mark = wtforms.RadioField(
            "Mark", choices={**{str(m.value): m.label for m in gate.marks}, "na": "Does not apply"}
        )
        comment = wtforms.TextAreaField("Comment")

    return Card(data={"mark": mark})


@pytest.mark.parametrize("gate_key", ALL_GATES)
def test_every_gate_offers_its_own_marks_with_their_worth(render: Render, gate_key: str) -> None:
    gate, form = EDUCATION.gate(gate_key), card(gate_key)

    page = render(
        '{% from "macros/scorecard.html" import scale %}{{ scale(criterion, form.mark, marks, form.comment) }}',
        criterion=gate.should[0],
        form=form,
        marks=gate.marks,
    )

    radios = [e.attributes for e in elements(page, "input", type="radio")]
    assert [r["value"] for r in radios] == [*(str(m.value) for m in gate.marks), "na"]
    assert [float(r["data-worth"]) for r in radios if "data-worth" in r] == [m.worth for m in gate.marks]
    assert elements(page, "fieldset")[0].attributes["data-weight"] == str(gate.should[0].weight)


def test_each_mark_says_what_it_stands_for(bare: Flask) -> None:
    criterion, marks = EDUCATION.gate("pilot").should[0], EDUCATION.gate("pilot").marks
    at_3, at_5 = (next(a.text for a in criterion.anchors if a.value == value) for value in (3, 5))

    steps = scale_of(criterion, marks)

    shown = [steps[value].line for value in ("5", "4", "na")]
    assert shown == [f"5 · {at_5}", f"4 · Between “{at_3}” and “{at_5}”", "Does not apply: left out of the total"]


def test_a_must_meet_asks_whether_a_no_can_be_fixed(render: Render) -> None:
    criterion, form = EDUCATION.gate("pilot").must[0], card("pilot")

    page = render(
        '{% from "macros/scorecard.html" import must_meet %}'
        "{{ must_meet(criterion, form.answer, form.fixable, form.comment) }}",
        criterion=criterion,
        form=form,
    )

    assert [e.attributes["value"] for e in elements(page, "input", name="answer")] == ["yes", "no", "unsure"]
    assert elements(page, "div", data_only_if="answer=no")[0].text == "The team could fix this"
