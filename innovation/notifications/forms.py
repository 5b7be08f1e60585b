"""Forms of the letters that announce decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import wtforms
from wtforms import validators

from innovation.accounts.models import Person
from innovation.forms import Checkboxes, Form, VersionField, at_most, choices, required
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


class LetterForm(Form):
    """Who is told of a decision, and what they read."""

    version = VersionField()
    subject = wtforms.StringField(lazy_gettext("Subject"), [*required(), at_most(200)], filters=[_trimmed])
    text = wtforms.TextAreaField(lazy_gettext("Text"), [*required(), at_most(6000)], filters=[_trimmed])
    told = Checkboxes(lazy_gettext("Who is told"), coerce=int, validate_choice=False)

    usual: tuple[str, str] = ("", "")
    people: Sequence[Person] = ()

    def offer(self, people: Sequence[Person], usual: tuple[str, str]) -> Self:
        """The people who can be told, and the letter that is sent where nothing is changed."""
        self.people, self.usual = people, usual
        self.told.choices = choices((person.id, person.name) for person in people)
        return self

    def validate_told(self, field: Any) -> None:
        if not {person.id for person in self.people} & set(field.data or ()):
            raise validators.ValidationError(_("Tick somebody. To tell nobody, move the idea in silence: it asks why."))

    def details(self) -> dict[str, Any]:
        """What was changed only: a letter left as it is goes out in each reader's language."""
        told = set(self.told.data or ())
        subject, lines = (self.subject.data or "").split(), (self.text.data or "").splitlines()
        said = (" ".join(subject), "\n".join(lines).strip())
        changed = ("", "") if said == self.usual else said
        left_out = [person.id for person in self.people if person.id not in told]
        return {"subject": changed[0], "text": changed[1], "left_out": left_out}


class ReasonForm(Form):
    version = VersionField()
    reason = wtforms.TextAreaField(lazy_gettext("Why?"), [*required(), at_most(1500)], filters=[_trimmed])


class TogetherForm(Form):
    """Decisions to be announced in one moment."""

    review = wtforms.SelectMultipleField(lazy_gettext("Decisions"), coerce=int, validate_choice=False)
    seen = wtforms.SelectMultipleField(lazy_gettext("Letters"), validate_choice=False)

    def details(self) -> dict[str, Any]:
        return {"seen": self.seen.data or ()}
