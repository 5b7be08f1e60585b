"""Forms for the plan of a pilot: its outline, its rows, and its sites."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, MoneyField, at_most, choices, optional, required, strip
from innovation.ideas.forms.answers import Number
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.designs import DESIGNS
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.terms import OUTLINE, ROW_PARTS, SITE, STATUSES
from innovation.places.forms import SchoolField
from innovation.places.models import SchoolTerm
from innovation.values import dataclass
from workflows import Definition, Words

MOST_PEOPLE = 1_000_000
SPARE_ROWS = 3


def _line(label: Any, length: int) -> wtforms.StringField:
    return wtforms.StringField(label, optional(at_most(length)), filters=[strip])


class PlanForm(Form):
    """A form of the plan; once the pilot has begun, every change has its reason."""

    reason = wtforms.TextAreaField(
        lazy_gettext("Why the plan changes"),
        optional(at_most(1000)),
        filters=[strip],
        description=lazy_gettext("The amendment is kept with its reason, and the coordinator is told."),
    )

    def details(self) -> dict[str, Any]:
        return {**super().details(), "reason": self.reason.data or ""}


class OutlineForm(PlanForm):
    hypothesis = wtforms.TextAreaField(lazy_gettext("Hypothesis"), optional(at_most(2000)), filters=[strip])
    design = wtforms.SelectField(lazy_gettext("Design"), choices=choices(DESIGNS.items()))
    first_term = wtforms.SelectField(lazy_gettext("First term"), optional())
    last_term = wtforms.SelectField(lazy_gettext("Last term"), optional())
    starts_on = wtforms.DateField(
        lazy_gettext("First day"), optional(), description=lazy_gettext("Left open, it follows the term.")
    )
    ends_on = wtforms.DateField(
        lazy_gettext("Last day"), optional(), description=lazy_gettext("Left open, it follows the term.")
    )
    means = wtforms.TextAreaField(
        lazy_gettext("Means"),
        optional(at_most(2000)),
        filters=[strip],
        description=lazy_gettext("What the pilot is run with: money and who gives it, people, materials."),
    )

    def validate_last_term(self, field: Any) -> None:
        if field.data and self.first_term.data and field.data < self.first_term.data:
            raise validators.ValidationError(_("This must not be before the first term."))

    def details(self) -> dict[str, Any]:
        told = super().details()
        return {**told, **{name: told[name] or "" for name in ("hypothesis", "first_term", "last_term", "means")}}


def outline_form(pilot: Pilot, terms: Iterable[SchoolTerm]) -> OutlineForm:
    form = OutlineForm.read(data={name: getattr(pilot, name) for name in OUTLINE})
    pairs = [("", _("Not chosen yet")), *((term.key, term_name(term.key)) for term in terms)]
    for field, kept in ((form.first_term, pilot.first_term), (form.last_term, pilot.last_term)):
        known = pairs if any(kept == key for key, _label in pairs) else [*pairs, (kept, term_name(kept))]
        field.choices = choices(known)
    return form


def term_name(key: str) -> str:
    """``2026-3`` as people say it."""
    year, _dash, number = key.partition("-")
    return str(_("Term %(number)s of %(year)s", number=number, year=year)) if number else key


# Rows


class IdField(wtforms.HiddenField):
    """The number of the row that was shown; nothing for a new one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = text if text.isascii() and text.isdigit() and len(text) < 10 else None


class MeasureRow(wtforms.Form):
    id = IdField()
    name = _line(lazy_gettext("What is measured"), 140)
    unit = _line(lazy_gettext("Unit"), 40)
    tool = _line(lazy_gettext("How, and with what"), 200)
    baseline = Number(lazy_gettext("Now"), optional(), places=None)
    target = Number(lazy_gettext("Success from"), optional(), places=None)
    stop_at = Number(lazy_gettext("Stop at"), optional(), places=None)
    more_is_better = wtforms.SelectField(
        lazy_gettext("Better is"),
        choices=choices([("more", lazy_gettext("More")), ("less", lazy_gettext("Less"))]),
        default="more",
    )


class BudgetLineRow(wtforms.Form):
    id = IdField()
    item = _line(lazy_gettext("Item"), 140)
    unit = _line(lazy_gettext("Unit"), 40)
    quantity = Number(lazy_gettext("Quantity"), optional(), places=None)
    amount_cents = MoneyField(lazy_gettext("Amount in rand"), optional())
    paid_by = _line(lazy_gettext("Paid or given by"), 140)
    in_kind = wtforms.SelectField(
        lazy_gettext("How"),
        choices=choices([("", lazy_gettext("In money")), ("kind", lazy_gettext("In kind"))]),
        default="",
    )


class PermissionRow(wtforms.Form):
    id = IdField()
    name = _line(lazy_gettext("Permission or clearance"), 140)
    kind = wtforms.SelectField(lazy_gettext("Kind"), optional())
    status = wtforms.SelectField(lazy_gettext("Status"), choices=choices(STATUSES.items()), default="needed")
    stands_since = wtforms.DateField(lazy_gettext("Since"), optional())
    expires_on = wtforms.DateField(lazy_gettext("Expires"), optional())
    seen_by = _line(lazy_gettext("Seen by (role)"), 140)


class RiskRow(wtforms.Form):
    id = IdField()
    risk = _line(lazy_gettext("What could go wrong"), 200)
    likely = _line(lazy_gettext("How likely"), 40)
    harm = _line(lazy_gettext("How bad"), 40)
    response = _line(lazy_gettext("What we do about it"), 300)
    owner = _line(lazy_gettext("Who watches it"), 140)


class RoleRow(wtforms.Form):
    id = IdField()
    name = _line(lazy_gettext("Role"), 140)
    does = _line(lazy_gettext("Does what"), 300)
    who = _line(lazy_gettext("Who"), 140)


ROWS: dict[str, type[wtforms.Form]] = {
    "measures": MeasureRow,
    "budget": BudgetLineRow,
    "permissions": PermissionRow,
    "risks": RiskRow,
    "roles": RoleRow,
}


class RowsForm(PlanForm):
    """The rows of one part; those that were shown carry their number."""

    part = ""
    rows: Any

    def details(self) -> dict[str, Any]:
        rows = [(int(row.id.data) if row.id.data else None, _values(self.part, row)) for row in self._forms()]
        return {"reason": self.reason.data or "", "part": self.part, "rows": rows}

    def _forms(self) -> list[Any]:
        return [entry.form for entry in self.rows.entries]


def _values(part: str, row: Any) -> dict[str, Any]:
    return {what: _said(what, row[what].data) for what in ROW_PARTS[part].columns}


def _said(what: str, value: Any) -> Any:
    if what == "more_is_better":
        return value != "less"
    if what == "in_kind":
        return value == "kind"
    if isinstance(value, Decimal):
        return float(value)
    if what in ("baseline", "target", "stop_at", "quantity", "amount_cents", "stands_since", "expires_on"):
        return value
    return value or ""


def rows_form(part: str, rows: Iterable[Any], definition: Definition) -> RowsForm:
    """The form for a part with what it says now and a few empty rows, or as it was sent."""
    kept = [_shown(part, row) for row in rows]
    field = wtforms.FieldList(wtforms.FormField(ROWS[part]), _("Rows"), min_entries=len(kept) + SPARE_ROWS)
    made: type[RowsForm] = type("PartForm", (RowsForm,), {"part": part, "rows": field})
    form = made.read(data={"rows": kept})
    if part == "permissions":
        kinds = [("", _("Another one")), *((kind.key, _(kind.name)) for kind in definition.pilot.permissions)]
        for entry in form.rows.entries:
            entry.form.kind.choices = choices(kinds)
    return form


def _shown(part: str, row: Any) -> dict[str, Any]:
    values = {what: getattr(row, what) for what in ROW_PARTS[part].columns}
    for what in ("baseline", "target", "stop_at", "quantity"):
        if values.get(what) is not None:
            values[what] = Decimal(f"{values[what]:.12g}")
    if part == "measures":
        values["more_is_better"] = "more" if values["more_is_better"] else "less"
    if part == "budget":
        values["in_kind"] = "kind" if values["in_kind"] else ""
    return {"id": str(row.id), **values}


# Sites


def _people(label: Any) -> wtforms.IntegerField:
    message = lazy_gettext("Write a number from 0 to 1 000 000.")
    return wtforms.IntegerField(label, optional(validators.NumberRange(0, MOST_PEOPLE, message=message)))


class SiteForm(PlanForm):
    kind = wtforms.SelectField(
        lazy_gettext("What it is for"),
        choices=choices(
            [
                ("programme", lazy_gettext("The pilot is held there")),
                ("high_dosage", lazy_gettext("The pilot is held there, in a high dosage")),
                ("comparison", lazy_gettext("Comparison: nothing new is done there")),
            ]
        ),
        default="programme",
    )
    learners = _people(lazy_gettext("People whom it reaches"))
    teachers = _people(lazy_gettext("Teachers who take part"))

    def details(self) -> dict[str, Any]:
        told = super().details()
        kind = told.pop("kind")
        return {**told, "is_comparison": kind == "comparison", "is_high_dosage": kind == "high_dosage"}

    def speak(self, words: Words) -> SiteForm:
        """The same form in the words of the programme."""
        self.learners.label.text = _(words.reached)
        return self


class NewSiteForm(SiteForm):
    place = wtforms.StringField(lazy_gettext("Site"), [*required(), at_most(160)], filters=[strip])

    def speak(self, words: Words) -> SiteForm:
        self.place.label.text = _(words.site)
        return super().speak(words)


class RegisteredSiteForm(NewSiteForm):
    place = SchoolField(lazy_gettext("Site"), required())


class LeavingSiteForm(SiteForm):
    left_on = wtforms.DateField(lazy_gettext("Leaves the pilot on"), optional())
    left_because = _line(lazy_gettext("Because"), 200)

    def details(self) -> dict[str, Any]:
        return {**super().details(), "left_because": self.left_because.data or ""}


def new_site_form(words: Words) -> SiteForm:
    return (RegisteredSiteForm if words.site_number else NewSiteForm).read().speak(words)


def site_form(site: PilotSite, words: Words, *, begun: bool) -> SiteForm:
    values = {name: getattr(site, name) for name in SITE}
    values["kind"] = "comparison" if site.is_comparison else "high_dosage" if site.is_high_dosage else "programme"
    return (LeavingSiteForm if begun else SiteForm).read(data=values).speak(words)


@dataclass(frozen=True)
class Part:
    """A part of the plan: what it is called, and what is said above its form."""

    name: Any
    help: Any


PARTS = {
    "outline": Part(lazy_gettext("Hypothesis, design and time"), ""),
    "measures": Part(
        lazy_gettext("What is measured"),
        lazy_gettext("Numbers only. Where the stop number is crossed, the pilot asks for a decision."),
    ),
    "budget": Part(
        lazy_gettext("Budget"),
        lazy_gettext("Every input, also what is given free: rooms, time, materials. Give it the price it would have."),
    ),
    "permissions": Part(
        lazy_gettext("Permissions and clearances"),
        lazy_gettext("Status and dates only. Never write down what is on a certificate, nor a person's number."),
    ),
    "risks": Part(lazy_gettext("Risks"), ""),
    "roles": Part(lazy_gettext("Who does what"), lazy_gettext("Roles and offices are enough; names are not needed.")),
}
