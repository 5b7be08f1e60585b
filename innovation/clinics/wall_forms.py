"""Forms of the wall and its rounds: topics, dots, ties and the shortlist."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import wtforms
from flask import request
from wtforms import validators

from innovation.clinics.dots import MOST_DOTS, MOST_POINTS
from innovation.clinics.wall_models import RoomWall
from innovation.clinics.wall_reading import Line, Note
from innovation.db import whole_number
from innovation.forms import Checkboxes, Form, IntegerField, at_most, choices, optional, required, strip
from innovation.ideas.forms.answers import Radio
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext

MARK = re.compile(r"dots-([0-9]{1,9})")


def sent_ids(name: str = "idea") -> list[int]:
    """The numbers of the ideas that were sent; what is no number is left out."""
    return [number for text in request.form.getlist(name) if (number := whole_number(text)) is not None]


def _between(least: int, most: int) -> Any:
    message = lazy_gettext("Write a number from %(least)d to %(most)d.", least=least, most=most)
    return validators.NumberRange(least, most, message)


class WallForm(Form):
    """How ideas come on the wall."""

    release = Radio(
        lazy_gettext("Ideas are shown"),
        required(),
        choices=lambda: choices([("hand", _("Once I release them")), ("come", _("As they come"))]),
    )
    names = wtforms.BooleanField(lazy_gettext("With the names of owners who agreed to that"))

    @classmethod
    def of(cls, wall: RoomWall) -> WallForm:
        return cls.read(data={"release": "come" if wall.at_once else "hand", "names": wall.names})

    def details(self) -> dict[str, Any]:
        return {"at_once": self.release.data == "come", "names": bool(self.names.data)}


class TopicForm(Form):
    name = wtforms.StringField(
        lazy_gettext("New topic"),
        [*required(), at_most(80)],
        filters=[strip],
        render_kw={"maxlength": 80, "autocomplete": "off"},
    )


class RoundForm(Form):
    question = wtforms.StringField(
        lazy_gettext("Question"),
        [*optional(), at_most(160)],
        filters=[strip],
        description=lazy_gettext("Such as: Which should we try first?"),
        render_kw={"maxlength": 160},
    )
    method = Radio(
        lazy_gettext("Everybody gives"),
        required(),
        choices=lambda: choices(
            [("dots", _("Dots, to share out between the ideas")), ("points", _("1 to 5 points to each idea"))]
        ),
    )
    dots = IntegerField(
        lazy_gettext("Dots for each person"),
        [*optional(), _between(1, MOST_DOTS)],
        description=lazy_gettext("Where everybody gives dots."),
    )
    most = IntegerField(lazy_gettext("At most on one idea"), [*optional(), _between(1, MOST_DOTS)])
    shows = Radio(
        lazy_gettext("Afterwards the wall shows"),
        required(),
        choices=lambda: choices([("ranked", _("The order")), ("heat", _("A heat map by topic"))]),
    )

    def validate_dots(self, field: Any) -> None:
        if self.method.data == "dots" and field.data is None:
            raise validators.ValidationError(_("Say how many dots everybody has."))

    def validate_most(self, field: Any) -> None:
        if self.method.data == "dots" and (field.data or 0) > (self.dots.data or MOST_DOTS):
            raise validators.ValidationError(_("One idea cannot get more dots than everybody has."))

    def details(self) -> dict[str, Any]:
        told = super().details()
        given = {"dots": 0, "most": MOST_POINTS}
        if told["method"] == "dots":
            given = {"dots": told["dots"], "most": told["most"] or told["dots"]}
        return {**told, **given, "question": told["question"] or ""}


class TieForm(Form):
    """Which of the ideas that are level comes first."""

    idea_id = Radio(lazy_gettext("Which idea comes before those that are level with it?"), required(), coerce=int)
    decided_by = wtforms.StringField(
        lazy_gettext("Who decided?"),
        [*required(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("The name of the person to whom the room left it. It is told in the report."),
    )
    reason = wtforms.StringField(lazy_gettext("Why?"), [*required(), at_most(300)], filters=[strip])

    def offer(self, ties: Iterable[Iterable[Line]]) -> TieForm:
        level = [line for group in ties for line in group]
        named = [
            (
                each.note.idea_id,
                _("%(title)s (%(number)s)", title=each.note.title, number=each.dots),
            )
            for each in level
        ]
        self.idea_id.choices = choices(named)
        return self


class TopForm(Form):
    many = IntegerField(lazy_gettext("How many ideas go on?"), [*required(), _between(1, 50)])


class HandForm(Form):
    idea_ids = Checkboxes(lazy_gettext("Ideas that go on"), required(), coerce=int)
    why = wtforms.StringField(lazy_gettext("Why these?"), [*required(), at_most(300)], filters=[strip])

    def offer(self, notes: Iterable[Note]) -> HandForm:
        self.idea_ids.choices = choices((note.idea_id, note.title) for note in notes)
        return self

    def details(self) -> dict[str, Any]:
        return {"idea_ids": self.idea_ids.data, "reason": self.why.data}


def sent_dots() -> dict[int, int]:
    """Dots by idea as the voting page sends them; what is no number counts as too many, and is refused."""
    found = {}
    for name, value in request.form.items():
        hit = MARK.fullmatch(name)
        if hit and value.strip():
            number = whole_number(value.strip())
            found[int(hit[1])] = MOST_DOTS + 1 if number is None else number
    return found
