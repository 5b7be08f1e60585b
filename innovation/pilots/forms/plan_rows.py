"""Forms for what the plan of a pilot says in rows: measures, budget, permissions, risks and roles."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, MoneyField, PartForm, at_most, choices, optional, strip
from innovation.ideas.forms.answers import Number
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.terms import ROW_PARTS, STATUSES
from innovation.web import today
from workflows import Definition

SPARE_ROWS = 3


def line(label: Any, length: int) -> wtforms.StringField:
    return wtforms.StringField(label, optional(at_most(length)), filters=[strip])


def _in_one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _words(label: Any, length: int) -> wtforms.TextAreaField:
    """A text that may fill several lines of its column, and is kept as one."""
    return wtforms.TextAreaField(label, optional(at_most(length)), filters=[_in_one_line])


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


class IdField(wtforms.HiddenField):
    """The number of the row that was shown; nothing for a new one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = text if text.isascii() and text.isdigit() and len(text) < 10 else None


class Row(PartForm):
    """A row of a part; what it is about stands in its first field, and nothing else is typed without it."""

    id = IdField()

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        first = self.first
        if not fine or first.data or self.id.data or not self._says_more(first):
            return fine
        first.errors = [*first.errors, _("Say what this row is about, or empty the rest of it.")]
        return False

    @property
    def first(self) -> Any:
        return next(field for field in self if field is not self.id)

    def _says_more(self, first: Any) -> bool:
        """Something was typed; what was only left as it was chosen for every new row says nothing."""
        typed = (field for field in self if field not in (first, self.id) and field.type != "SelectField")
        return any(field.data not in (None, "") for field in typed)


class MeasureRow(Row):
    name = _words(lazy_gettext("What is measured"), 140)
    unit = line(lazy_gettext("Unit"), 40)
    tool = _words(lazy_gettext("How, and with what"), 200)
    baseline = Number(lazy_gettext("Now"), optional(), places=None)
    target = Number(lazy_gettext("Success from"), optional(), places=None)
    stop_at = Number(lazy_gettext("Stop at"), optional(), places=None)
    more_is_better = wtforms.SelectField(
        lazy_gettext("Better is"),
        choices=choices([("more", lazy_gettext("More")), ("less", lazy_gettext("Less"))]),
        default="more",
    )

    def validate_stop_at(self, field: Any) -> None:
        if field.data is None or self.target.data is None:
            return
        if self.more_is_better.data != "less" and field.data >= self.target.data:
            raise validators.ValidationError(_("This must be below the number from which it is a success."))
        if self.more_is_better.data == "less" and field.data <= self.target.data:
            raise validators.ValidationError(_("Less is better here: this must be above the number for a success."))


class BudgetLineRow(Row):
    item = _words(lazy_gettext("Item"), 140)
    unit = line(lazy_gettext("Unit"), 40)
    quantity = Number(lazy_gettext("Quantity"), optional(), places=None)
    amount_cents = MoneyField(lazy_gettext("Amount in rand"), optional())
    paid_by = line(lazy_gettext("Paid or given by"), 140)
    in_kind = wtforms.SelectField(
        lazy_gettext("How"),
        choices=choices([("", lazy_gettext("In money")), ("kind", lazy_gettext("In kind"))]),
        default="",
    )


class PermissionRow(Row):
    name = _words(lazy_gettext("Permission or clearance"), 140)
    kind = wtforms.SelectField(lazy_gettext("Kind"), optional())
    status = wtforms.SelectField(lazy_gettext("Status"), choices=choices(STATUSES.items()), default="needed")
    stands_since = wtforms.DateField(lazy_gettext("Since"), optional())
    expires_on = wtforms.DateField(lazy_gettext("Expires"), optional())
    seen_by = _words(lazy_gettext("Seen by (role)"), 140)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also that what is in hand says since when, and who saw it."""
        fine = super().validate(extra_validators)
        if not self.first.data or self.status.data != "granted":
            return fine
        for field, missing in (
            (self.stands_since, _("Say since when it is in hand.")),
            (self.seen_by, _("Say who saw it: a role is enough.")),
        ):
            if not field.data and not field.errors:
                field.errors = [missing]
                fine = False
        return fine

    def validate_stands_since(self, field: Any) -> None:
        if self.status.data == "granted" and field.data > today():
            raise validators.ValidationError(_("This day has not come yet."))

    def validate_expires_on(self, field: Any) -> None:
        if self.stands_since.data and field.data < self.stands_since.data:
            raise validators.ValidationError(_("This must not be before the day since when it stands."))


class RiskRow(Row):
    risk = _words(lazy_gettext("What could go wrong"), 200)
    likely = line(lazy_gettext("How likely"), 40)
    harm = line(lazy_gettext("How bad"), 40)
    response = _words(lazy_gettext("What we do about it"), 300)
    owner = line(lazy_gettext("Who watches it"), 140)


class RoleRow(Row):
    name = _words(lazy_gettext("Role"), 140)
    does = _words(lazy_gettext("Does what"), 300)
    who = line(lazy_gettext("Who"), 140)


ROWS: dict[str, type[wtforms.Form]] = {
    "measures": MeasureRow,
    "budget": BudgetLineRow,
    "permissions": PermissionRow,
    "risks": RiskRow,
    "roles": RoleRow,
}


CALLED_BY_NAME = ("measures", "budget")


class RowsForm(PlanForm):
    """The rows of one part; those that were shown carry their number."""

    part = ""
    rows: Any

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Also that what tables of readings and of spend call by its name has a name of its own."""
        fine = super().validate(*args, **kwargs)
        seen: set[str] = set()
        for row in self._forms() if self.part in CALLED_BY_NAME else ():
            name = (row.first.data or "").casefold()
            if name and name in seen:
                row.first.errors = [*row.first.errors, _("Another row has this name.")]
                fine = False
            seen.add(name)
        return fine

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
