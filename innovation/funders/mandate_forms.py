"""Forms for a funder's grant programmes and for what each of them looks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

import wtforms
from wtforms import validators

from innovation.forms import (
    Checkboxes,
    Form,
    IntegerField,
    MoneyField,
    PartForm,
    VersionField,
    at_most,
    choices,
    optional,
    required,
    strip,
)
from innovation.funders import queries
from innovation.funders.codes import APPETITES, CURRENCIES, DILIGENCE, GOALS, REPORTS, phase_keys
from innovation.funders.forms import levels, named
from innovation.funders.giving_codes import PURPOSES
from innovation.funders.models import Funder, GrantProgramme, Mandate
from innovation.ideas.codes import INSTRUMENTS, LEGAL_STATUSES
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places.queries import by_province, list_districts, list_provinces
from workflows import Stage

AMOUNTS = ("ticket_min", "ticket_max", "ticket_typical")
TEXTS = ("notes", "procedure", "beyond_money", "reports")
MOST_WINDOWS, YEARS = 12, 3


def whole(least: int, most: int) -> list[Any]:
    message = lazy_gettext("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    return optional(validators.NumberRange(least, most, message=message))


def coded(names: Iterable[tuple[str, str]]) -> Any:
    """The choices with their codes before their names."""
    return choices((code, f"{code} {_(name)}") for code, name in names)


# A programme


class BudgetRow(PartForm):
    """What there is for a year; no amount is no budget."""

    year = wtforms.SelectField(lazy_gettext("Year"), coerce=int, validate_choice=False)
    amount = MoneyField(lazy_gettext("Amount"), optional())
    currency = wtforms.SelectField(lazy_gettext("Currency"), choices=choices((each, each) for each in CURRENCIES))


class GrantForm(Form):
    version = VersionField()
    name = wtforms.StringField(
        lazy_gettext("Name"),
        [*required(), at_most(160)],
        filters=[strip],
        description=lazy_gettext("As owners of ideas know it."),
    )
    description = wtforms.TextAreaField(
        lazy_gettext("What it is for"),
        optional(at_most(2000)),
        filters=[strip],
        description=lazy_gettext("Owners of ideas read it."),
    )
    running = wtforms.BooleanField(
        lazy_gettext("It is running"),
        description=lazy_gettext("While it is not, no idea is matched with it, and owners do not find it."),
        default=True,
    )
    listed = wtforms.BooleanField(
        lazy_gettext("Owners of ideas may find it"),
        description=lazy_gettext("Otherwise only you see which ideas fit it."),
        default=True,
    )
    budgets = wtforms.FieldList(wtforms.FormField(BudgetRow), max_entries=40)

    def offer(self, year: int) -> GrantForm:
        """The same form with the years to choose from."""
        kept = [row.form.year.data for row in self.budgets if row.form.year.data]
        years = range(min([year - 1, *kept]), max([year + 5, *kept]) + 1)
        for row in self.budgets:
            row.form.year.choices = choices((each, each) for each in years)
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        told = [(year, currency) for year, _amount, currency in self._budgets()]
        if len(told) == len(set(told)):
            return fine
        self.form_errors.append(_("A year has two budgets in the same currency."))
        return False

    def details(self) -> dict[str, Any]:
        details = super().details()
        return {**details, "description": details["description"] or "", "budgets": self._budgets()}

    def _budgets(self) -> list[tuple[int, int, str]]:
        rows = [row.form for row in self.budgets]
        return [
            (row.year.data, row.amount.data, row.currency.data) for row in rows if row.amount.data and row.year.data
        ]


def grant_form(grant: GrantProgramme | None, today: dt.date) -> GrantForm:
    """The form with what is known of the programme, and a line for each of the next years."""
    values: dict[str, Any] = {"budgets": []}
    if grant is not None:
        plain = ("version", "name", "description", "running", "listed")
        values = {name: getattr(grant, name) for name in plain}
        values["budgets"] = [
            {"year": each.year, "amount": each.amount_minor, "currency": each.currency} for each in grant.budgets
        ]
    known = {each["year"] for each in values["budgets"]}
    ahead = [year for year in range(today.year, today.year + YEARS) if year not in known]
    values["budgets"] += [{"year": year, "amount": None, "currency": "ZAR"} for year in ahead]
    return GrantForm.read(data=values).offer(today.year)


# What it looks for


class WindowRow(PartForm):
    """From when to when one may apply; either day may be left out."""

    opens_on = wtforms.DateField(lazy_gettext("Open from"), optional())
    closes_on = wtforms.DateField(lazy_gettext("Open until"), optional())

    def validate_closes_on(self, field: Any) -> None:
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise validators.ValidationError(_("This is before the first day."))


class MandateForm(Form):
    version = VersionField()
    theme_keys = Checkboxes(lazy_gettext("Themes"), optional(), description=lazy_gettext("None ticked: any theme."))
    topic_keys = Checkboxes(
        lazy_gettext("Topics that you look for"),
        optional(),
        description=lazy_gettext("Owners of ideas read it. It does not change how well an idea fits."),
    )
    exclusions = Checkboxes(
        lazy_gettext("Topics that you do not fund"),
        optional(),
        description=lazy_gettext("Ideas on these topics are not shown."),
    )
    phases = Checkboxes(lazy_gettext("Phases"), optional(), description=lazy_gettext("None ticked: any of them."))
    goals = Checkboxes(
        lazy_gettext("Goals of the United Nations (SDG)"),
        optional(),
        description=lazy_gettext("The targets that your own reports name. Owners read them."),
    )
    purposes = Checkboxes(
        lazy_gettext("Purposes by their codes (OECD DAC)"),
        optional(),
        description=lazy_gettext("Those by which you publish what you give. Owners read them."),
    )
    national = wtforms.BooleanField(
        lazy_gettext("The whole country"),
        description=lazy_gettext("Places that you tick still count as a better fit."),
        default=True,
    )
    provinces = Checkboxes(lazy_gettext("Provinces"), optional())
    district_ids = Checkboxes(lazy_gettext("Districts"), optional(), coerce=int)
    ticket_min = MoneyField(lazy_gettext("Least amount"), optional())
    ticket_max = MoneyField(lazy_gettext("Most"), optional())
    ticket_typical = MoneyField(lazy_gettext("Usual amount"), optional())
    co_fund = wtforms.BooleanField(lazy_gettext("May carry a part of an ask, together with others"), default=True)
    multi_year = wtforms.BooleanField(lazy_gettext("May fund for more than a year"))
    max_months = IntegerField(lazy_gettext("For at most how many months"), whole(1, 240))
    instruments = Checkboxes(lazy_gettext("In which form"), optional())
    min_evidence = wtforms.SelectField(lazy_gettext("Evidence at least"), optional())
    requires = Checkboxes(
        lazy_gettext("The organisation that receives it must be"),
        optional(),
        description=lazy_gettext("Ideas without it are not shown."),
    )
    sed_percent = IntegerField(
        lazy_gettext("Benefit for black people (SED), of 100 at least"),
        whole(1, 100),
        description=lazy_gettext("Ideas that state less are not shown; one that states nothing yet is."),
    )
    accounts_years = IntegerField(lazy_gettext("Audited statements of how many years"), whole(1, 10))
    papers = Checkboxes(
        lazy_gettext("What you will ask to see"),
        optional(),
        description=lazy_gettext("Owners read it, so that they can have it ready."),
    )
    match_percent = IntegerField(lazy_gettext("For each R100 of yours, others bring at least, in rand"), whole(1, 1000))
    overheads_percent = IntegerField(lazy_gettext("Overheads, of 100 at most"), whole(0, 100))
    evaluation_percent = IntegerField(lazy_gettext("For evaluation, of 100 at most"), whole(0, 100))
    windows = wtforms.FieldList(wtforms.FormField(WindowRow), max_entries=MOST_WINDOWS)
    open_call = wtforms.BooleanField(
        lazy_gettext("Owners may apply"),
        description=lazy_gettext("Otherwise you look for ideas yourself, and owners read so."),
        default=True,
    )
    standard_pack = wtforms.BooleanField(lazy_gettext("The standard pack is enough as an application"))
    decision_months = IntegerField(lazy_gettext("Months until you decide"), whole(1, 36))
    reports = wtforms.SelectField(lazy_gettext("Reports"), optional())
    procedure = wtforms.TextAreaField(
        lazy_gettext("How you decide"),
        optional(at_most(1000)),
        filters=[strip],
        description=lazy_gettext("The steps, and how long an application is. Owners read it."),
    )
    beyond_money = wtforms.TextAreaField(
        lazy_gettext("What you give besides money"),
        optional(at_most(1000)),
        filters=[strip],
        description=lazy_gettext("Such as time, goods, training or introductions. Owners read it."),
    )
    notes = wtforms.TextAreaField(lazy_gettext("Notes"), optional(at_most(2000)), filters=[strip])

    stages: tuple[str, ...] = ()

    def offer(self) -> MandateForm:
        """The same form with the themes, places and levels to choose from."""
        themes, topics = queries.themes_and_topics()
        self.theme_keys.choices, self.exclusions.choices = choices(themes), choices(topics)
        self.topic_keys.choices = choices(topics)
        self.goals.choices, self.purposes.choices = coded(GOALS), coded(PURPOSES.items())
        definitions = list(queries.definitions_in_use().values())
        called, phases = queries.phases_in_use(definitions)
        if called:
            self.phases.label.text, self.phases.choices = _(called), named(phases)
        else:  # the lists of goals and purposes are of education
            del self.phases, self.goals, self.purposes
        self.provinces.choices = choices((province.code, province.name) for province in list_provinces())
        districts = list_districts()
        self.district_ids.label.text = _(queries.shared_words(definitions).districts)
        self.district_ids.choices = choices((district.id, district.name) for district in districts)
        self.district_groups = by_province(districts)
        self.instruments.choices = named(INSTRUMENTS)
        self.requires.choices = named(LEGAL_STATUSES)
        self.papers.choices = named((key, name) for key, name, _help in DILIGENCE)
        self.reports.choices = named(REPORTS, _("Not said"))
        self.min_evidence.choices = levels(definitions, _("Any"))
        for field in self.appetites:
            field.choices = named(APPETITES[1:], _("Not wanted"))
        return self

    @property
    def appetites(self) -> list[Any]:
        """The field of each stage."""
        return [self[f"appetite_{key}"] for key in self.stages]

    def validate_ticket_max(self, field: Any) -> None:
        if field.data is not None and self.ticket_min.data is not None and field.data < self.ticket_min.data:
            raise validators.ValidationError(_("The most is less than the least amount."))

    def validate_topic_keys(self, field: Any) -> None:
        if set(field.data or ()) & set(self.exclusions.data or ()):
            raise validators.ValidationError(_("A topic is ticked here and among those that you do not fund."))

    def validate_national(self, field: Any) -> None:
        if not (field.data or self.provinces.data or self.district_ids.data):
            raise validators.ValidationError(_("Tick the whole country, or at least one place."))

    def details(self) -> dict[str, Any]:
        values: dict[str, Any] = {k: v for k, v in super().details().items() if not k.startswith("appetite_")}
        for name in AMOUNTS:
            values[f"{name}_cents"] = values.pop(name)
        chosen = {key: self[f"appetite_{key}"].data for key in self.stages}
        values = {"phases": [], "goals": [], "purposes": []} | values
        values["appetite"] = {key: level for key, level in chosen.items() if level}
        values["min_evidence"] = values["min_evidence"] or None
        values |= {name: values[name] or "" for name in TEXTS}
        values["windows"] = sorted(
            ([_iso(row["opens_on"]), _iso(row["closes_on"])] for row in values["windows"] if any(row.values())),
            key=lambda window: window[0] or "",
        )
        return values


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def mandate_form(stages: Iterable[Stage], of: Funder | GrantProgramme, mandate: Mandate | None) -> MandateForm:
    """The form with one choice for each stage, filled with the present mandate, and with room for further windows."""
    fields: dict[str, Any] = {
        f"appetite_{stage.key}": wtforms.RadioField(_(stage.name), optional(), default="") for stage in stages
    }
    shape = type("StagedMandateForm", (MandateForm,), {**fields, "stages": tuple(stage.key for stage in stages)})
    values: dict[str, Any] = {"version": of.version, "windows": []}
    if mandate is not None:
        values |= {column.key: getattr(mandate, column.key) for column in Mandate.__table__.columns}
        values |= {name: getattr(mandate, f"{name}_cents") for name in AMOUNTS}
        values |= {f"appetite_{key}": level for key, level in mandate.appetite.items()}
        values["phases"] = phase_keys(mandate.phases)
        values["min_evidence"] = mandate.min_evidence or ""
        values["windows"] = [{"opens_on": opens, "closes_on": closes} for opens, closes in mandate.windows_as_dates]
    values["windows"] = [*values["windows"], {}, {}][:MOST_WINDOWS]
    return cast(MandateForm, shape.read(data=values)).offer()  # type: ignore[attr-defined]
