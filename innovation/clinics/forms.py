"""Forms of clinics: the plan, attendance, facilitators, and the filters of the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms import validators

from innovation.clinics import queries
from innovation.db import whole_number
from innovation.forms import Checkboxes, Form, IntegerField, VersionField, at_most, choices, optional, required, strip
from innovation.languages import LANGUAGES, lazy_gettext
from innovation.languages import gettext as _
from innovation.permission import Actor
from innovation.places.queries import district_choices
from innovation.programmes.models import Programme, Region
from innovation.programmes.queries import in_use
from workflows import Attendee

STATE_NAMES = {
    "planned": lazy_gettext("Planned"),
    "open": lazy_gettext("Open"),
    "voting": lazy_gettext("Voting"),
    "closed": lazy_gettext("Closed"),
    "reported": lazy_gettext("Reported"),
}
STATE_TONES = {"planned": "info", "open": "go", "voting": "recycle", "closed": "hold", "reported": "hold"}


def _id(value: Any) -> int | None:
    return whole_number(value)


class ClinicForm(Form):
    """What is planned of a clinic."""

    version = VersionField()
    title = wtforms.StringField(
        lazy_gettext("Title"),
        [*required(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("Such as the place and what it is about: Thohoyandou reading clinic."),
    )
    challenge = wtforms.TextAreaField(
        lazy_gettext("Challenge"),
        [*required(), at_most(300)],
        filters=[strip],
        description=lazy_gettext("One question that begins with: How might we .."),
    )
    theme_id = wtforms.SelectField(lazy_gettext("Theme"), optional(), coerce=_id)
    topic_id = wtforms.SelectField(lazy_gettext("Topic"), optional(), coerce=_id)
    starts_on = wtforms.DateField(lazy_gettext("First day"), required())
    ends_on = wtforms.DateField(
        lazy_gettext("Last day"), optional(), description=lazy_gettext("Empty for a clinic of one day.")
    )
    district_id = wtforms.SelectField(lazy_gettext("District"), optional(), coerce=_id)
    venue = wtforms.StringField(lazy_gettext("Venue"), [*optional(), at_most(160)], filters=[strip])
    language = wtforms.SelectField(
        lazy_gettext("Language of the room"),
        optional(),
        description=lazy_gettext("In which joining, cards and the wall begin. Everybody can choose another one."),
    )
    agenda_text = wtforms.TextAreaField(
        lazy_gettext("Agenda"),
        [*optional(), at_most(4000)],
        filters=[strip],
        description=lazy_gettext("One line for each part. It starts with the run sheet that works for most clinics."),
    )

    def offer(self, programme: Programme) -> None:
        """Fill the choices with the lists of the programme."""
        none = ("", _("Open to every theme"))
        topics = ((item.id, item.name) for item in in_use(programme.topics))
        self.theme_id.choices = choices([none, *((item.id, item.name) for item in in_use(programme.themes))])
        self.topic_id.choices = choices([("", _("No topic")), *topics])
        self.language.choices = choices([("", _("Each phone's own")), *LANGUAGES.items()])
        districts = district_choices()
        if districts:
            self.district_id.label.text = _(programme.workflow_version.definition.words.district)
            self.district_id.choices = choices([("", _("Not known yet")), *districts])
        else:
            del self.district_id

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise validators.ValidationError(_("The last day cannot be before the first."))

    def details(self) -> dict[str, Any]:
        told = super().details()
        return {"district_id": None, **told, **{name: told[name] or "" for name in ("agenda_text", "language")}}


class PlanForm(ClinicForm):
    """A new clinic: also where it belongs, and who runs it."""

    region_id = wtforms.SelectField(lazy_gettext("Region"), required(), coerce=int)
    facilitator_ids = Checkboxes(lazy_gettext("Facilitators"), optional(), coerce=int)

    def offer_places(self, regions: list[Region], facilitators: list[tuple[int, str]]) -> None:
        self.region_id.choices = choices((region.id, region.name) for region in regions)
        self.facilitator_ids.choices = choices(facilitators)

    def details(self) -> dict[str, Any]:
        told = super().details()
        del told["region_id"]
        return told


class FacilitatorForm(Form):
    email = wtforms.EmailField(
        lazy_gettext("E-mail"),
        [
            *required(),
            at_most(254),
            validators.Email(message=lazy_gettext("Write an e-mail address such as name@office.example.")),
        ],
        filters=[strip],
    )
    name = wtforms.StringField(
        lazy_gettext("Name"),
        [*optional(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("Needed for somebody new: they are sent an invitation."),
    )


class AttendanceForm(Form):
    """Head counts of the kinds of people whom the programme counts."""

    def details(self) -> dict[str, Any]:
        return {"counts": {field.name: field.data or 0 for field in self if isinstance(field, IntegerField)}}


def attendance_form(attendees: Iterable[Attendee]) -> type[AttendanceForm]:
    limits = validators.NumberRange(0, 5000, message=lazy_gettext("Write a number from 0 to 5 000."))
    counts = {each.key: IntegerField(_(each.name), optional(limits)) for each in attendees}
    return type("CountedAttendanceForm", (AttendanceForm,), counts)


class ClinicFilterForm(Form):
    q = wtforms.StringField(lazy_gettext("Title, code or venue"), filters=[strip])
    state = wtforms.SelectField(lazy_gettext("State"), validate_choice=False)
    region = wtforms.SelectField(lazy_gettext("Region"), validate_choice=False)
    theme = wtforms.SelectField(lazy_gettext("Theme"), validate_choice=False)
    year = wtforms.SelectField(lazy_gettext("Year"), validate_choice=False)

    def offer(self, actor: Actor) -> None:
        years = ((str(year), str(year)) for year in queries.years_of_clinics(actor))
        self.state.choices = choices([("", _("Any state")), *STATE_NAMES.items()])
        self.region.choices = choices([("", _("All regions")), *_texts(queries.regions_of_clinics(actor))])
        self.theme.choices = choices([("", _("All themes")), *_texts(queries.themes_of_clinics(actor))])
        self.year.choices = choices([("", _("All years")), *years])

    def filters(self) -> queries.Filters:
        return queries.Filters(**{name: self[name].data or "" for name in ("q", "state", "region", "theme", "year")})


def _texts(pairs: list[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in pairs]
