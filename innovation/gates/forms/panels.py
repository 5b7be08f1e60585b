"""Forms that make panels, present ideas and convene."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Checkboxes, Form, VersionField, at_most, choices, optional, required
from innovation.gates import queries
from innovation.gates.forms.words import ROLE_NAMES, options, trimmed
from innovation.gates.models import SEAT_ROLES, Panel
from innovation.gates.terms import MemberTerms
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.programmes.models import Programme

EMPTY_ROWS = 3
ROLES = options((role, ROLE_NAMES[role]) for role in SEAT_ROLES)


class MemberRow(wtforms.Form):
    """A member by the address they sign in with; an empty row is left out."""

    email = wtforms.StringField(
        lazy_gettext("E-mail address"), filters=[trimmed], render_kw={"list": "people", "autocomplete": "off"}
    )
    role = wtforms.SelectField(lazy_gettext("Seat"), choices=ROLES, default="member")

    def validate_email(self, field: wtforms.Field) -> None:
        if field.data and queries.find_seatable(field.data) is None:
            raise wtforms.ValidationError(_("Nobody signs in with this address. Invite the person first."))


class PanelForm(Form):
    version = VersionField()
    name = wtforms.StringField(lazy_gettext("Name"), [*required(), at_most(120)], filters=[trimmed])
    gate_key = wtforms.SelectField(lazy_gettext("Gate"))
    region_id = wtforms.SelectField(lazy_gettext("Region"))
    members = wtforms.FieldList(wtforms.FormField(MemberRow))

    @classmethod
    def for_programme(cls, programme: Programme, panel: Panel | None = None) -> PanelForm:
        """The form of a new panel, whose places the page offers, or of one to change: its gate and region stay."""
        rows: list[dict[str, Any]] = []
        values: dict[str, Any] = {}
        if panel is not None:
            rows = [{"email": m.person.email, "role": m.role} for m in queries.current_members(panel)]
            values = {"name": panel.name, "version": panel.version}
        form = cls.read(data={**values, "members": rows + [{"email": "", "role": "member"}] * EMPTY_ROWS})
        if panel is not None:
            del form.gate_key, form.region_id
            return form
        form.gate_key.choices = choices((g.key, _(g.name)) for g in programme.workflow_version.definition.gates)
        return form

    def details(self) -> dict[str, Any]:
        people = [(queries.find_seatable(row.email.data), row.role.data) for row in self.members if row.email.data]
        members = [MemberTerms(person.id, role) for person, role in people if person is not None]
        details: dict[str, Any] = {"name": self.name.data, "members": members}
        if "gate_key" in self:
            region = self.region_id.data
            details |= {"gate_key": self.gate_key.data, "region_id": int(region) if region else None}
        return details


class PanelFilterForm(Form):
    q = wtforms.SearchField(lazy_gettext("Name"), filters=[trimmed])
    gate = wtforms.SelectField(lazy_gettext("Gate"), validate_choice=False)
    region = wtforms.SelectField(lazy_gettext("Region"), validate_choice=False)
    state = wtforms.SelectField(
        lazy_gettext("State"),
        choices=options([("", lazy_gettext("Sitting")), ("retired", lazy_gettext("Retired"))]),
        validate_choice=False,
    )


class PresentForm(Form):
    version = VersionField()
    track = wtforms.RadioField(lazy_gettext("Which way?"), default="full")


class ConveneForm(Form):
    version = VersionField()
    panel_id = wtforms.HiddenField()
    left_out = Checkboxes(lazy_gettext("Leave out of this review"), coerce=int, validate_choice=False)
    due_on = wtforms.DateField(lazy_gettext("Decide by"), required())
    sooner = wtforms.StringField(lazy_gettext("Why so soon"), optional(at_most(300)), filters=[trimmed])
    scoring = wtforms.RadioField(
        lazy_gettext("Scoring"),
        default="now",
        choices=options(
            [
                ("now", lazy_gettext("Open it now: each member can score once they have declared")),
                ("later", lazy_gettext("Open it later: members declare and read first")),
            ]
        ),
    )

    def details(self) -> dict[str, Any]:
        typed = self.panel_id.data or ""
        told = {**super().details(), "sooner": self.sooner.data or ""}
        return {**told, "panel_id": int(typed) if typed.isascii() and typed.isdigit() else 0}


class SeatForm(Form):
    email = wtforms.StringField(
        lazy_gettext("E-mail address"),
        required(),
        filters=[trimmed],
        render_kw={"list": "people", "autocomplete": "off"},
    )
    role = wtforms.SelectField(lazy_gettext("Seat"), choices=ROLES, default="member")

    def validate_email(self, field: wtforms.Field) -> None:
        if queries.find_seatable(field.data or "") is None:
            raise wtforms.ValidationError(_("Nobody signs in with this address. Invite the person first."))

    def details(self) -> dict[str, Any]:
        person = queries.find_seatable(self.email.data or "")
        return {"person_id": person.id if person else 0, "role": self.role.data}
