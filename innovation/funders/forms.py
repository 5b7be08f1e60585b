"""Forms for funders: profile, mandate, people, the filters of browsing, and interest with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import wtforms
from wtforms import validators

from innovation.forms import Checkboxes, Form, MoneyField, VersionField, at_most, choices, optional, required, strip
from innovation.funders import queries
from innovation.funders.codes import APPETITES, KINDS, STATES, phase_keys
from innovation.funders.models import Funder, Mandate
from innovation.ideas.codes import INSTRUMENTS, LEGAL_STATUSES
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places.queries import by_province, list_districts, list_provinces
from workflows import Definition, Stage

EMAIL = validators.Email(message=lazy_gettext("Write an e-mail address, such as name@fund.example."))
WEBSITE = validators.URL(message=lazy_gettext("Write the whole address, such as https://fund.example."))
AMOUNTS = ("ticket_min", "ticket_max", "ticket_typical")


def named(pairs: Iterable[tuple[str, str]], first: str = "") -> list[Any]:
    """Choices in the reader's language, after one for none of them."""
    return choices([*([("", first)] if first else []), *((key, _(name)) for key, name in pairs)])


# Profile and people


class ProfileForm(Form):
    version = VersionField()
    name = wtforms.StringField(lazy_gettext("Name"), [*required(), at_most(160)], filters=[strip])
    kind = wtforms.SelectField(lazy_gettext("Kind"), required())
    description = wtforms.TextAreaField(
        lazy_gettext("About the funder"),
        optional(at_most(2000)),
        filters=[strip],
        description=lazy_gettext(
            "What it cares about, how long it stays, and how it answers. Owners of ideas read it."
        ),
    )
    website = wtforms.StringField(lazy_gettext("Website"), optional(WEBSITE, at_most(200)), filters=[strip])
    org_id = wtforms.StringField(
        lazy_gettext("Registration number"),
        optional(at_most(60)),
        filters=[strip],
        description=lazy_gettext("For example a company, trust or NPO number."),
    )
    visible = wtforms.BooleanField(
        lazy_gettext("Owners of ideas may find this funder"),
        description=lazy_gettext("They see its name, its kind and how well their idea fits; never whom to contact."),
        default=True,
    )

    def translated(self) -> ProfileForm:
        self.kind.choices = named(KINDS)
        return self


class InviteForm(Form):
    email = wtforms.StringField(lazy_gettext("E-mail"), [*required(), EMAIL, at_most(254)], filters=[strip])
    name = wtforms.StringField(lazy_gettext("Name"), [*required(), at_most(120)], filters=[strip])
    position = wtforms.StringField(lazy_gettext("Position"), optional(at_most(120)), filters=[strip])
    role = wtforms.RadioField(lazy_gettext("May"), required(), default="funder_member")

    def translated(self) -> InviteForm:
        self.role.choices = choices(
            [
                ("funder_member", _("Find ideas and show interest")),
                ("funder_admin", _("Also change the profile, the mandate and the people")),
            ]
        )
        return self


# The mandate


def _whole(least: int, most: int) -> list[Any]:
    message = lazy_gettext("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    return optional(validators.NumberRange(least, most, message=message))


class MandateForm(Form):
    version = VersionField()
    theme_keys = Checkboxes(lazy_gettext("Themes"), optional(), description=lazy_gettext("None ticked: any theme."))
    exclusions = Checkboxes(
        lazy_gettext("Topics that you do not fund"),
        optional(),
        description=lazy_gettext("Ideas on these topics are not shown."),
    )
    phases = Checkboxes(lazy_gettext("Phases"), optional(), description=lazy_gettext("None ticked: any of them."))
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
    max_months = wtforms.IntegerField(lazy_gettext("For at most how many months"), _whole(1, 240))
    instruments = Checkboxes(lazy_gettext("In which form"), optional())
    min_evidence = wtforms.SelectField(lazy_gettext("Evidence at least"), optional())
    requires = Checkboxes(
        lazy_gettext("The organisation that receives it must be"),
        optional(),
        description=lazy_gettext("Ideas without it are not shown."),
    )
    opens_on = wtforms.DateField(lazy_gettext("Open from"), optional())
    closes_on = wtforms.DateField(lazy_gettext("Open until"), optional())
    notes = wtforms.TextAreaField(lazy_gettext("Notes"), optional(at_most(2000)), filters=[strip])

    stages: tuple[str, ...] = ()

    def offer(self) -> MandateForm:
        """The same form with the themes, places and levels to choose from."""
        themes, topics = queries.themes_and_topics()
        self.theme_keys.choices, self.exclusions.choices = choices(themes), choices(topics)
        definitions = list(queries.definitions_in_use().values())
        called, phases = queries.phases_in_use(definitions)
        if called:
            self.phases.label.text, self.phases.choices = _(called), named(phases)
        else:
            del self.phases
        self.provinces.choices = choices((province.code, province.name) for province in list_provinces())
        districts = list_districts()
        self.district_ids.label.text = _(queries.shared_words(definitions).districts)
        self.district_ids.choices = choices((district.id, district.name) for district in districts)
        self.district_groups = by_province(districts)
        self.instruments.choices = named(INSTRUMENTS)
        self.requires.choices = named(LEGAL_STATUSES)
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

    def validate_closes_on(self, field: Any) -> None:
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise validators.ValidationError(_("This is before the first day."))

    def validate_national(self, field: Any) -> None:
        if not (field.data or self.provinces.data or self.district_ids.data):
            raise validators.ValidationError(_("Tick the whole country, or at least one place."))

    def details(self) -> dict[str, Any]:
        values: dict[str, Any] = {k: v for k, v in super().details().items() if not k.startswith("appetite_")}
        for name in AMOUNTS:
            values[f"{name}_cents"] = values.pop(name)
        chosen = {key: self[f"appetite_{key}"].data for key in self.stages}
        values = {"phases": []} | values
        values["appetite"] = {key: level for key, level in chosen.items() if level}
        values["min_evidence"] = values["min_evidence"] or None
        values["notes"] = values["notes"] or ""
        return values


def mandate_form(stages: Iterable[Stage], funder: Funder, mandate: Mandate | None) -> MandateForm:
    """The form with one choice for each stage, filled with the present mandate."""
    fields: dict[str, Any] = {
        f"appetite_{stage.key}": wtforms.RadioField(_(stage.name), optional(), default="") for stage in stages
    }
    shape = type("StagedMandateForm", (MandateForm,), {**fields, "stages": tuple(stage.key for stage in stages)})
    values: dict[str, Any] = {"version": funder.version}
    if mandate is not None:
        values |= {column.key: getattr(mandate, column.key) for column in Mandate.__table__.columns}
        values |= {name: getattr(mandate, f"{name}_cents") for name in AMOUNTS}
        values |= {f"appetite_{key}": level for key, level in mandate.appetite.items()}
        values["phases"] = phase_keys(mandate.phases)
        values["min_evidence"] = mandate.min_evidence or ""
    return cast(MandateForm, shape.read(data=values)).offer()  # type: ignore[attr-defined]


def levels(definitions: Iterable[Definition], first: str) -> list[Any]:
    """The levels of evidence of all definitions, after one for any."""
    return choices([("", first), *level_names(definitions).items()])


def level_names(definitions: Iterable[Definition]) -> dict[str, str]:
    """The levels of evidence of all definitions, each key once."""
    found: dict[str, str] = {}
    for definition in definitions:
        for level in definition.evidence_levels:
            found.setdefault(level.key, f"{level.key} {_(level.name)}")
    return found


# Lists


class DirectoryFilterForm(Form):
    q = wtforms.SearchField(lazy_gettext("Name"), filters=[strip])
    kind = wtforms.SelectField(lazy_gettext("Kind"))
    mandate = wtforms.SelectField(lazy_gettext("Mandate"))

    def translated(self) -> DirectoryFilterForm:
        self.kind.choices = named(KINDS, _("Every kind"))
        self.mandate.choices = [
            ("", _("With and without")),
            ("yes", _("With a mandate")),
            ("no", _("Past awards only")),
        ]
        return self

    def filters(self) -> queries.DirectoryFilters:
        return queries.DirectoryFilters(*(str(field.data or "") for field in (self.q, self.kind, self.mandate)))


class InterestFilterForm(Form):
    q = wtforms.SearchField(lazy_gettext("Idea"), filters=[strip])
    state = wtforms.SelectField(lazy_gettext("State"))

    def translated(self) -> InterestFilterForm:
        self.state.choices = named(STATES, _("Every state"))
        return self


# Interest


class InterestForm(Form):
    message = wtforms.TextAreaField(
        lazy_gettext("Your message to the owner"),
        [
            *required(),
            validators.Length(10, 1500, message=lazy_gettext("Write between %(min)d and %(max)d characters.")),
        ],
        filters=[strip],
        description=lazy_gettext("Say what draws you and what you could offer."),
    )


class AnswerForm(Form):
    version = VersionField()
    answer = wtforms.StringField(lazy_gettext("Answer"), [validators.AnyOf(("accept", "decline"))])
    reason = wtforms.TextAreaField(
        lazy_gettext("A word to the funder"),
        optional(at_most(1000)),
        filters=[strip],
        description=lazy_gettext("They read it with your answer."),
    )

    def details(self) -> dict[str, Any]:
        return {"reason": self.reason.data or ""}


# Past awards


class AwardsForm(Form):
    """A file of past awards, and what holds where it does not say it."""

    file = wtforms.FileField(
        lazy_gettext("File of past awards"),
        description=lazy_gettext("360Giving as CSV, XLSX or JSON, or JSON lines. At most 100 000 awards."),
        render_kw={"accept": ".csv,.xlsx,.xls,.ods,.tsv,.txt,.gz,.json,.jsonl,.ndjson", "required": True},
    )
    source = wtforms.StringField(
        lazy_gettext("Where the awards come from"),
        optional(at_most(200)),
        filters=[strip],
        description=lazy_gettext("For rows that do not say it. It is shown beside the awards."),
    )
    currency = wtforms.StringField(
        lazy_gettext("Currency"),
        optional(validators.Regexp("^[A-Za-z]{3}$", message=lazy_gettext("Write three letters, such as ZAR."))),
        filters=[strip],
        description=lazy_gettext("For rows that do not say it."),
    )

    def validate_file(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise wtforms.ValidationError(_("Choose a file."))

    def details(self) -> dict[str, Any]:
        sent = self.file.data
        return {
            "content": sent.read(),
            "name": sent.filename,
            "source": self.source.data or "",
            "currency": (self.currency.data or "").upper(),
        }
