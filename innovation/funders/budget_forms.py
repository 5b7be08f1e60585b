"""What somebody asks of a budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms import validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from innovation.forms import Form, IntegerField, MoneyField, PartForm, choices, optional, required
from innovation.funders import queries
from innovation.funders.budget_job import Question
from innovation.funders.queries.together import Payer
from innovation.funders.together_job import Together
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places.models import Province
from innovation.places.queries import list_provinces

STEPS = ("1", "2", "4", "10")
PERCENT = validators.NumberRange(1, 100, message=lazy_gettext("Write a whole number from 1 to 100."))
MOST_CENTS = 100_000_000_000_00


def share_asked_for() -> str:
    """What the programmes call the share of places that have least; empty where they do not ask for it."""
    return queries.shared_words(queries.definitions_in_use().values()).share


class Rules:
    """The rules of one budget; an empty line is no rule."""

    most = MoneyField(lazy_gettext("At most for one idea"), optional())
    most_ideas = IntegerField(
        lazy_gettext("At most so many ideas"),
        optional(validators.NumberRange(1, 500, message=lazy_gettext("Write a whole number from 1 to 500."))),
    )
    low_quintiles = IntegerField(
        lazy_gettext("Per cent at least"),
        optional(PERCENT),
        description=lazy_gettext("Ideas count of which this is 60 % or more."),
    )
    province = wtforms.SelectField(lazy_gettext("For one province"), optional())
    province_share = IntegerField(lazy_gettext("Per cent at least there"), optional(PERCENT))

    def offer_rules(self, provinces: Iterable[Province], share: str) -> None:
        """``share`` is what programmes call the share of places that have least."""
        if share:
            self.low_quintiles.label.text = _("%(what)s, per cent at least", what=_(share))
        else:
            del self.low_quintiles
        self.province.choices = choices([("", _("None")), *((each.code, each.name) for each in provinces)])

    def validate_budget(self, field: Any) -> None:
        if field.data is not None and not 0 < field.data <= MOST_CENTS:
            raise wtforms.ValidationError(_("Write an amount above nought."))

    def validate_province_share(self, field: Any) -> None:
        if field.data and not self.province.data:
            raise wtforms.ValidationError(_("Choose the province, too."))

    def validate_province(self, field: Any) -> None:
        if field.data and not self.province_share.data:
            raise wtforms.ValidationError(_("Write how much of the budget goes there, too."))

    def asked(self, funder_id: int, budget_cents: int, steps: int, grant: str = "") -> Question:
        return Question(
            grant=grant,
            funder_id=funder_id,
            budget_cents=budget_cents,
            steps=steps,
            most_cents=self.most.data or None,
            most_ideas=self.most_ideas.data,
            low_quintiles=self.low_quintiles.data if hasattr(self, "low_quintiles") else None,
            province=self.province.data or "",
            province_share=self.province_share.data,
        )


def budget_field() -> MoneyField:
    told = lazy_gettext("What can be spent altogether, in rand.")
    return MoneyField(lazy_gettext("Budget"), required(), description=told)


def steps_field(told: Any) -> wtforms.SelectField:
    return wtforms.SelectField(lazy_gettext("How an ask may be met"), required(), description=told)


def named_steps() -> list[SelectChoice]:
    return choices(zip(STEPS, (_("All or nothing"), _("In halves"), _("In quarters"), _("In tenths")), strict=True))


class BudgetForm(Rules, Form):
    """One budget with its rules."""

    form_key = wtforms.HiddenField()
    budget = budget_field()
    steps = steps_field(lazy_gettext("Others may pay the rest."))

    def offer(self) -> BudgetForm:
        """The same form with what there is to choose."""
        self.steps.choices = named_steps()
        self.offer_rules(list_provinces(), share_asked_for())
        return self

    def question(self, funder_id: int, grant: str = "") -> Question:
        return self.asked(funder_id, self.budget.data, int(self.steps.data), grant)


class PurseForm(Rules, PartForm):
    """The budget of one of several funders, with its rules."""

    budget = budget_field()


class TogetherForm(Form):
    """Several budgets, each with its rules: ``of`` makes the form for some funders."""

    form_key = wtforms.HiddenField()
    steps = steps_field(lazy_gettext("Several funders may share one ask."))

    @classmethod
    def of(cls, payers: Iterable[Payer]) -> TogetherForm:
        """The form for these funders, with the budget of the year where it is known, and the most that each gives."""
        chosen = {f"funder{payer.funder.id}": payer for payer in payers}
        fields = {name: wtforms.FormField(PurseForm, payer.funder.name) for name, payer in chosen.items()}
        made: type[TogetherForm] = type(cls.__name__, (cls,), fields)
        first = {name: {"budget": payer.budget_cents, "most": payer.most_cents} for name, payer in chosen.items()}
        form = made.read(data={"steps": "4"} | first)
        form.steps.choices = named_steps()
        provinces, share = list_provinces(), share_asked_for()
        for payer in chosen.values():
            form.of_funder(payer.funder.id).offer_rules(provinces, share)
        return form

    def of_funder(self, funder_id: int) -> PurseForm:
        nested: Any = self[f"funder{funder_id}"]
        found: PurseForm = nested.form
        return found

    def together(self, funder_ids: Iterable[int]) -> Together:
        steps = int(self.steps.data)
        purses = {key: self.of_funder(key) for key in funder_ids}
        return Together(tuple(purse.asked(key, purse.budget.data, steps) for key, purse in purses.items()))
