"""Forms that make panels, present ideas and convene."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Checkboxes, Form, PartForm, VersionField, at_most, choices, optional, required
from innovation.gates import queries
from innovation.gates.forms.words import ROLE_NAMES, options, trimmed
from innovation.gates.models import SEAT_ROLES, Panel, PanelMember
from innovation.gates.terms import MemberTerms
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.programmes.models import Programme

EMPTY_ROWS = 3
ROLES = options((role, ROLE_NAMES[role]) for role in SEAT_ROLES)


class MemberRow(PartForm):
    """A member by the address they sign in with; an empty row is left out."""

    email = wtforms.StringField(
        lazy_gettext("E-mail address"), filters=[trimmed], render_kw={"list": "people", "autocomplete": "off"}
    )
    role = wtforms.SelectField(lazy_gettext("Seat"), choices=ROLES, default="member")
    term_from = wtforms.DateField(lazy_gettext("From"), optional())
    term_until = wtforms.DateField(lazy_gettext("Last day"), optional())

    def validate_term_until(self, field: wtforms.Field) -> None:
        if field.data and self.term_from.data and field.data < self.term_from.data:
            raise wtforms.ValidationError(_("The last day lies before the first one."))

    def validate_email(self, field: wtforms.Field) -> None:
        if field.data and queries.find_seatable(field.data) is None:
            raise wtforms.ValidationError(_("Nobody signs in with this address. Invite the person first."))


class PanelForm(Form):
    version = VersionField()
    name = wtforms.StringField(lazy_gettext("Name"), [*required(), at_most(120)], filters=[trimmed])
    gate_key = wtforms.SelectField(lazy_gettext("Gate"))
    region_id = wtforms.SelectField(lazy_gettext("Region"))
    further_gates = Checkboxes(lazy_gettext("Sits at these gates too"), optional())
    theme_ids = Checkboxes(
        lazy_gettext("Themes"), optional(), coerce=int, description=lazy_gettext("None ticked: any theme.")
    )
    members = wtforms.FieldList(wtforms.FormField(MemberRow))

    @classmethod
    def for_programme(cls, programme: Programme, panel: Panel | None = None) -> PanelForm:
        """The form of a new panel, whose places the page offers, or of one to change: its gate and region stay."""
        rows: list[dict[str, Any]] = []
        values: dict[str, Any] = {}
        if panel is not None:
            rows = [_row(member) for member in queries.current_members(panel)]
            values = {"name": panel.name, "version": panel.version, "theme_ids": panel.theme_ids}
            values["further_gates"] = [key for key in panel.gate_keys if key != panel.gate_key]
        form = cls.read(data={**values, "members": rows + [{"email": "", "role": "member"}] * EMPTY_ROWS})
        gates = [(gate.key, _(gate.name)) for gate in programme.workflow_version.definition.gates]
        form.further_gates.choices = choices(each for each in gates if panel is None or each[0] != panel.gate_key)
        kept = panel.theme_ids if panel is not None else ()
        themes = [theme for theme in programme.themes if theme.retired_at is None or theme.id in kept]
        form.theme_ids.choices = choices((theme.id, theme.name) for theme in themes)
        if panel is not None:
            del form.gate_key, form.region_id
            return form
        form.gate_key.choices = choices(gates)
        return form

    def details(self) -> dict[str, Any]:
        rows = [(queries.find_seatable(row.email.data), row) for row in self.members if row.email.data]
        members = [
            MemberTerms(person.id, row.role.data, row.term_from.data, row.term_until.data)
            for person, row in rows
            if person is not None
        ]
        details: dict[str, Any] = {"name": self.name.data, "members": members}
        details |= {"further_gates": self.further_gates.data or [], "theme_ids": self.theme_ids.data or []}
        if "gate_key" in self:
            region = self.region_id.data
            details |= {"gate_key": self.gate_key.data, "region_id": int(region) if region else None}
        return details


def _row(member: PanelMember) -> dict[str, Any]:
    terms = {"term_from": member.term_from, "term_until": member.term_until}
    return {"email": member.person.email, "role": member.role, **terms}


class VacancyForm(Form):
    """Who takes the seats of somebody who has left; nobody where they are only excused."""

    person_id = wtforms.HiddenField()
    by = wtforms.SelectField(lazy_gettext("Who takes the seats"), validate_choice=False)


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
