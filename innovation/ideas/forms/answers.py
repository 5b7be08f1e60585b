"""Fields made from a definition: a canvas field, a question or a column becomes a field of a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import wtforms

from innovation.forms import Checkboxes, Form, Listed, MoneyField, at_most, optional, required, strip
from innovation.forms import choices as as_choices
from innovation.languages import gettext as _

LINE_LENGTH = 200
TEXT_LENGTH = 20_000
TAKEN = {"refusals", "status", "result", "version", "based_on"}
FEW = 6
LARGEST = 10**12  # what is typed as 1e999999999 would take hours to write out


class Radio(wtforms.RadioField):
    """One of a few; nothing chosen is left to the validators."""

    english = ""  # what is asked in a draft translation, in the words that count

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data:
            super().pre_validate(form)


class Number(wtforms.DecimalField):
    """A number that somebody can mean: not below nought, and not endless."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not (self.data.is_finite() and 0 <= self.data <= LARGEST):
            self.data = None
            raise ValueError(_("Write a number from 0 to 1 000 000 000 000."))


def name_of(key: str) -> str:
    """The name of the form field for a key: the key itself, unless forms use that name themselves."""
    return f"{key}_" if key in TAKEN or hasattr(Form, key) else key


def field_for(item: Any, label: str, *, needed: bool, help: str = "") -> Any:
    """An unbound field for a canvas field, question or column, by its type."""
    rules = required() if needed else optional()
    limit = getattr(item, "max_length", None) or (TEXT_LENGTH if item.type == "text" else LINE_LENGTH)
    if item.type == "text":
        return wtforms.TextAreaField(label, [*rules, at_most(limit)], filters=[strip], description=help)
    if item.type == "money":
        return MoneyField(label, rules, description=help)
    if item.type == "number":
        return Number(label, rules, places=None, description=help)
    if item.type == "date":
        return wtforms.DateField(label, rules, description=help)
    if item.type == "table":
        return wtforms.FieldList(wtforms.FormField(row_form(item.columns)), label, min_entries=3, description=help)
    if item.type == "choices":
        return Checkboxes(label, rules, choices=as_choices(_pairs(item.choices)), description=help)
    if item.type == "yes_no":
        pairs = [("yes", _("Yes")), ("no", _("No"))]
        return Radio(label, rules, choices=as_choices(pairs), description=help)
    if item.type == "choice":
        first = ("", _("Choose one") if needed else _("Not chosen yet"))
        if getattr(item, "choices_from", ""):
            return Listed(label, rules, _entries(item.choices_from, first), description=help)
        pairs = _pairs(item.choices)
        if len(pairs) <= FEW:
            return Radio(label, rules, choices=as_choices(pairs), description=help)
        return wtforms.SelectField(label, rules, choices=as_choices([first, *pairs]), description=help)
    return wtforms.StringField(label, [*rules, at_most(limit)], filters=[strip], description=help)


def row_form(columns: Iterable[Any]) -> type[Form]:
    """A form for one row of a table; empty rows are left out of the answer."""
    fields = {name_of(column.key): _cell(column) for column in columns}
    return type("RowForm", (Form,), {**fields, "columns": tuple(columns)})


def _cell(column: Any) -> Any:
    if column.type == "choice":
        pairs = [("", ""), *_pairs(column.choices)]
        return wtforms.SelectField(_(column.name), optional(), choices=as_choices(pairs))
    return field_for(column, _(column.name), needed=False)


def _entries(which: str, first: tuple[str, str]) -> Callable[[Any], list[tuple[str, str]]]:
    """The themes or topics of the programme of the form."""

    def offered(form: Any) -> list[tuple[str, str]]:
        kept = form.programme.themes if which == "themes" else form.programme.topics
        return [first, *((str(item.id), _(item.name)) for item in kept if item.retired_at is None)]

    return offered


def _pairs(choices: Iterable[Any]) -> list[tuple[str, str]]:
    return [(choice.key, _(choice.name)) for choice in choices]


def answer_of(item: Any, field: Any) -> Any:
    """What a filled-in field says, as it is kept: dates as ISO texts, amounts in cents, tables as rows."""
    value = field.data
    if item.type == "table":
        return [row for entry in field.entries if (row := _row(entry.form))]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\x00", "").strip()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def data_for(item: Any, answer: Any) -> Any:
    """What a field starts with, given the answer that was kept."""
    if answer in (None, "", []):
        return None
    if item.type == "date":
        return dt.date.fromisoformat(answer)
    if item.type == "table":
        return [{name_of(c.key): data_for(c, row.get(c.key)) for c in item.columns} for row in answer]
    if item.type == "number":
        return Decimal(str(answer))
    return answer


def _row(form: Any) -> dict[str, Any]:
    cells = {column.key: answer_of(column, form[name_of(column.key)]) for column in form.columns}
    return {key: value for key, value in cells.items() if value not in (None, "")}
