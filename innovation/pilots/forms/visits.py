"""Forms for visits: the short form itself, and its correction with a reason."""

from __future__ import annotations

import uuid
from typing import Any, Self

import wtforms
from wtforms import validators

from innovation.db import whole_number
from innovation.forms import Form, IntegerField, as_uuid, at_most, choices, optional, required, strip
from innovation.ideas.photos import TAKES
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots import queries
from innovation.pilots.fidelity import DIMENSIONS, MOST
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import PilotVisit
from innovation.pilots.visiting import SentBefore
from workflows import Refused

WORDS = ("worked", "did_not", "next_step", "next_who")
MOST_PEOPLE = 100_000
NO_NAMES = lazy_gettext("Name no learner, and write nothing by which one could be known.")


def _mark(label: Any) -> wtforms.SelectField:
    pairs = [("", lazy_gettext("Not seen")), *((str(mark), str(mark)) for mark in range(MOST + 1))]
    return wtforms.SelectField(label, optional(), choices=lambda: choices(pairs), default="")


def _words(label: Any, help: Any = "") -> wtforms.TextAreaField:
    return wtforms.TextAreaField(label, optional(at_most(1500)), filters=[strip], description=help)


def _people(label: Any) -> IntegerField:
    rule = validators.NumberRange(0, MOST_PEOPLE, lazy_gettext("Write a number from 0 to 100 000."))
    return IntegerField(label, optional(rule))


class VisitForm(Form):
    """What a visitor saw. ``form_key`` makes the same form sent twice one visit.

    A site is chosen from a list where there are few enough of them, and else named by its number.
    """

    form_key = wtforms.HiddenField()
    site = wtforms.SelectField(lazy_gettext("Site"), choices=(), validate_choice=False)
    place = wtforms.StringField(
        lazy_gettext("Number or name of the site"), optional(at_most(160)), filters=[strip], default=""
    )
    visited_on = wtforms.DateField(lazy_gettext("Day of the visit"), required())
    adherence = _mark(DIMENSIONS["adherence"])
    exposure = _mark(DIMENSIONS["exposure"])
    quality = _mark(DIMENSIONS["quality"])
    responsiveness = _mark(DIMENSIONS["responsiveness"])
    differentiation = _mark(DIMENSIONS["differentiation"])
    learners = _people(lazy_gettext("How many learners took part"))
    teachers = _people(lazy_gettext("How many teachers took part"))
    worked = _words(lazy_gettext("What worked"), NO_NAMES)
    did_not = _words(lazy_gettext("What did not work"))
    next_step = _words(lazy_gettext("What to do next"))
    next_who = wtforms.StringField(lazy_gettext("Who does it"), optional(at_most(140)), filters=[strip])
    harm = wtforms.BooleanField(
        lazy_gettext("Somebody came to harm, or could have"),
        description=lazy_gettext(
            "Is somebody in danger, get help first. Then tell the owner: an incident is written down at once."
        ),
    )
    photo = wtforms.FileField(
        lazy_gettext("Photo of the place or the materials"),
        optional(),
        description=lazy_gettext("Never faces of learners, and no lists of names. Where it was taken is not kept."),
        render_kw={"accept": TAKES},
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pilot, self.site_id = pilot, 0
        self._offer(pilot)

    def _offer(self, pilot: Pilot) -> None:
        words = pilot.idea.definition.words
        self.site.label.text = _(words.site)
        self.learners.label.text = _("How many took part: %(who)s", who=_(words.reached))
        sites = queries.list_visitable(pilot)
        self.listed = sites is not None
        pairs = [(str(each.id), _called(each)) for each in sites or ()]
        self.site.choices = choices([("", _("Choose one")), *pairs])

    @property
    def where(self) -> Any:
        """The field by which the site is said."""
        return self.site if self.listed else self.place

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        wrong = self._find_site()
        if wrong:
            self.where.errors = [*self.where.errors, wrong]
        seen = [name for name in (*DIMENSIONS, "learners", "teachers", *WORDS, "harm") if self[name].data]
        if good and not seen:
            self.worked.errors = [_("Write what you saw: a mark, a number, or a few words.")]
        return bool(good and not wrong and seen)

    def _find_site(self) -> str:
        """What is wrong with the site that was said; empty where it is known."""
        chosen, called = whole_number(self.site.data or ""), self.place.data or ""
        if chosen is not None:
            self.site_id = chosen if queries.has_site(self.pilot, chosen) else 0
            return "" if self.site_id else _("This is no site of the pilot.")
        if not called:
            return _("Please fill this in.")
        found = queries.list_sites_called(self.pilot, called)
        if len(found) == 1:
            self.site_id = found[0]
            return ""
        return _("Several sites have this name: write the number.") if found else _("This is no site of the pilot.")

    def details(self) -> dict[str, Any]:
        told = {name: whole_number(self[name].data or "") for name in DIMENSIONS}
        told |= {name: self[name].data for name in ("visited_on", "learners", "teachers", "harm")}
        return told | {name: self[name].data or "" for name in WORDS} | {"site_id": self.site_id}


def _called(each: Any) -> str:
    named = each.name if each.name == each.place else f"{each.name} ({each.place})"
    return _("%(site)s, which has left", site=named) if each.left_on else named


class NewVisitForm(VisitForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_key.data = as_uuid(self.form_key.data) or str(uuid.uuid4())
        self.came_before = ""

    def refuse(self, refused: Refused, status: int) -> None:
        super().refuse(refused, status)
        if isinstance(refused, SentBefore):  # sent once more, it is a visit of its own
            self.form_key.data, self.came_before = str(uuid.uuid4()), refused.reference

    def details(self) -> dict[str, Any]:
        return super().details() | {"client_id": self.form_key.data}


class CorrectionForm(VisitForm):
    reason = wtforms.TextAreaField(
        lazy_gettext("Why it is corrected"),
        [*required(), at_most(1000)],
        filters=[strip],
        description=lazy_gettext("What stood before is kept with the reason."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.form_key, self.photo

    @classmethod
    def of(cls, visit: PilotVisit) -> Self:
        """The form as it was sent, or with what the visit says."""
        said = {name: getattr(visit, name) for name in ("visited_on", "learners", "teachers", "harm", *WORDS)}
        said |= {name: _as_text(getattr(visit, name)) for name in DIMENSIONS}
        return cls.read(data=said | {"site": str(visit.site_id), "place": visit.site.place}, pilot=visit.pilot)

    def details(self) -> dict[str, Any]:
        return super().details() | {"reason": self.reason.data or ""}


def _as_text(mark: int | None) -> str:
    return "" if mark is None else str(mark)
