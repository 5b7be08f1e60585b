"""Forms for what a pilot costs: an entry against a line of the budget, and a correction."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, MoneyField, at_most, choices, optional, required, strip
from innovation.ideas.filecheck import ACCEPT
from innovation.ideas.photos import file_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.tables import Table, read_table
from workflows import Refused


class SpendForm(Form):
    line_id = wtforms.SelectField(lazy_gettext("Line of the budget"), required(), choices=[])
    spent_on = wtforms.DateField(lazy_gettext("Day"), required())
    amount_cents = MoneyField(lazy_gettext("Amount in rand"), required())
    in_kind = wtforms.RadioField(
        lazy_gettext("How"),
        required(),
        choices=choices(
            [
                ("money", lazy_gettext("In money")),
                ("kind", lazy_gettext("In kind: given free, at the price it would have")),
            ]
        ),
        default="money",
    )
    what = wtforms.StringField(lazy_gettext("What for"), [*required(), at_most(200)], filters=[strip])
    file = wtforms.FileField(
        lazy_gettext("What shows it"),
        optional(),
        description=lazy_gettext("An invoice, a receipt or a letter."),
        render_kw={"accept": ACCEPT},
    )

    def offer(self, lines: Iterable[tuple[int, str]]) -> SpendForm:
        """The lines of the budget as they are now, and none of them."""
        pairs = [("", _("Choose")), *((str(number), name) for number, name in lines), ("0", _("Not in the plan"))]
        self.line_id.choices = choices(pairs)
        return self

    def validate_amount_cents(self, field: Any) -> None:
        if field.data is not None and field.data <= 0:
            raise validators.ValidationError(_("Write an amount above nought."))

    def details(self) -> dict[str, Any]:
        told = super().details()
        kind = told["in_kind"] == "kind"
        return {**told, "line_id": int(told["line_id"]) or None, "in_kind": kind, "file": file_of(self.file)}


MOST_TEXT = 600_000


class SpendTableForm(Form):
    """A table as a file, or as text that was read before and may have been mended."""

    file = wtforms.FileField(lazy_gettext("Table"), optional(), render_kw={"accept": ".csv,.xlsx,.ods,.gz,text/csv"})
    text = wtforms.TextAreaField(lazy_gettext("The table as text"), optional(at_most(MOST_TEXT)))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine = super().validate(*args, **kwargs)
        if fine and not self.has_file and not (self.text.data or "").strip():
            self.file.errors = [_("Choose a table.")]
            return False
        return fine

    @property
    def has_file(self) -> bool:
        return bool(self.file.data and self.file.data.filename)

    def details(self) -> dict[str, Any]:
        """The table, or the ``Refused`` that says why it cannot be read: the same however often it is asked for."""
        if isinstance(self._found, Refused):
            raise self._found
        return {"table": self._found}

    @cached_property
    def _found(self) -> Table | Refused:
        """Read once, since a file that was sent is at its end then."""
        try:
            if self.has_file:
                return read_table(self.file.data.read(), self.file.data.filename)
            return read_table((self.text.data or "").encode(), "table.csv")
        except Refused as refused:
            return refused


class CorrectionForm(Form):
    reason = wtforms.StringField(lazy_gettext("What was wrong with it"), [*required(), at_most(300)], filters=[strip])
