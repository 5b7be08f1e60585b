"""Writing down what was learnt: with an idea that is withdrawn, or after one that ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import wtforms

from innovation.forms import Checkboxes, Form, VersionField, at_most, choices, optional, strip
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.lesson_words import CAUSES
from innovation.ideas.models import Idea
from innovation.ideas.teaching import lesson_faults
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from workflows import Definition

LONG = [*optional(), at_most(3000)]
PARTS = ("cause", "tried", "happened", "otherwise")


class TaughtForm(Form):
    """What is asked of any lesson; which parts are needed depends on how far the idea had come."""

    version = VersionField()
    cause = wtforms.SelectField(lazy_gettext("Why it ended"), optional())
    tried = wtforms.TextAreaField(
        lazy_gettext("What was tried"), LONG, filters=[strip], description=lazy_gettext("In two or three sentences.")
    )
    happened = wtforms.TextAreaField(lazy_gettext("What happened"), LONG, filters=[strip])
    otherwise = wtforms.TextAreaField(
        lazy_gettext("What somebody else should do otherwise"),
        LONG,
        filters=[strip],
        description=lazy_gettext("No names and no marks: people read it who do not know the idea."),
    )
    idea: Idea
    must = True  # else it may be left empty as a whole

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cause.choices = choices([("", _("Choose why")), *CAUSES.items()])

    def about(self, idea: Idea) -> Self:
        self.idea = idea
        return self

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Also ask for what is missing, at its own field."""
        fine = super().validate(*args, **kwargs)
        said: dict[str, str] = {name: self[name].data or "" for name in PARTS}
        if not (self.must or any(said.values())):
            return fine
        whole = dict.fromkeys(PARTS, "x") | {"cause": next(iter(CAUSES))}
        for name in PARTS:
            faults = lesson_faults(self.idea, **{**whole, name: said[name]})
            if faults and not self[name].errors:
                self[name].errors = [_(faults[0])]
                fine = False
        return fine


class LessonForm(TaughtForm):
    theme_id = wtforms.SelectField(
        lazy_gettext("Useful for the theme"), optional(), coerce=lambda value: int(value or 0)
    )
    phases = Checkboxes(lazy_gettext("Useful for"), optional())

    def offer(self, definition: Definition, themes: Iterable[Any]) -> Self:
        self.theme_id.choices = choices([(0, _("No one theme")), *((theme.id, _(theme.name)) for theme in themes)])
        asked = definition.phases.choices if definition.phases else ()
        self.phases.choices = choices([(choice.key.lower(), _(choice.name)) for choice in asked])
        return self

    def details(self) -> dict[str, Any]:
        return super().details() | {"theme_id": self.theme_id.data or None, "phases": self.phases.data or []}


class WithdrawalForm(TaughtForm):
    """The owner takes the idea back; its lesson is asked for once it was more than a plan."""

    def about(self, idea: Idea) -> Self:
        self.must = idea.has_pilot
        return super().about(idea)


def lesson_form(lesson: Lesson, themes: Iterable[Any]) -> LessonForm:
    """The lesson as it stands, to be given or corrected."""
    values: dict[str, Any] = {name: getattr(lesson, name) for name in PARTS}
    values |= {"theme_id": lesson.theme_id or 0, "phases": lesson.phases.split(), "version": lesson.version}
    form = LessonForm.read(data=values).offer(lesson.idea.definition, themes)
    return form.about(lesson.idea)
