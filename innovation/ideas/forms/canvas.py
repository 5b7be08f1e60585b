"""The canvas as a form, made from the definition, so that a new field needs no code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

import wtforms
from werkzeug.datastructures import MultiDict

from innovation.db import whole_number
from innovation.forms import Form, Listed, optional
from innovation.ideas.forms.answers import answer_of, data_for, field_for, name_of
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.languages import voice
from innovation.places.forms import SchoolField
from innovation.places.queries import district_choices
from innovation.programmes.models import Programme
from workflows import CanvasField, Definition, Words


class CanvasForm(Form):
    """What all canvas forms share; ``canvas_fields`` are the fields of the definition that it asks for.

    The ``programme`` is the one whose themes and topics are offered.
    """

    canvas_fields: tuple[CanvasField, ...] = ()
    based_on = wtforms.HiddenField()

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        self.programme = programme
        super().__init__(*args, **kwargs)

    def details(self) -> dict[str, Any]:
        return {"answers": self.answers(), "based_on": self.number_based_on()}

    def number_based_on(self) -> int:
        return whole_number(self.based_on.data) or 0

    def answers(self) -> dict[str, Any]:
        """The answers by the keys of the definition."""
        return {field.key: self.answer(field) for field in self.canvas_fields}

    def answer(self, field: CanvasField) -> Any:
        if field.type == "place":
            district, site = self._place(field)
            return district.data, (site.data or None) if site else None
        value = answer_of(field, self[name_of(field.key)])
        if field.choices_from:
            return int(value) if value else None
        return value

    def controls(self, field: CanvasField) -> list[Any]:
        """The fields of the form that ask for one field of the canvas; no district where the site knows none."""
        if field.type == "place":
            district, site = self._place(field)
            return [*([district] if len(district.choices) > 1 else []), *([site] if site else [])]
        return [self[name_of(field.key)]]

    def _place(self, field: CanvasField) -> tuple[Any, Any]:
        """The district of a place, and its site if the form asks for one."""
        return self[f"{field.key}_district"], self._fields.get(f"{field.key}_school")


def canvas_form(fields: Iterable[CanvasField], words: Words, *, needed: Collection[str] = ()) -> type[CanvasForm]:
    """The form class for these fields of the canvas; ``needed`` are the keys that must be filled in."""
    return _class_for(tuple(fields), words, frozenset(needed), voice())


@lru_cache(maxsize=256)
def _class_for(
    asked: tuple[CanvasField, ...], words: Words, needed: frozenset[str], _language: str
) -> type[CanvasForm]:
    """Made once, since a class of twenty fields takes longer than the rest of a request."""
    made: dict[str, Any] = {"canvas_fields": asked}
    for field in asked:
        label, note = _(field.name), _(field.help)
        if field.type == "place":
            made |= _place_fields(field, words, note)
        else:
            made[name_of(field.key)] = field_for(field, label, needed=field.key in needed, help=note)
    return type("DefinedCanvasForm", (CanvasForm,), made)


def _place_fields(field: CanvasField, words: Words, note: str) -> dict[str, Any]:
    """A district, and a site where the programme has a register of them."""
    made: dict[str, Any] = {
        f"{field.key}_district": Listed(
            _(words.district), optional(), _districts, coerce=whole_number, description=note
        )
    }
    if words.site_number:
        made[f"{field.key}_school"] = SchoolField(_(words.site), optional())
    return made


def first_values(definition: Definition, idea: Idea, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the form starts with: the answers of a revision and what the idea itself keeps."""
    kept = {"title": idea.title, "theme": idea.theme_id, "topic": idea.topic_id}
    values = {
        name_of(f.key): data_for(f, kept[f.key] if f.key in kept else answers.get(f.key)) for f in definition.canvas
    }
    values |= {"where_district": idea.district_id, "where_school": idea.school_emis}
    return {**values, "based_on": idea.revision_number}


def typed_form(
    form: type[CanvasForm], typed: Mapping[str, list[str]], based_on: int, programme: Programme
) -> CanvasForm:
    """The form as somebody left it: whatever was typed, right or wrong."""
    pairs = [(name, value) for name, values in typed.items() for value in values if name != "based_on"]
    return form(MultiDict([*pairs, ("based_on", str(based_on))]), programme=programme)


def _districts(_form: Any) -> list[tuple[str, str]]:
    return [("", _("Not known yet")), *district_choices()]
