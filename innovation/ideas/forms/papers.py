"""Forms for files, deliverables and what is said about them."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, at_most, choices, optional, required, strip
from innovation.ideas.filecheck import ACCEPT
from innovation.ideas.forms.answers import answer_of, data_for, field_for, name_of, row_form
from innovation.ideas.photos import file_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.web import today
from workflows import Definition, Deliverable


def _file_field(label: str) -> Any:
    return wtforms.FileField(label, required(_("Choose a file.")), render_kw={"accept": ACCEPT})


class AttachmentForm(Form):
    file = wtforms.FileField(
        lazy_gettext("File"), required(lazy_gettext("Choose a file.")), render_kw={"accept": ACCEPT}
    )

    def details(self) -> dict[str, Any]:
        return {"file": file_of(self.file)}


class DeliverableForm(Form):
    """A deliverable to hand in; the kind decides its fields."""

    deliverable: Deliverable

    def details(self) -> dict[str, Any]:
        file = file_of(self["file"]) if "file" in self else None
        expires_on = self["expires_on"].data if "expires_on" in self else None
        return {
            "deliverable": self.deliverable.key,
            "content": self.content(),
            "file": file,
            "expires_on": expires_on,
        }

    def content(self) -> dict[str, Any]:
        """What is kept of the form, by the kind of deliverable."""
        kind = self.deliverable.kind
        if kind == "table":
            return {"rows": answer_of(_Rows, self["rows"])}
        if kind == "form":
            answers = {q.key: answer_of(q, self[name_of(q.key)]) for q in self.deliverable.questions}
            return {"answers": {key: value for key, value in answers.items() if value not in (None, "", [])}}
        if kind == "answer":
            return {"text": self["text"].data}
        said = {"link": self["link"].data} if kind == "link" else {}
        return said | ({"text": self["note"].data} if self["note"].data else {})


class _Rows:
    type = "table"


class LetterForm(DeliverableForm):
    def validate_expires_on(self, field: Any) -> None:
        if field.data and field.data < today():
            raise validators.ValidationError(_("This date has passed. A letter must still be valid."))


class TableForm(DeliverableForm):
    def validate_rows(self, field: Any) -> None:
        if not answer_of(_Rows, field):
            raise validators.ValidationError(_("Fill in at least one row."))


def deliverable_form(deliverable: Deliverable) -> type[DeliverableForm]:
    """The form class for handing in a deliverable, by its kind."""
    made: dict[str, Any] = {"deliverable": deliverable}
    base: type[DeliverableForm] = DeliverableForm
    if deliverable.kind == "answer":
        made["text"] = wtforms.TextAreaField(_("Your answer"), [*required(), at_most(20_000)], filters=[strip])
    elif deliverable.kind == "table":
        base = TableForm
        made["rows"] = wtforms.FieldList(wtforms.FormField(row_form(deliverable.columns)), _("Rows"), min_entries=3)
    elif deliverable.kind == "form":
        for q in deliverable.questions:
            made[name_of(q.key)] = field_for(q, _(q.question), needed=q.required)
    elif deliverable.kind == "link":
        address = [*required(), validators.URL(message=_("Write a whole address, such as https://example.org/report."))]
        made["link"] = wtforms.StringField(_("Address"), [*address, at_most(500)], filters=[strip])
    else:
        made["file"] = _file_field(_("File"))
    if deliverable.kind == "letter":
        base = LetterForm
        rules = required(_("Say until when the letter is valid.")) if deliverable.expires else optional()
        made["expires_on"] = wtforms.DateField(_("Valid until"), rules)
    if deliverable.kind in ("link", "file", "letter"):
        made["note"] = wtforms.TextAreaField(_("What should readers know about it?"), optional(at_most(2000)))
    return type("DefinedDeliverableForm", (base,), made)


def deliverable_values(deliverable: Deliverable, content: dict[str, Any]) -> dict[str, Any]:
    """What the form for a new version starts with, given the content of the one before."""
    if deliverable.kind == "table":
        rows = [
            {name_of(c.key): data_for(c, row.get(c.key)) for c in deliverable.columns}
            for row in content.get("rows", [])
        ]
        return {"rows": rows}
    if deliverable.kind == "form":
        given = content.get("answers", {})
        return {name_of(q.key): data_for(q, given.get(q.key)) for q in deliverable.questions}
    return {"text": content.get("text"), "note": content.get("text"), "link": content.get("link")}


def add_row(form: DeliverableForm) -> None:
    """One more empty row in a table."""
    rows: Any = form["rows"]
    rows.append_entry()


class ReturnForm(Form):
    """Why a version is given back."""

    number = wtforms.HiddenField()
    reason = wtforms.TextAreaField(
        lazy_gettext("What should change?"),
        [*required(lazy_gettext("Say what should change, so that the team can act on it.")), at_most(2000)],
        filters=[strip],
    )

    def details(self) -> dict[str, Any]:
        return {"reason": self.reason.data}


class EvidenceForm(Form):
    level = wtforms.RadioField(lazy_gettext("Level of evidence"), required())

    def offer(self, definition: Definition) -> EvidenceForm:
        """The same form with the levels of a definition to choose from."""
        self.level.choices = choices(
            (level.key, f"{level.key} {_(level.name)}: {_(level.test)}") for level in definition.evidence_levels
        )
        return self
