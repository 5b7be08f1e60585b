"""Forms for funders: profile, people, the filters of browsing, and interest with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import wtforms
from wtforms import validators

from innovation.forms import Form, MoneyField, VersionField, at_most, choices, optional, required, strip
from innovation.funders import queries
from innovation.funders.codes import KINDS, STATES
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places.queries import list_provinces
from workflows import Definition

EMAIL = validators.Email(message=lazy_gettext("Write an e-mail address, such as name@fund.example."))
WEBSITE = validators.URL(message=lazy_gettext("Write the whole address, such as https://fund.example."))


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
        description=lazy_gettext(
            "They see its name and kind, what its programmes offer and how well their idea fits; never whom to contact."
        ),
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


# Lists


def levels(definitions: Iterable[Definition], first: str) -> list[Any]:
    """The levels of evidence of all definitions, each key once, after one for any."""
    found: dict[str, str] = {}
    for definition in definitions:
        for level in definition.evidence_levels:
            found.setdefault(level.key, f"{level.key} {_(level.name)}")
    return choices([("", first), *found.items()])


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


class BrowseForm(Form):
    theme = wtforms.SelectField(lazy_gettext("Theme"))
    province = wtforms.SelectField(lazy_gettext("Province"))
    phase = wtforms.SelectField(lazy_gettext("Phase"))
    stage = wtforms.SelectField(lazy_gettext("Stage"))
    ask_from = MoneyField(lazy_gettext("Ask from, rand"), optional())
    ask_to = MoneyField(lazy_gettext("Ask to, rand"), optional())
    evidence = wtforms.SelectField(lazy_gettext("Evidence at least"))
    show = wtforms.SelectField(lazy_gettext("Show first"))

    def offer(self, definitions: Iterable[Definition]) -> BrowseForm:
        """The same form with what can be chosen; what the address has and nobody offers counts as nothing."""
        known = list(definitions)
        themes, _topics = queries.themes_and_topics()
        self.theme.choices = choices([("", _("Any theme")), *themes])
        self.province.choices = choices([("", _("Any province")), *((p.code, p.name) for p in list_provinces())])
        called, phases = queries.phases_in_use(known)
        if called:
            self.phase.label.text = _(called)
            self.phase.choices = named(phases, _("Any"))
        else:
            del self.phase
        self.stage.choices = named(
            ((stage.key, stage.name) for stage in queries.stages_for_funders(known)), _("Any stage")
        )
        self.evidence.choices = levels(known, _("Any level"))
        self.show.choices = choices(
            [("match", _("Best match")), ("newest", _("Newest")), ("smallest", _("Smallest ask"))]
        )
        for field in (field for field in self if isinstance(field, wtforms.SelectField)):
            offered = [choice.value for choice in cast(list[Any], field.choices)]
            if field.data not in offered:
                field.data = offered[0]
        self.validate()
        return self

    def filters(self) -> queries.Filters:
        values = {name: value for name, value in self.data.items() if name != "show"}
        return queries.Filters(**{name: value or getattr(queries.Filters, name) for name, value in values.items()})


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
