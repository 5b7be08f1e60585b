"""Forms for adaptations: one for each step of plan, do, study and act."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, at_most, choices, optional, required, strip
from innovation.ideas.forms.answers import Radio
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.trying import ACT_NAMES, TOUCHED


def _told(label: Any, *, needed: bool = True, help: Any = "") -> wtforms.TextAreaField:
    rules = [*(required() if needed else optional()), at_most(1500)]
    return wtforms.TextAreaField(label, rules, filters=[strip], description=help, default="")


class PlanAdaptationForm(Form):
    change = _told(lazy_gettext("Plan: what is changed"))
    goal = _told(lazy_gettext("Why: what should get better, and how you will see it"))
    touches = wtforms.SelectField(
        lazy_gettext("Which part of the plan it touches"),
        required(),
        choices=lambda: choices([("", _("Choose one")), *TOUCHED.items()]),
    )
    kind = Radio(
        lazy_gettext("Is this part core or adaptable?"),
        required(lazy_gettext("Choose one.")),
        choices=lambda: choices([("adaptable", _("Adaptable")), ("core", _("Core"))]),
        description=lazy_gettext("Core is what it cannot do without: changed, it may be another thing that is tried."),
    )
    who = wtforms.StringField(lazy_gettext("Who does it: a role"), optional(at_most(140)), filters=[strip], default="")
    planned_on = wtforms.DateField(lazy_gettext("Planned on"), required())

    def details(self) -> dict[str, Any]:
        told = super().details()
        kind = told.pop("kind")
        return {**told, "who": told["who"] or "", "is_core": kind == "core"}


class TryForm(Form):
    done = _told(lazy_gettext("Do: how it is really done"))
    begun_on = wtforms.DateField(lazy_gettext("Since"), required())


class StudyForm(Form):
    found = _told(
        lazy_gettext("Study: what was found"),
        help=lazy_gettext("Also where it is not what you had hoped for. Means and shares only; name nobody."),
    )
    studied_on = wtforms.DateField(lazy_gettext("Studied on"), required())


class SettleForm(Form):
    act = Radio(lazy_gettext("Act"), required(lazy_gettext("Choose one.")), choices=lambda: choices(ACT_NAMES.items()))
    because = _told(lazy_gettext("Why"), needed=False)
    settled_on = wtforms.DateField(lazy_gettext("Settled on"), required())

    def details(self) -> dict[str, Any]:
        told = super().details()
        return {**told, "because": told["because"] or ""}


class DropForm(Form):
    because = _told(lazy_gettext("Why it is not tried"))
