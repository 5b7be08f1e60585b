"""Forms of the home in the system: the post, what it rests on, and the hand-over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import wtforms
from wtforms import validators

from innovation.db import whole_number
from innovation.forms import Form, MoneyField, VersionField, at_most, choices, optional, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.replication.codes import LICENCES
from innovation.replication.forms.playbooks import line, text
from innovation.replication.forms.rollouts import named
from innovation.replication.forms.tracking import link
from innovation.replication.system_codes import REFERENCES

YEAR = re.compile(r"(20\d\d)/(\d\d)")
MOST_CENTS = 10**13


class PostForm(Form):
    version = VersionField()
    unit = named(lazy_gettext("Unit in government"))
    post = named(lazy_gettext("Post that owns it"))
    official = line(lazy_gettext("Name of the official"), 120)
    official_agreed = wtforms.BooleanField(lazy_gettext("They agreed that their name stands here"))
    contact = wtforms.SelectField(
        lazy_gettext("Who speaks for the post here"),
        choices=(),
        description=lazy_gettext(
            "A contact of an adopter with a sign-in. They are reminded of the review, and fill it in."
        ),
    )
    licence = wtforms.SelectField(lazy_gettext("Licence, where no playbook says it"), choices=())

    def offer(self, people: Mapping[int, str]) -> Self:
        self.contact.choices = choices([("", _("Nobody yet")), *((str(key), name) for key, name in people.items())])
        self.licence.choices = choices([("", _("Not said")), *LICENCES.items()])
        return self

    def details(self) -> dict[str, Any]:
        found = super().details()
        return found | {"contact_id": whole_number(found.pop("contact"))}


class ReferenceForm(Form):
    kind = wtforms.SelectField(lazy_gettext("Kind"), required(), choices=lambda: choices(REFERENCES.items()))
    number = line(lazy_gettext("Number"), 80)
    title = named(lazy_gettext("Title"), 200)
    issued_on = wtforms.DateField(lazy_gettext("Issued on"), required())
    link = link()


class BudgetForm(Form):
    vote = named(lazy_gettext("Vote"), 80)
    budget_programme = line(lazy_gettext("Programme of the vote"), 140)
    year = wtforms.StringField(
        lazy_gettext("Financial year"), required(), filters=[strip], description=lazy_gettext("Such as 2026/27.")
    )
    amount_cents = MoneyField(lazy_gettext("Amount"), required())
    funded_by = named(lazy_gettext("Paid by"))

    def validate_year(self, field: Any) -> None:
        found = YEAR.fullmatch(field.data or "")
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            raise validators.ValidationError(_("Write a financial year such as 2026/27."))

    def validate_amount_cents(self, field: Any) -> None:
        if field.data is not None and field.data > MOST_CENTS:
            raise validators.ValidationError(_("This is more than any budget has."))


class StepForm(Form):
    what = named(lazy_gettext("What is done"), 200)
    who = named(lazy_gettext("By which role"))
    due_on = wtforms.DateField(lazy_gettext("Until"), required())


class SidesForm(Form):
    version = VersionField()
    from_role = named(lazy_gettext("Who hands over: the role"))
    to_role = named(lazy_gettext("Who takes over: the role"))
    agreed_for = wtforms.DateField(lazy_gettext("On which day"), optional())


class DoneForm(Form):
    done_on = wtforms.DateField(lazy_gettext("Done on"), required())


class ReopenForm(Form):
    reason = wtforms.TextAreaField(lazy_gettext("Why it changes"), [*required(), at_most(1000)], filters=[strip])


class HappenedForm(Form):
    happened_on = wtforms.DateField(lazy_gettext("The day on which it really happened"), required())
    note = text(lazy_gettext("What was said"), length=1000)
