"""Forms of a programme's settings."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, VersionField, at_most, choices, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, territory
from innovation.places.queries import list_provinces
from innovation.programmes.draft_forms import version_choices
from innovation.programmes.workdays import countries


class ProgrammeForm(Form):
    version = VersionField()
    name = wtforms.StringField(lazy_gettext("Name"), validators=[*required(), at_most(120)], filters=[strip])
    responsible_party = wtforms.TextAreaField(
        lazy_gettext("Who is responsible for personal information"),
        description=lazy_gettext("Name, address and contact. It is shown with the notice on every capture page."),
        validators=[at_most(1000)],
        filters=[strip],
    )
    notice = wtforms.TextAreaField(
        lazy_gettext("Personal information notice"),
        description=lazy_gettext("Shown before anything personal is asked. A change makes a new version."),
        validators=[at_most(6000)],
        filters=[strip],
    )
    country = wtforms.SelectField(
        lazy_gettext("Public holidays of"),
        default="",
        description=lazy_gettext("Deadlines count working days. These days off are left out, like week-ends."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted((territory(code), code) for code in countries())
        self.country.choices = choices([("", _("No country")), *((code, name) for name, code in named)])


class NewProgrammeForm(Form):
    """A first or further programme."""

    name = wtforms.StringField(lazy_gettext("Name"), validators=[*required(), at_most(120)], filters=[strip])
    key = wtforms.StringField(
        lazy_gettext("Key"),
        description=lazy_gettext("Stands in addresses and never changes. Small letters and dashes, such as clinics."),
        validators=[
            *required(),
            validators.Regexp(r"^[a-z][a-z0-9-]{1,38}$", message=lazy_gettext("Use small letters, digits and dashes.")),
        ],
        filters=[strip],
    )
    workflow_version_id = wtforms.SelectField(lazy_gettext("Ideas travel under"), coerce=int)
    provinces = wtforms.BooleanField(lazy_gettext("Add the nine provinces as its regions"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workflow_version_id.choices = version_choices()


class WorkflowForm(Form):
    workflow_version_id = wtforms.SelectField(lazy_gettext("New ideas travel under"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workflow_version_id.choices = version_choices()


class EntryForm(Form):
    """A new theme or topic."""

    name = wtforms.StringField(lazy_gettext("Name"), validators=[*required(), at_most(80)], filters=[strip])


class RegionForm(EntryForm):
    prefix = wtforms.StringField(
        lazy_gettext("Letters that begin its references"),
        validators=[
            *required(),
            validators.Regexp(r"^[A-Za-z]{2,4}$", message=lazy_gettext("Two to four letters, such as LP.")),
        ],
        filters=[strip],
    )
    province_code = wtforms.SelectField(lazy_gettext("Province"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province_code.choices = choices([("", _("No province")), *((p.code, p.name) for p in list_provinces())])


class ChangeForm(Form):
    change = wtforms.StringField(validators=[validators.AnyOf(("rename", "up", "retire", "restore"))])
    name = wtforms.StringField(validators=[at_most(80)], filters=[strip])
