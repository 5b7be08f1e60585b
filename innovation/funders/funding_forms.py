"""Forms from an introduction to the money: disclosing, due diligence, commitments, agreements and tranches."""

from __future__ import annotations

import re
from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, IntegerField, MoneyField, at_most, choices, optional, required, strip
from innovation.funders.codes import CURRENCIES, VERDICTS
from innovation.funders.disclosing import Field
from innovation.funders.forms import named, of_nobody
from innovation.ideas.codes import INSTRUMENTS
from innovation.ideas.filecheck import ACCEPT
from innovation.ideas.photos import file_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.models import Milestone
from innovation.web import day, today

LEAST = validators.NumberRange(min=1, message=lazy_gettext("Write an amount of more than nothing."))
FORMATS = {
    "npo": (r"\d{2,3}-\d{3}", lazy_gettext("An NPO number usually looks like 181-465.")),
    "npc": (r"\d{4}/\d{6}/\d{2}", lazy_gettext("A company number usually looks like 1994/010680/08.")),
    "pbo": (r"93\d{7}|[01239]\d{9}", lazy_gettext("A PBO number usually has nine digits and begins with 930.")),
    "s18a": (r"93\d{7}|[01239]\d{9}", lazy_gettext("The number is usually that of the PBO.")),
}


def reason_field(label: Any) -> Any:
    return wtforms.TextAreaField(label, [*required(), at_most(1000)], filters=[strip])


class DisclosureForm(Form):
    """A check box for each confidential field; those that are ticked are open to the funder."""

    fields_shown = wtforms.SelectMultipleField(
        lazy_gettext("The funder may read"),
        option_widget=wtforms.widgets.CheckboxInput(),
        widget=wtforms.widgets.ListWidget(prefix_label=False),
    )

    def offer(self, fields: list[Field]) -> DisclosureForm:
        self.fields_shown.choices = choices((field.key, _(field.name)) for field in fields)
        return self

    def details(self) -> dict[str, Any]:
        return {"fields": self.fields_shown.data or []}


class PaperForm(Form):
    text = wtforms.TextAreaField(lazy_gettext("In words"), optional(at_most(4000)), filters=[strip])
    file = wtforms.FileField(lazy_gettext("File"), optional(), render_kw={"accept": ACCEPT})
    valid_until = wtforms.DateField(lazy_gettext("Valid until"), optional())

    def details(self) -> dict[str, Any]:
        return {"text": self.text.data or "", "file": file_of(self.file), "valid_until": self.valid_until.data}


class RegistrationForm(Form):
    """The number and dates of a legal status."""

    number = wtforms.StringField(lazy_gettext("Number"), [*required(), at_most(60), of_nobody], filters=[strip])
    since = wtforms.DateField(lazy_gettext("Since"), optional())
    until = wtforms.DateField(lazy_gettext("Until"), optional())

    def validate_until(self, field: Any) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise validators.ValidationError(_("This is before the first day."))


class SedForm(Form):
    """The share of the value that benefits black people: of all together, never of one person."""

    percent = IntegerField(
        lazy_gettext("Share, of 100"),
        [*required(), validators.NumberRange(0, 100, message=lazy_gettext("Write a number from 0 to 100."))],
    )
    since = wtforms.DateField(lazy_gettext("As on"), required())
    method = wtforms.TextAreaField(
        lazy_gettext("How it was worked out"),
        [*required(), at_most(1000)],
        filters=[strip],
        description=lazy_gettext("From which figures, of all together. Name nobody."),
    )


def warning_of(kind: str, number: str) -> str:
    """What looks unusual about a number; the form takes it all the same."""
    pattern, said = FORMATS.get(kind, ("", ""))
    return str(said) if pattern and number and not re.fullmatch(pattern, number) else ""


class CheckForm(Form):
    verdict = wtforms.SelectField(lazy_gettext("What you say of it"), required())
    note = wtforms.TextAreaField(lazy_gettext("Note for your fund"), optional(at_most(1000)), filters=[strip])

    def translated(self) -> CheckForm:
        self.verdict.choices = named(VERDICTS)
        return self


class EndForm(Form):
    reason = reason_field(lazy_gettext("Why it ends"))


class OfferForm(Form):
    instrument = wtforms.SelectField(lazy_gettext("In which form"), required())
    currency = wtforms.SelectField(
        lazy_gettext("Currency"), required(), choices=choices((code, code) for code in CURRENCIES)
    )
    amount = MoneyField(
        lazy_gettext("Amount, or the value of what you give"),
        [*required(), LEAST],
        description=lazy_gettext("What is given in kind is counted apart from money."),
    )
    purpose = wtforms.TextAreaField(lazy_gettext("For what"), [*required(), at_most(1000)], filters=[strip])
    match_percent = IntegerField(
        lazy_gettext("Only as far as others match it"),
        optional(validators.NumberRange(1, 1000, message=lazy_gettext("Write a number from 1 to 1 000."))),
        description=lazy_gettext("100: a rand for each rand that others have committed. Empty: whatever others do."),
    )
    terms = wtforms.TextAreaField(lazy_gettext("Other terms"), optional(at_most(1000)), filters=[strip])

    def translated(self) -> OfferForm:
        self.instrument.choices = named(INSTRUMENTS)
        return self

    def details(self) -> dict[str, Any]:
        values = super().details()
        return values | {"amount_minor": values.pop("amount")}


class OfferAnswerForm(Form):
    """Accepted where the answer says so; anything else declines it, which takes a reason."""

    answer = wtforms.StringField(lazy_gettext("Answer"), optional())
    reason = wtforms.TextAreaField(lazy_gettext("A word to the funder"), optional(at_most(1000)), filters=[strip])
    beyond = wtforms.TextAreaField(
        lazy_gettext("If it is meant that more is committed than the idea asks for: why"),
        optional(at_most(1000)),
        filters=[strip],
    )

    def details(self) -> dict[str, Any]:
        said = {"reason": self.reason.data or ""}
        return said | {"beyond": self.beyond.data or ""} if self.answer.data == "accept" else said


class TrancheForm(Form):
    amount = MoneyField(lazy_gettext("Amount or value"), [*required(), LEAST])
    due_on = wtforms.DateField(lazy_gettext("By"), required())
    milestone = wtforms.SelectField(lazy_gettext("Released when this is accepted"), optional(), default="")

    def offer(self, milestones: list[Milestone]) -> TrancheForm:
        self.milestones = milestones
        pairs = [(str(each.id), f"{each.title}, {day(each.due_on)}") for each in milestones]
        self.milestone.choices = choices([("", _("No milestone: by the date alone")), *pairs])
        return self

    def details(self) -> dict[str, Any]:
        chosen = next((each for each in self.milestones if str(each.id) == self.milestone.data), None)
        return {"amount_minor": self.amount.data, "due_on": self.due_on.data, "milestone": chosen}


def not_ahead(_form: Form, field: Any) -> None:
    if field.data and field.data > today():
        raise validators.ValidationError(_("This day is still ahead."))


class AgreementForm(Form):
    agreed_on = wtforms.DateField(lazy_gettext("Signed on"), [*required(), not_ahead])
    agreement = wtforms.StringField(
        lazy_gettext("Name or number of the agreement"), [*required(), at_most(120)], filters=[strip]
    )


class ReleaseForm(Form):
    released_on = wtforms.DateField(lazy_gettext("Paid or handed over on"), [*required(), not_ahead])


class WithdrawalForm(Form):
    reason = reason_field(lazy_gettext("Why it is taken back"))
