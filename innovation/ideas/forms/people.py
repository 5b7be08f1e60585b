"""Forms for the people of an idea, its ask to funders, its consents and its pilot."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.db import whole_number
from innovation.forms import Checkboxes, Form, IntegerField, MoneyField, at_most, choices, optional, required, strip
from innovation.ideas import codes
from innovation.ideas.models import Ask, Contributor, Idea
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places.queries import by_province, list_districts, list_provinces
from workflows import Definition

EMAIL = validators.Email(message=lazy_gettext("Write an e-mail address, such as name@office.example."))
SOMEBODY_NEW = "new"


class ContributorForm(Form):
    name = wtforms.StringField(lazy_gettext("Name"), [*required(), at_most(120)], filters=[strip])
    email = wtforms.StringField(
        lazy_gettext("E-mail"),
        optional(EMAIL, at_most(254)),
        filters=[strip],
        description=lazy_gettext("With it, the person can sign in and work on the idea."),
    )
    role = wtforms.StringField(
        lazy_gettext("Part in the idea"),
        optional(at_most(80)),
        filters=[strip],
        description=lazy_gettext("For example: drew the lesson plans."),
    )


def _named_if_new(form: Any, field: Any) -> None:
    if form.to.data == SOMEBODY_NEW and not field.data:
        raise validators.StopValidation(_("Write the name of the new owner."))


class HandOverForm(Form):
    to = wtforms.RadioField(lazy_gettext("Who takes the idea forward?"), required())
    name = wtforms.StringField(lazy_gettext("Name"), [_named_if_new, at_most(120)], filters=[strip])
    email = wtforms.StringField(lazy_gettext("E-mail"), optional(EMAIL, at_most(254)), filters=[strip])

    def offer(self, contributors: list[Contributor]) -> HandOverForm:
        """The same form with the present contributors to choose from."""
        named = [(str(contributor.id), contributor.person.name) for contributor in contributors]
        self.to.choices = choices([*named, (SOMEBODY_NEW, _("Somebody else"))])
        if not named and not self.to.data:
            self.to.data = SOMEBODY_NEW
        return self

    def details(self) -> dict[str, Any]:
        if self.to.data == SOMEBODY_NEW:
            return {"name": self.name.data, "email": self.email.data or None}
        return {"contributor_id": int(self.to.data)}


def _number(least: int, most: int) -> list[Any]:
    message = lazy_gettext("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    return [validators.NumberRange(least, most, message=message)]


class AskForm(Form):
    based_on = wtforms.HiddenField()
    amount = MoneyField(
        lazy_gettext("Amount"), required(), description=lazy_gettext("All the money asked for, in rand.")
    )
    instruments = Checkboxes(
        lazy_gettext("In which form"), required(lazy_gettext("Tick at least one.")), choices=choices(codes.INSTRUMENTS)
    )
    months = IntegerField(lazy_gettext("For how many months"), [*required(), *_number(1, 120)])
    purpose = wtforms.TextAreaField(lazy_gettext("What the money does"), [*required(), at_most(2000)], filters=[strip])
    provinces = Checkboxes(lazy_gettext("Provinces"), required(lazy_gettext("Tick at least one.")))
    district_ids = Checkboxes(lazy_gettext("Districts"), optional(), coerce=int)
    phases = Checkboxes(lazy_gettext("Phases"), required(lazy_gettext("Tick at least one.")))
    secondary_theme_ids = Checkboxes(lazy_gettext("Other themes that it serves"), optional(), coerce=int)
    schools = IntegerField(lazy_gettext("Sites"), [*optional(), *_number(0, 30_000)])
    learners = IntegerField(lazy_gettext("People reached"), [*optional(), *_number(0, 15_000_000)])
    cost_per_learner = MoneyField(lazy_gettext("Cost for each person in a year"), optional())
    evidence_level = wtforms.SelectField(lazy_gettext("Level of evidence so far"), required())
    share_q1_3 = IntegerField(lazy_gettext("Share, in percent"), [*optional(), *_number(0, 100)])
    legal_status = Checkboxes(
        lazy_gettext("The organisation that would receive it is"), optional(), choices=choices(codes.LEGAL_STATUSES)
    )
    sed_percent = IntegerField(
        lazy_gettext("Share that benefits black people, in percent"),
        [*optional(), *_number(0, 100)],
        description=lazy_gettext("Companies need it for B-BBEE socio-economic development. An estimate is enough."),
    )

    def offer(self, idea: Idea) -> AskForm:
        """The same form with the places, themes and levels to choose from."""
        self.provinces.choices = choices((province.code, province.name) for province in list_provinces())
        districts = list_districts()
        self.district_ids.choices = choices((district.id, district.name) for district in districts)
        self.district_groups = by_province(districts)
        themes = [theme for theme in idea.programme.themes if theme.retired_at is None and theme.id != idea.theme_id]
        self.secondary_theme_ids.choices = choices((theme.id, theme.name) for theme in themes)
        levels = idea.definition.evidence_levels
        self.evidence_level.choices = choices((level.key, f"{level.key} {_(level.name)}") for level in levels)
        self.instruments.choices = choices((key, _(name)) for key, name in codes.INSTRUMENTS)
        self.legal_status.choices = choices((key, _(name)) for key, name in codes.LEGAL_STATUSES)
        self._speak(idea.definition)
        return self

    def _speak(self, definition: Definition) -> None:
        """Ask in the words of the programme, and only for what it knows."""
        words = definition.words
        self.district_ids.label.text = _(words.districts)
        self.schools.label.text, self.learners.label.text = _(words.sites), _(words.reached)
        self.cost_per_learner.label.text = _(words.cost)
        self.share_q1_3.label.text = _("%(what)s, in percent", what=_(words.share))
        if definition.phases:
            self.phases.label.text = _(definition.phases.name)
            self.phases.choices = choices((choice.key, _(choice.name)) for choice in definition.phases.choices)
        else:
            del self.phases
        if not words.share:
            del self.share_q1_3
        if not self.district_groups:
            del self.district_ids

    def details(self) -> dict[str, Any]:
        values: dict[str, Any] = dict(self.data)
        values["based_on"] = whole_number(values["based_on"])
        values["amount_cents"] = values.pop("amount")
        values["cost_per_learner_cents"] = values.pop("cost_per_learner")
        return {"phases": [], "district_ids": [], "share_q1_3": None} | values


def ask_values(idea: Idea, ask: Ask | None, answers: dict[str, Any]) -> dict[str, Any]:
    """What the ask's form starts with: the ask before, or what the idea says already."""
    if ask is None:
        return {
            "based_on": 0,
            "phases": idea.phases,
            "provinces": [idea.region.province_code] if idea.region.province_code else [],
            "district_ids": [idea.district_id] if idea.district_id else [],
            "cost_per_learner": answers.get(idea.definition.cost.key) if idea.definition.cost else None,
            "evidence_level": idea.evidence_level,
        }
    kept = {column.key: getattr(ask, column.key) for column in Ask.__table__.columns}
    return kept | {"based_on": ask.number, "amount": ask.amount_cents, "cost_per_learner": ask.cost_per_learner_cents}
