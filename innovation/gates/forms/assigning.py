"""Forms that say what a member knows, ask who should review what, and change the suggestion for one idea."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms

from innovation.forms import Checkboxes, Form, IntegerField, PartForm, VersionField, choices, optional
from innovation.gates.assignment_models import Expertise
from innovation.gates.forms.words import options
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.programmes.models import Programme, Theme, Topic

MOST_OPEN = 500
MOST_REVIEWERS = 15


class ExpertiseForm(Form):
    version = VersionField()
    themes = Checkboxes(lazy_gettext("Themes"))
    topics = Checkboxes(lazy_gettext("Topics"))
    phases = Checkboxes(lazy_gettext("For whom"))
    cap = IntegerField(
        lazy_gettext("Ideas open at one time, at most"),
        optional(wtforms.validators.NumberRange(0, MOST_OPEN, lazy_gettext("Write a number of ideas from 0 to 500."))),
    )

    @classmethod
    def of(cls, programme: Programme, known: Expertise | None, version: int) -> ExpertiseForm:
        """The form with what the programme's lists offer, and what is known of the member."""
        said = {name: getattr(known, name) for name in ("themes", "topics", "phases", "cap")} if known else {}
        form = cls.read(data={"version": version, **said})
        definition = programme.workflow_version.definition
        form.themes.choices = _entries(programme.themes, said.get("themes", ()))
        form.topics.choices = _entries(programme.topics, said.get("topics", ()))
        phases = definition.phases.choices if definition.phases else ()
        form.phases.choices = choices((each.key, _(each.name)) for each in phases)
        for field in (form.themes, form.topics, form.phases):
            if not field.choices:
                del form[field.short_name]
        return form


def _entries(entries: Iterable[Theme | Topic], kept: Iterable[str]) -> list[Any]:
    """The entries in use, and those that are out of use but have been ticked."""
    ticked = set(kept)
    return choices((entry.key, entry.name) for entry in entries if entry.retired_at is None or entry.key in ticked)


class AssignmentForm(Form):
    """At which gate, and how many for each idea; ``idea`` names those that were ticked at the desk."""

    gate_key = wtforms.SelectField(lazy_gettext("Gate"), validate_choice=False)
    reviewers = IntegerField(
        lazy_gettext("Reviewers for each idea"),
        optional(
            wtforms.validators.NumberRange(1, MOST_REVIEWERS, lazy_gettext("Write a number of members from 1 to 15."))
        ),
    )
    every = wtforms.BooleanField(lazy_gettext("Every idea in this list"))
    idea = wtforms.SelectMultipleField(lazy_gettext("Ideas"), validate_choice=False)

    @property
    def ticked(self) -> list[str]:
        return [] if self.every.data else list(dict.fromkeys(self.idea.data or ()))

    def details(self) -> dict[str, Any]:
        among = self.ticked or None
        return {"gate_key": self.gate_key.data or "", "reviewers": self.reviewers.data, "among": among}


class RulingRow(PartForm):
    person_id = wtforms.HiddenField()
    ruling = wtforms.SelectField(
        lazy_gettext("For this idea"),
        choices=options(
            [
                ("", lazy_gettext("As suggested")),
                ("pin", lazy_gettext("Has to review it")),
                ("forbid", lazy_gettext("Not this member")),
            ]
        ),
        validate_choice=False,
    )


class RulingsForm(Form):
    version = VersionField()
    members = wtforms.FieldList(wtforms.FormField(RulingRow), max_entries=500)

    @classmethod
    def of(cls, people: Iterable[int], ruled: Mapping[str, str], version: int) -> RulingsForm:
        rows = [{"person_id": person_id, "ruling": ruled.get(str(person_id), "")} for person_id in people]
        return cls.read(data={"version": version, "members": rows})

    def details(self) -> dict[str, Any]:
        typed = ((str(row.person_id.data or ""), row.ruling.data or "") for row in self.members)
        rulings = {int(number): ruling for number, ruling in typed if number.isascii() and number.isdigit()}
        return {"rulings": rulings}
