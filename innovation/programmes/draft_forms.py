"""The forms of a draft: one made for each page from its cells, and those that begin and compare drafts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from flask import request

from innovation.forms import Checkboxes, Form, at_most, choices, optional, required
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.programmes import queries
from innovation.programmes.cells import LINES, MOVES_ON, Cell, Sheet
from workflows import Fault
from workflows.drafting import Content

LONGEST = {"line": 500, "text": 4000, LINES: 4000, "whole": 80, "number": 80, "choice": 80}


class SheetForm(Form):
    """A page of a draft: whatever is typed is kept, and what is wrong with it stands beside it."""

    cells: tuple[Cell, ...] = ()
    act = wtforms.StringField()
    adds_name = wtforms.StringField(lazy_gettext("Name"), validators=[at_most(120)])
    adds_kind = wtforms.StringField()

    def details(self) -> dict[str, Any]:
        """What was typed, by the names of the cells; a box that was not ticked says so by not being sent."""
        sent = {cell.name: self[cell.name] for cell in self.cells}
        ticked = {"yes", "several", MOVES_ON}
        given = [cell.name for cell in self.cells if cell.kind in ticked or sent[cell.name].raw_data]
        typed = {name: sent[name].data for name in given}
        added = (self.act.data or "").partition(":")[2]
        names = {name: request.form.get(f"{name}-{added}", "") for name in ("name", "kind")}
        return {"typed": typed, "act": self.act.data, **names}

    def meanwhile(self, content: Content) -> dict[str, str]:
        """What others have saved in the place of what was typed here, in words by the names of the fields."""
        found = {}
        for cell in self.cells:
            saved, typed = cell.value(content), self[cell.name].data
            if saved != typed and cell.kind not in ("yes", MOVES_ON):
                said = ", ".join(saved) if isinstance(saved, list) else str(dict(cell.choices).get(saved, saved))
                found[cell.name] = said
        return found

    def blame(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside the field that it speaks of."""
        at = {fault.place: fault.message for fault in faults}
        for cell in self.cells:
            if cell.place in at:
                self[cell.name].errors = [_(at[cell.place])]


def sheet_form(sheet: Sheet, content: Content) -> SheetForm:
    """The form of a page, as it was sent or as the draft stands."""
    made: dict[str, Any] = {"cells": tuple(sheet.cells)} | {cell.name: _field(cell, content) for cell in sheet.cells}
    form: type[SheetForm] = type("DraftSheetForm", (SheetForm,), made)
    return form.read(data={cell.name: cell.value(content) for cell in sheet.cells})


def _field(cell: Cell, content: Content) -> Any:
    label, note = cell.label, cell.help
    if cell.kind in ("yes", MOVES_ON):
        return wtforms.BooleanField(label, description=note)
    if cell.kind == "several":
        return Checkboxes(label, optional(), choices=choices(cell.choices), validate_choice=False)
    rules = [at_most(LONGEST[cell.kind]), *(optional() if cell.optional else [])]
    if cell.kind == "choice":
        now = str(cell.value(content))
        offered = list(cell.choices) if now in dict(cell.choices) else [(now, _("Choose one")), *cell.choices]
        return wtforms.SelectField(label, rules, choices=choices(offered), validate_choice=False)
    if cell.kind in ("text", LINES):
        return wtforms.TextAreaField(label, rules, description=note)
    plain = {"whole": "numeric", "number": "decimal"}.get(cell.kind)
    extra = {"inputmode": plain, "autocomplete": "off"} if plain else {}
    if cell.name.endswith(".weight"):
        extra["data-weighs"] = ""
    return wtforms.StringField(label, rules, description=note, render_kw=extra)


class PlainForm(Form):
    """A button alone."""


class CopyForm(Form):
    workflow_version_id = wtforms.SelectField(lazy_gettext("Begin with"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workflow_version_id.choices = version_choices()


class ImportDraftForm(Form):
    file = wtforms.FileField(lazy_gettext("File"), description=lazy_gettext("A definition in TOML."))
    text = wtforms.TextAreaField(lazy_gettext("Or its text"))

    def details(self) -> dict[str, Any]:
        return {"text": self.content}

    def validate(self, extra_validators: Any = None) -> bool:
        """A file or a text; of both, the file counts."""
        self.content = self.text.data or ""
        sent = self.file.data
        if sent is not None and sent.filename:
            try:
                self.content = sent.stream.read().decode("utf-8")
            except UnicodeDecodeError:
                self.file.errors = [_("This is not a text in UTF-8. Save it as UTF-8, then try again.")]
                return False
        if not self.content.strip():
            self.file.errors = [_("Choose a file, or put its text below.")]
            return False
        return super().validate(extra_validators)


class CompareForm(Form):
    """Which other version to compare with."""

    other = wtforms.SelectField(lazy_gettext("Compare with"), required(), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.other.choices = version_choices()


def version_choices() -> Any:
    """The published workflows to choose from."""
    return choices((v.id, _("%(name)s, version %(n)s", name=v.name, n=v.number)) for v in queries.list_versions())
