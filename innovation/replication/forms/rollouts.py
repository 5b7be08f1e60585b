"""Forms for rollouts: asking, entering, answering, and everything that is filled in as they go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import wtforms
from wtforms import validators

from innovation.db import whole_number
from innovation.forms import Form, IntegerField, at_most, choices, optional, required, strip
from innovation.ideas.forms.answers import Number
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.fidelity import DIMENSIONS
from innovation.pilots.trying import ACT_NAMES
from innovation.places.forms import SchoolField
from innovation.replication.codes import LANGUAGES, kinds
from innovation.replication.contents import Part
from innovation.replication.forms.playbooks import line, text
from innovation.replication.models import PlaybookVersion, Rollout
from workflows import Words

MOST_PEOPLE = 10_000_000


def named(label: Any, length: int = 140) -> Any:
    return wtforms.StringField(label, [*required(), at_most(length)], filters=[strip])


def count(label: Any, *, needed: bool = False) -> Any:
    span = validators.NumberRange(0, MOST_PEOPLE)
    return IntegerField(label, [*required(), span] if needed else optional(span))


class AdopterForm(Form):
    """An organisation that takes an idea up, and whom to speak with there."""

    organisation = named(lazy_gettext("Name of the organisation"))
    kind = wtforms.SelectField(lazy_gettext("What it is"), required(), choices=())
    contact_role = named(lazy_gettext("What the contact person is there"), 80)

    def offer(self, words: Words) -> Self:
        self.kind.choices = choices(kinds(words).items())
        return self


class AskForm(AdopterForm):
    name = named(lazy_gettext("Your name"), 120)
    email = wtforms.StringField(
        lazy_gettext("Your e-mail address"), [*required(), validators.Email(), at_most(254)], filters=[strip]
    )
    wish = text(lazy_gettext("What you want to do with it, and where"), length=2000)
    agreed = wtforms.BooleanField(
        lazy_gettext("The team may write to me about this request"),
        required(),
        description=lazy_gettext("Your name and address go to the team of this idea, and to nobody else."),
    )

    def details(self) -> dict[str, Any]:
        return {name: value for name, value in super().details().items() if name != "agreed"}


def _contact() -> tuple[Any, Any]:
    email = [*optional(validators.Email(), at_most(254))]
    return line(lazy_gettext("Name of the contact person"), 120), wtforms.StringField(
        lazy_gettext("Their e-mail address"), email, filters=[strip]
    )


class Learned(wtforms.SelectField):
    """From whom it was learned: the team, or another rollout."""

    def offer(self, found: Iterable[Rollout]) -> None:
        listed = [(str(each.id), f"{each.number}. {each.organisation}") for each in found]
        self.choices = choices([("", _("The idea's own team")), *listed])


class EnterForm(AdopterForm):
    name, email = _contact()
    wish = text(lazy_gettext("What they want to do"), length=2000)
    learned_from = Learned(lazy_gettext("Learned from"), choices=())

    def details(self) -> dict[str, Any]:
        found = super().details()
        return found | {"learned_from_id": whole_number(found.pop("learned_from"))}


class AgreementForm(Form):
    agreed_on = wtforms.DateField(lazy_gettext("Agreed on"), required())
    playbook_version = wtforms.SelectField(lazy_gettext("By which version of the playbook"), required(), choices=())
    terms = wtforms.TextAreaField(
        lazy_gettext("What was agreed"),
        [*required(), at_most(4000)],
        filters=[strip],
        description=lazy_gettext("Who does what, until when, and what is reported."),
    )

    def offer(self, found: Iterable[PlaybookVersion]) -> Self:
        self.playbook_version.choices = choices(
            (str(each.id), _("Version %(number)s, %(language)s", number=each.number, language=LANGUAGES[each.language]))
            for each in found
        )
        return self

    def details(self) -> dict[str, Any]:
        found = super().details()
        return found | {"playbook_version_id": whole_number(found.pop("playbook_version")) or 0}


class RefusalForm(Form):
    reason = wtforms.TextAreaField(lazy_gettext("Why it cannot be"), [*required(), at_most(1000)], filters=[strip])


class MoveForm(Form):
    step = wtforms.StringField(lazy_gettext("Step"), required())
    reason = text(lazy_gettext("Why it is stopped"), length=1000)


class PeopleForm(Form):
    contact_role = named(lazy_gettext("What the contact person is there"), 80)
    name, email = _contact()
    mentor = wtforms.SelectField(lazy_gettext("Mentor"), choices=())
    learned_from = Learned(lazy_gettext("Learned from"), choices=())

    def offer(self, mentors: Mapping[int, str], others: Iterable[Rollout]) -> Self:
        self.mentor.choices = choices([("", _("Nobody yet")), *((str(key), name) for key, name in mentors.items())])
        self.learned_from.offer(others)
        return self

    def details(self) -> dict[str, Any]:
        found = super().details()
        ids = {f"{name}_id": whole_number(found.pop(name)) for name in ("mentor", "learned_from")}
        return found | ids


class SiteForm(Form):
    """A number of the register where the programme has one, or the name of a place."""

    emis = SchoolField(lazy_gettext("From the register"), optional())
    place = line(lazy_gettext("Place"), 160)
    learners = count(lazy_gettext("People reached there"))
    teachers = count(lazy_gettext("People who do it there"))
    starts_on = wtforms.DateField(lazy_gettext("From"), optional())
    ends_on = wtforms.DateField(lazy_gettext("Until"), optional())

    def offer(self, words: Words) -> Self:
        if words.site_number:
            self.place.label.text = _("Or a place that is not in the register")
        else:
            del self.emis
        self.learners.label.text = _(words.reached)
        return self

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise validators.ValidationError(_("This is before the first day."))


class ChangeSiteForm(SiteForm):
    """The same of a place that is there, and why it takes part no more."""

    left_because = line(lazy_gettext("Why it takes part no more"), 200)

    def details(self) -> dict[str, Any]:
        return {"emis": None} | super().details()


class TrainingDoneForm(Form):
    held_on = wtforms.DateField(lazy_gettext("Day"), required())
    role = named(lazy_gettext("Who was trained: their role"), 80)
    people = IntegerField(lazy_gettext("How many"), [*required(), validators.NumberRange(1, 100_000)])
    hours = Number(lazy_gettext("Hours for each"), [*required(), validators.NumberRange(0, 2000)], places=None)


def _dimension(label: Any) -> Any:
    return IntegerField(label, [*required(), validators.NumberRange(0, 100)])


class FidelityForm(Form):
    checked_on = wtforms.DateField(lazy_gettext("Day"), required())
    adherence = _dimension(DIMENSIONS["adherence"])
    exposure = _dimension(DIMENSIONS["exposure"])
    quality = _dimension(DIMENSIONS["quality"])
    responsiveness = _dimension(DIMENSIONS["responsiveness"])
    differentiation = _dimension(DIMENSIONS["differentiation"])
    note = line(lazy_gettext("Note"), 400)


class AdaptationForm(Form):
    part = wtforms.SelectField(lazy_gettext("Which part of the playbook"), required(), choices=())
    begun_on = wtforms.DateField(lazy_gettext("From"), required())
    plan = wtforms.TextAreaField(
        lazy_gettext("Plan: what is changed, and why"), [*required(), at_most(2000)], filters=[strip]
    )

    def offer(self, parts: Iterable[Part]) -> Self:
        core, adaptable = _("core"), _("adaptable")
        self.part.choices = choices((str(p.key), f"{p.name} ({core if p.core else adaptable})") for p in parts)
        return self

    def details(self) -> dict[str, Any]:
        return super().details() | {"part": whole_number(self.part.data) or 0}


class SettleForm(Form):
    done = text(lazy_gettext("Do: what was done"), length=2000)
    found = text(lazy_gettext("Study: what was found"), length=2000)
    act = wtforms.SelectField(
        lazy_gettext("Act"),
        default="",
        choices=lambda: choices([("", _("Still being tried")), *ACT_NAMES.items()]),
    )


class ResultForm(Form):
    indicator = named(lazy_gettext("What was measured"))
    unit = line(lazy_gettext("Unit"), 40)
    measured_on = wtforms.DateField(lazy_gettext("Day"), required())
    before = wtforms.DecimalField(
        lazy_gettext("Before"), optional(validators.NumberRange(-(10**12), 10**12)), places=None
    )
    after = wtforms.DecimalField(
        lazy_gettext("After"), optional(validators.NumberRange(-(10**12), 10**12)), places=None
    )
    sites = count(lazy_gettext("Over how many sites"))
    learners = count(lazy_gettext("People measured"))
