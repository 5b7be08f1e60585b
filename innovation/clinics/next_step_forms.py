"""The form in which the next step of every idea of a clinic is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Self

import wtforms

from innovation.clinics.next_steps import LONGEST, Pending
from innovation.forms import Form, at_most, optional, strip
from innovation.languages import gettext as _


class StepsForm(Form):
    """A text and a day for each idea; ``for_all`` is taken for those that have none of their own."""

    pending: tuple[Pending, ...] = ()

    @classmethod
    def of(cls, pending: Iterable[Pending], sent: Mapping[str, Any] | None = None) -> Self:
        """The form for these ideas, as it was sent or with what is recorded."""
        listed = tuple(pending)
        fields: dict[str, Any] = {"pending": listed, "for_all": _text(_("The same for all that have none"))}
        fields["for_all_by"] = wtforms.DateField(_("By when"), optional())
        for each in listed:
            name = each.idea.reference
            fields[f"text_{each.idea.id}"] = _text(_("Next step of %(reference)s", reference=name))
            fields[f"by_{each.idea.id}"] = wtforms.DateField(_("Day for %(reference)s", reference=name), optional())
        made = type("ListedStepsForm", (cls,), fields)
        form: Self = made(sent, data=_first_values(listed))
        form.was_sent = sent is not None
        return form

    def rows(self) -> list[tuple[Pending, Any, Any]]:
        """Each idea with its two fields."""
        return [(each, self[f"text_{each.idea.id}"], self[f"by_{each.idea.id}"]) for each in self.pending]

    def details(self) -> dict[str, Any]:
        return {"steps": {each.idea.id: step for each, *fields in self.rows() if (step := self._step(each, *fields))}}

    def _step(self, each: Pending, text: Any, by: Any) -> tuple[str, dt.date | None] | None:
        if text.data:
            return text.data, by.data
        if self["for_all"].data and each.needs_one:
            return self["for_all"].data, by.data or self["for_all_by"].data
        return None


def _text(label: str) -> Any:
    return wtforms.StringField(label, [*optional(), at_most(LONGEST)], filters=[strip])


def _first_values(listed: Iterable[Pending]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in listed:
        step = each.step
        values[f"text_{each.idea.id}"] = step.text if step else None
        values[f"by_{each.idea.id}"] = step.due_on if step else each.idea.due_on
    return values
