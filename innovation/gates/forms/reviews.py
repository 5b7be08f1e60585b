"""Forms of a review: filters, declarations, answers, and what conditions still owe."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.db import whole_number
from innovation.forms import Form, VersionField, at_most, optional, required
from innovation.gates.forms.words import options, trimmed
from innovation.gates.queries import ConditionFilters, ReviewFilters
from innovation.languages import lazy_gettext


def _one_of(label: Any, *pairs: tuple[str, Any]) -> Any:
    """A choice that narrows a list; what makes no sense narrows nothing."""
    return wtforms.SelectField(label, validate_choice=False, choices=options(list(pairs)))


ANY_DAY, OVERDUE, SOON = (
    ("", lazy_gettext("Any day")),
    ("overdue", lazy_gettext("Overdue")),
    ("week", lazy_gettext("Within 7 days")),
)


class Narrowing:
    """What lists of what happens at gates have in common: the gate, and their fields as filters."""

    data: dict[str, Any]
    gate = wtforms.SelectField(lazy_gettext("Gate"), validate_choice=False)

    def said(self) -> dict[str, str]:
        return {name: str(value or "")[:120] for name, value in self.data.items()}


class ReviewFilterForm(Narrowing, Form):
    q = wtforms.SearchField(lazy_gettext("Idea"), filters=[trimmed])
    state = _one_of(
        lazy_gettext("State"),
        ("", lazy_gettext("Any state")),
        ("open", lazy_gettext("Open")),
        ("convened", lazy_gettext("Convened")),
        ("scoring", lazy_gettext("Scoring")),
        ("decided", lazy_gettext("Decided")),
        ("cancelled", lazy_gettext("Cancelled")),
    )
    due = _one_of(lazy_gettext("Due"), ANY_DAY, OVERDUE, SOON)
    mine = _one_of(
        lazy_gettext("Whose"),
        ("", lazy_gettext("All reviews")),
        ("waiting", lazy_gettext("Waiting for me")),
        ("seat", lazy_gettext("Where I have a seat")),
    )

    def filters(self) -> ReviewFilters:
        return ReviewFilters(**self.said())


class DeclarationForm(Form):
    level = wtforms.RadioField(
        lazy_gettext("Your interests in this idea"),
        required(lazy_gettext("Choose what fits you.")),
        choices=options(
            [
                ("none", lazy_gettext("I have no interest")),
                ("declare", lazy_gettext("I have an interest to declare")),
                ("recuse", lazy_gettext("I step back")),
            ]
        ),
    )
    text = wtforms.TextAreaField(lazy_gettext("What is your interest?"), [at_most(1500)], filters=[trimmed])


class AbstentionForm(Form):
    reason = wtforms.TextAreaField(lazy_gettext("Why you abstain"), [*required(), at_most(1500)], filters=[trimmed])


class SettleForm(Form):
    answer = wtforms.RadioField(
        lazy_gettext("May this member take part?"),
        required(lazy_gettext("Choose whether this member may take part.")),
        choices=options([("accepted", lazy_gettext("Yes, take part")), ("refused", lazy_gettext("No, recuse"))]),
    )
    reason = wtforms.TextAreaField(lazy_gettext("Why"), [*optional(), at_most(1000)], filters=[trimmed])


class EvidenceForm(Form):
    version = VersionField()
    text = wtforms.TextAreaField(
        lazy_gettext("What shows that it is met?"), [*optional(), at_most(3000)], filters=[trimmed]
    )
    link = wtforms.URLField(lazy_gettext("A link to it"), [*optional(), at_most(500)], filters=[trimmed])
    attachment_id = wtforms.SelectField(
        lazy_gettext("A file of the idea"), optional(), coerce=whole_number, validate_choice=False
    )


class SettleConditionForm(Form):
    version = VersionField()
    answer = wtforms.RadioField(
        lazy_gettext("Is it met?"),
        required(lazy_gettext("Choose whether the condition is met.")),
        choices=options([("met", lazy_gettext("Yes, it is met")), ("returned", lazy_gettext("No, return it"))]),
    )
    reason = wtforms.TextAreaField(
        lazy_gettext("What is still missing?"), [*optional(), at_most(1500)], filters=[trimmed]
    )


class MoveDueDateForm(Form):
    version = VersionField()
    due_on = wtforms.DateField(lazy_gettext("By when"), required(lazy_gettext("Give the new day.")))
    reason = wtforms.TextAreaField(
        lazy_gettext("Why is the day moved?"), [*required(), at_most(1500)], filters=[trimmed]
    )


class WaiveForm(Form):
    version = VersionField()
    reason = wtforms.TextAreaField(lazy_gettext("Why is it waived?"), [*required(), at_most(1500)], filters=[trimmed])


class ConditionFilterForm(Narrowing, Form):
    q = wtforms.SearchField(lazy_gettext("Idea or condition"), filters=[trimmed])
    state = _one_of(
        lazy_gettext("State"),
        ("", lazy_gettext("Still owed")),
        ("open", lazy_gettext("Open")),
        ("offered", lazy_gettext("Evidence handed in")),
        ("met", lazy_gettext("Met")),
        ("waived", lazy_gettext("Waived")),
    )
    due = _one_of(lazy_gettext("Due"), ANY_DAY, OVERDUE, ("blocking", lazy_gettext("Overdue, and blocks")), SOON)

    def filters(self) -> ConditionFilters:
        return ConditionFilters(**self.said())


class DeskForm(Form):
    """Which ideas, and what to do with them."""

    act = wtforms.HiddenField()
    key = wtforms.HiddenField()
    every = wtforms.BooleanField(lazy_gettext("Every idea in this list"))
    idea = wtforms.SelectMultipleField(lazy_gettext("Ideas"), validate_choice=False)
