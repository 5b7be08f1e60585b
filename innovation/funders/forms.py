"""Forms for funders: profile, people, the filters of browsing, and interest with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, VersionField, at_most, choices, optional, required, strip
from innovation.funders import queries
from innovation.funders.codes import KINDS, SAY_WHY, STATES, VISIBILITIES
from innovation.funders.org_ids import names_person
from innovation.funders.row_files import read_rows
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from workflows import Definition

EMAIL = validators.Email(message=lazy_gettext("Write an e-mail address, such as name@fund.example."))
WEBSITE = validators.URL(message=lazy_gettext("Write the whole address, such as https://fund.example."))


def of_nobody(_form: Any, field: Any) -> None:
    """A number of an organisation; that of a person is not kept."""
    if field.data and names_person(field.data):
        message = _("This looks like the identity number of a person. Such a number is never kept.")
        raise wtforms.ValidationError(message)


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
        optional(at_most(60), of_nobody),
        filters=[strip],
        description=lazy_gettext("For example a company, trust or NPO number."),
    )
    visibility = wtforms.RadioField(
        lazy_gettext("Who may find this funder"),
        required(),
        description=lazy_gettext(
            "They see its name and kind and what its programmes offer; owners also how well their idea fits. "
            "Nobody sees whom to contact."
        ),
        default="members",
    )

    def translated(self) -> ProfileForm:
        self.kind.choices = named(KINDS)
        self.visibility.choices = named(VISIBILITIES)
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
    """The levels of evidence of all definitions, after one for any."""
    return choices([("", first), *level_names(definitions).items()])


def level_names(definitions: Iterable[Definition]) -> dict[str, str]:
    """The levels of evidence of all definitions, each key once."""
    found: dict[str, str] = {}
    for definition in definitions:
        for level in definition.evidence_levels:
            found.setdefault(level.key, f"{level.key} {_(level.name)}")
    return found


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
        description=lazy_gettext("They read it with your answer. It is needed if you decline."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.answer.data == "decline" and not self.reason.data:
            self.reason.errors = [*self.reason.errors, _(SAY_WHY)]
            return False
        return fine

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
        content, name = self.file.data.read(), self.file.data.filename
        return {
            "content": content,
            "name": name,
            "rows": read_rows(content, name),
            "source": self.source.data or "",
            "currency": (self.currency.data or "").upper(),
        }
