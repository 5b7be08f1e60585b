"""Forms for the plan of a pilot: its outline and its sites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import IntegerField, at_most, choices, optional, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.designs import DESIGNS
from innovation.pilots.forms.plan_rows import PlanForm, line
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.saying import term_name
from innovation.pilots.terms import OUTLINE, SITE
from innovation.places.forms import SchoolField
from innovation.places.models import SchoolTerm
from innovation.values import dataclass
from workflows import Words

MOST_PEOPLE = 1_000_000


class OutlineForm(PlanForm):
    terms: Sequence[SchoolTerm] = ()
    kept: Mapping[str, Any] = MappingProxyType({})
    hypothesis = wtforms.TextAreaField(lazy_gettext("Hypothesis"), optional(at_most(2000)), filters=[strip])
    design = wtforms.SelectField(lazy_gettext("Design"), choices=choices(DESIGNS.items()))
    first_term = wtforms.SelectField(lazy_gettext("First term"), optional())
    last_term = wtforms.SelectField(lazy_gettext("Last term"), optional())
    starts_on = wtforms.DateField(
        lazy_gettext("First day"), optional(), description=lazy_gettext("Left open, it follows the term.")
    )
    ends_on = wtforms.DateField(
        lazy_gettext("Last day"), optional(), description=lazy_gettext("Left open, it follows the term.")
    )
    means = wtforms.TextAreaField(
        lazy_gettext("Means"),
        optional(at_most(2000)),
        filters=[strip],
        description=lazy_gettext("What the pilot is run with: money and who gives it, people, materials."),
    )

    def validate_last_term(self, field: Any) -> None:
        if field.data and self.first_term.data and field.data < self.first_term.data:
            raise validators.ValidationError(_("This must not be before the first term."))

    def validate_starts_on(self, field: Any) -> None:
        """It may lie in the holidays before its term, and no earlier."""
        self._lie_in(field, self.first_term.data, "ends_on")

    def validate_ends_on(self, field: Any) -> None:
        """It may lie in the holidays after its term, and no later."""
        self._lie_in(field, self.last_term.data, "starts_on")
        first = self.starts_on.data
        if field.data and first and field.data <= first:
            raise validators.ValidationError(_("The pilot must end after it begins."))

    def _lie_in(self, field: Any, key: str | None, edge: str) -> None:
        keys = [term.key for term in self.terms]
        if not field.data or field.data == self.kept.get(field.name) or key not in keys:
            return
        at, step = keys.index(key), -1 if edge == "ends_on" else 1
        near: dt.date = getattr(self.terms[at], edge)
        beside = self.terms[at + step] if 0 <= at + step < len(keys) else None
        far: dt.date | None = getattr(beside, edge) if beside else None
        day: dt.date = field.data
        beyond = day > near or (far and day <= far) if step < 0 else day < near or (far and day >= far)
        if beyond:
            raise validators.ValidationError(
                _("This day does not belong to %(term)s. Choose another term, or another day.", term=term_name(key))
            )

    def details(self) -> dict[str, Any]:
        told = super().details()
        return {**told, **{name: told[name] or "" for name in ("hypothesis", "first_term", "last_term", "means")}}


def outline_form(pilot: Pilot, terms: Iterable[SchoolTerm]) -> OutlineForm:
    form = OutlineForm.read(data={name: getattr(pilot, name) for name in OUTLINE})
    form.terms, form.kept = list(terms), {name: getattr(pilot, name) for name in ("starts_on", "ends_on")}
    pairs = [("", _("Not chosen yet")), *((term.key, term_name(term.key)) for term in form.terms)]
    for field, kept in ((form.first_term, pilot.first_term), (form.last_term, pilot.last_term)):
        known = pairs if any(kept == key for key, _label in pairs) else [*pairs, (kept, term_name(kept))]
        field.choices = choices(known)
    return form


# Sites


def _people(label: Any) -> IntegerField:
    message = lazy_gettext("Write a number from 0 to 1 000 000.")
    return IntegerField(label, optional(validators.NumberRange(0, MOST_PEOPLE, message=message)))


class SiteForm(PlanForm):
    kind = wtforms.SelectField(
        lazy_gettext("What it is for"),
        choices=choices(
            [
                ("programme", lazy_gettext("The pilot is held there")),
                ("high_dosage", lazy_gettext("The pilot is held there, in a high dosage")),
                ("comparison", lazy_gettext("Comparison: nothing new is done there")),
            ]
        ),
        default="programme",
    )
    learners = _people(lazy_gettext("People whom it reaches"))
    teachers = _people(lazy_gettext("Teachers who take part"))

    def details(self) -> dict[str, Any]:
        told = super().details()
        kind = told.pop("kind")
        return {**told, "is_comparison": kind == "comparison", "is_high_dosage": kind == "high_dosage"}

    def speak(self, words: Words) -> SiteForm:
        """The same form in the words of the programme."""
        self.learners.label.text = _(words.reached)
        return self


class NewSiteForm(SiteForm):
    place = wtforms.StringField(lazy_gettext("Site"), [*required(), at_most(160)], filters=[strip])

    def speak(self, words: Words) -> SiteForm:
        self.place.label.text = _(words.site)
        return super().speak(words)


class RegisteredSiteForm(NewSiteForm):
    place = SchoolField(lazy_gettext("Site"), required())


class LeavingSiteForm(SiteForm):
    left_on = wtforms.DateField(lazy_gettext("Leaves the pilot on"), optional())
    left_because = line(lazy_gettext("Because"), 200)

    def details(self) -> dict[str, Any]:
        return {**super().details(), "left_because": self.left_because.data or ""}


def new_site_form(words: Words) -> SiteForm:
    return (RegisteredSiteForm if words.site_number else NewSiteForm).read().speak(words)


def site_form(site: PilotSite, words: Words, *, begun: bool) -> SiteForm:
    values = {name: getattr(site, name) for name in SITE}
    values["kind"] = "comparison" if site.is_comparison else "high_dosage" if site.is_high_dosage else "programme"
    return (LeavingSiteForm if begun else SiteForm).read(data=values).speak(words)


@dataclass(frozen=True)
class Part:
    """A part of the plan: what it is called, and what is said above its form."""

    name: Any
    help: Any


PARTS = {
    "outline": Part(lazy_gettext("Hypothesis, design and time"), ""),
    "measures": Part(
        lazy_gettext("What is measured"),
        lazy_gettext("Numbers only. Where the stop number is crossed, the pilot asks for a decision."),
    ),
    "budget": Part(
        lazy_gettext("Budget"),
        lazy_gettext("Every input, also what is given free: rooms, time, materials. Give it the price it would have."),
    ),
    "permissions": Part(
        lazy_gettext("Permissions and clearances"),
        lazy_gettext("Status and dates only. Never write down what is on a certificate, nor a person's number."),
    ),
    "risks": Part(lazy_gettext("Risks"), ""),
    "roles": Part(lazy_gettext("Who does what"), lazy_gettext("Roles and offices are enough; names are not needed.")),
}
