"""What somebody asks of a budget."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, MoneyField, choices, optional, required
from innovation.funders import queries
from innovation.funders.budget_job import Question
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places.queries import list_provinces

STEPS = ("1", "2", "4", "10")
PERCENT = validators.NumberRange(1, 100, message=lazy_gettext("Write a whole number from 1 to 100."))
MOST_CENTS = 100_000_000_000_00


def share_asked_for() -> str:
    """What the programmes call the share of places that have least; empty where they do not ask for it."""
    return queries.shared_words(queries.definitions_in_use().values()).share


class BudgetForm(Form):
    """The budget, and its rules; an empty line is no rule."""

    form_key = wtforms.HiddenField()
    budget = MoneyField(
        lazy_gettext("Budget"), required(), description=lazy_gettext("What can be spent altogether, in rand.")
    )
    steps = wtforms.SelectField(
        lazy_gettext("How an ask may be met"), required(), description=lazy_gettext("Others may pay the rest.")
    )
    most = MoneyField(lazy_gettext("At most for one idea"), optional())
    most_ideas = wtforms.IntegerField(
        lazy_gettext("At most so many ideas"),
        optional(validators.NumberRange(1, 500, message=lazy_gettext("Write a whole number from 1 to 500."))),
    )
    low_quintiles = wtforms.IntegerField(
        lazy_gettext("Per cent at least"),
        optional(PERCENT),
        description=lazy_gettext("Ideas count of which this is 60 % or more."),
    )
    province = wtforms.SelectField(lazy_gettext("For one province"), optional())
    province_share = wtforms.IntegerField(lazy_gettext("Per cent at least there"), optional(PERCENT))

    def offer(self) -> BudgetForm:
        """The same form with what there is to choose."""
        named = (_("All or nothing"), _("In halves"), _("In quarters"), _("In tenths"))
        self.steps.choices = choices(zip(STEPS, named, strict=True))
        provinces = [(province.code, province.name) for province in list_provinces()]
        share = share_asked_for()
        if share:
            self.low_quintiles.label.text = _("%(what)s, per cent at least", what=_(share))
        else:
            del self.low_quintiles
        self.province.choices = choices([("", _("None")), *provinces])
        return self

    def validate_budget(self, field: Any) -> None:
        if field.data is not None and not 0 < field.data <= MOST_CENTS:
            raise wtforms.ValidationError(_("Write an amount above nought."))

    def validate_province_share(self, field: Any) -> None:
        if field.data and not self.province.data:
            raise wtforms.ValidationError(_("Choose the province, too."))

    def validate_province(self, field: Any) -> None:
        if field.data and not self.province_share.data:
            raise wtforms.ValidationError(_("Write how much of the budget goes there, too."))

    def question(self, funder_id: int, grant: str = "") -> Question:
        return Question(
            grant=grant,
            funder_id=funder_id,
            budget_cents=self.budget.data,
            steps=int(self.steps.data),
            most_cents=self.most.data or None,
            most_ideas=self.most_ideas.data,
            low_quintiles=self.low_quintiles.data if "low_quintiles" in self else None,
            province=self.province.data or "",
            province_share=self.province_share.data,
        )
