"""Form macros: every kind of field has its label, says what is wrong, and gives back what was typed."""

from __future__ import annotations

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, validators

from innovation.forms import Checkboxes, Form, MoneyField, PartForm, VersionField
from tests.pages.conftest import Render
from tests.pages.reading import elements

FIELD = '{% from "macros/forms.html" import field %}{{ field(f) }}'
CHOICES = [SelectChoice("f", "Foundation"), SelectChoice("s", "Senior")]


class Everything(Form):
    version = VersionField()
    title = wtforms.StringField("Title", [validators.InputRequired("Please fill this in.")], description="A few words.")
    email = wtforms.EmailField("E-mail", [validators.Optional()])
    problem = wtforms.TextAreaField("Problem", [validators.Length(max=20)])
    theme = wtforms.SelectField("Theme", choices=CHOICES)
    phase = wtforms.RadioField("Phase", choices=CHOICES)
    phases = Checkboxes("Phases", choices=CHOICES)
    consent = wtforms.BooleanField("I agree")
    day = wtforms.DateField("Day", [validators.Optional()])
    learners = wtforms.IntegerField("Learners", [validators.NumberRange(0, 50)])
    amount = MoneyField("Amount")
    letter = wtforms.FileField("Letter")


@pytest.mark.parametrize(
    ("name", "tag", "kind"),
    [
        ("title", "input", "text"),
        ("email", "input", "email"),
        ("problem", "textarea", ""),
        ("theme", "select", ""),
        ("phase", "input", "radio"),
        ("phases", "input", "checkbox"),
        ("consent", "input", "checkbox"),
        ("day", "input", "date"),
        ("learners", "input", "number"),
        ("amount", "input", "text"),
        ("letter", "input", "file"),
    ],
)
def test_every_kind_of_field_is_drawn_as_its_control(render: Render, name: str, tag: str, kind: str) -> None:
    page = render(FIELD, f=Everything()[name])

    control = elements(page, tag, name=name)[0]
    assert control.attributes.get("type", "") == kind


def test_an_error_stands_beside_its_field_and_is_read_with_it(render: Render) -> None:
    form = Everything(MultiDict({"title": ""}))
    form.validate()

    page = render(FIELD, f=form.title)

    control = elements(page, "input")[0].attributes
    assert control["aria-describedby"] == "title-help title-error"
    assert control["aria-invalid"] == "true"
    assert elements(page, "", id="title-error")[0].text == "Please fill this in."


def test_what_was_typed_is_given_back_escaped(render: Render) -> None:
    form = Everything(MultiDict({"problem": "</textarea><b>too long for the field", "amount": "R480 thousand"}))
    form.validate()

    page = render(FIELD, f=form.problem) + render(FIELD, f=form.amount)

    assert elements(page, "textarea")[0].text == "</textarea><b>too long for the field"
    assert elements(page, "input")[0].attributes["value"] == "R480 thousand"
    assert elements(page, "b") == []


def test_the_summary_links_each_error_to_its_field_and_lists_refusals(render: Render) -> None:
    form = Everything(MultiDict({"title": "", "theme": "f", "phase": "x", "day": "", "learners": "80"}))
    form.validate()
    form.refusals = ["The district letter of support is missing."]

    page = render('{% from "macros/forms.html" import error_summary %}{{ error_summary(form) }}', form=form)

    assert [e.attributes["href"] for e in elements(page, "a")] == ["#title", "#phase-0", "#learners"]
    assert elements(page, "li")[0].text == "The district letter of support is missing."


def test_no_summary_without_an_error(render: Render) -> None:
    page = render('{% from "macros/forms.html" import error_summary %}{{ error_summary(form) }}', form=Everything())

    assert page.strip() == ""


def test_hidden_fields_carry_the_token_and_the_version(render: Render) -> None:
    form = Everything(data={"version": "3"})

    page = render('{% from "macros/forms.html" import hidden %}{{ hidden(form) }}', form=form)

    sent = {e.attributes["name"]: e.attributes["value"] for e in elements(page, "input", type="hidden")}
    assert sent == {"csrf_token": "token", "once": "key", "version": "3"}


def test_a_blocked_choice_says_why_and_cannot_be_taken(render: Render) -> None:
    form = Everything(data={"phase": "f"})

    page = render(
        '{% from "macros/forms.html" import choice_cards %}{{ choice_cards(f, off={"s": "Not before the pilot."}) }}',
        f=form.phase,
    )

    assert [("checked" in e.attributes, "disabled" in e.attributes) for e in elements(page, "input")] == [
        (True, False),
        (False, True),
    ]
    assert [e.text for e in elements(page, "label")] == ["Foundation", "Senior Not before the pilot."]


def test_a_confirmed_button_tells_what_will_happen_before_it_posts(render: Render) -> None:
    page = render(
        '{% from "macros/forms.html" import post_button %}'
        '{{ post_button("/x", "Withdraw", confirm="The panel is told.") }}'
    )

    assert elements(page, "summary")[0].text == "Withdraw"
    assert elements(page, "form", method="post", action="/x")[0].text == "The panel is told. Withdraw"


@pytest.mark.parametrize(("day", "fine"), [("2026-11-26", True), ("1900-01-01", True), ("9999-12-31", False)])
def test_a_day_so_far_off_that_nothing_can_be_counted_from_it_is_refused(day: str, fine: bool) -> None:
    form = Everything(MultiDict({"title": "Clubs", "day": day, "theme": "f", "phase": "f", "learners": "1"}))

    form.validate()

    assert ("Write a day between 1900 and 2100." not in form.day.errors) == fine


def test_an_hour_has_no_year() -> None:
    class Hour(Form):
        time = wtforms.TimeField("Begins at")

    assert Hour(MultiDict({"time": "09:30"})).validate()


def test_no_part_of_any_form_speaks_the_words_of_the_library(app: Flask) -> None:
    ours = {kind for kind in wtforms.Form.__subclasses__() if kind.__module__.startswith("innovation.")}

    assert ours == {PartForm, Form}


def test_a_day_that_is_none_is_refused_in_plain_words_in_a_row_too(app: Flask) -> None:
    class Row(PartForm):
        day = wtforms.DateField("Day", [validators.Optional()])

    with app.test_request_context():
        row = Row(MultiDict({"day": "tomorrow"}))
        row.validate()

    assert row.day.errors == ["Write a day, such as 2026-11-26."]
