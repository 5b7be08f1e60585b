"""Forms of the tracker: a mark with what shows it, and the answer to it."""

from __future__ import annotations

from typing import Any, Self

import wtforms
from wtforms import validators

from innovation.db import whole_number
from innovation.forms import Form, at_most, choices, optional, required, strip
from innovation.ideas.filecheck import ACCEPT
from innovation.ideas.photos import file_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.replication.forms.playbooks import text
from workflows import Criterion, Gate


def link() -> Any:
    """An address on the web, where there is one."""
    return wtforms.StringField(
        lazy_gettext("Link"),
        optional(at_most(500), validators.URL(message=lazy_gettext("Write a whole address, with https:// before it."))),
        filters=[strip],
    )


class MarkForm(Form):
    mark = wtforms.RadioField(lazy_gettext("Mark"), required(), choices=())
    seen_on = wtforms.DateField(lazy_gettext("As it was on"), required())
    evidence = wtforms.TextAreaField(
        lazy_gettext("What shows it"),
        [*required(), at_most(2000)],
        filters=[strip],
        description=lazy_gettext("Say it in words. Name posts and documents, no private person."),
    )
    link = link()
    file = wtforms.FileField(lazy_gettext("File"), optional(), render_kw={"accept": ACCEPT})
    reason = text(lazy_gettext("Why it is lower than before"), length=1000)

    def offer(self, gate: Gate, criterion: Criterion) -> Self:
        self.mark.choices = choices(
            (str(mark.value), f"{mark.label} · {_(criterion.anchor(mark.value))}") for mark in gate.marks
        )
        return self

    def details(self) -> dict[str, Any]:
        found = super().details()
        return found | {
            "mark": whole_number(self.mark.data) or 0,
            "file": file_of(self.file),
        }


class JudgeForm(Form):
    """Confirmed where the answer says so; anything else returns it, which takes a reason."""

    verdict = wtforms.StringField(lazy_gettext("Answer"), optional())
    answer = text(lazy_gettext("A word to the team"), length=1000)

    def details(self) -> dict[str, Any]:
        return {"answer": self.answer.data or ""}
