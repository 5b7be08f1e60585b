"""Forms for incidents: what happened, who was told outside, and how it was settled. Names are asked for nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import wtforms

from innovation.forms import Form, at_most, choices, optional, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.incidents import BODIES, KINDS, SEVERITIES, body_names
from innovation.pilots.queries import Visitable
from innovation.pilots.visit_models import PilotVisit
from workflows import Words

WITHOUT_NAMES = lazy_gettext("Without names: write “a learner”, “a coach”. Whoever needs the name asks you.")
WHERE = lazy_gettext("Where")


def _long(label: Any, rules: list[Any], help: Any = "") -> wtforms.TextAreaField:
    return wtforms.TextAreaField(label, [*rules, at_most(2000)], filters=[strip], description=help)


class ToldForm(Form):
    """The day beside whoever was told outside."""

    told_site = wtforms.DateField(lazy_gettext("Site"), optional())
    told_district = wtforms.DateField(lazy_gettext("District office"), optional())
    told_police = wtforms.DateField(lazy_gettext("Police"), optional())
    told_social_worker = wtforms.DateField(lazy_gettext("Social worker"), optional())
    told_regulator = wtforms.DateField(lazy_gettext("Information Regulator"), optional())

    @property
    def told_fields(self) -> list[Any]:
        return [self[f"told_{body}"] for body in BODIES]

    def speak(self, words: Words) -> ToldForm:
        """The same form in the words of the programme."""
        for body, name in body_names(words).items():
            self[f"told_{body}"].label.text = name
        return self

    def details(self) -> dict[str, Any]:
        told: dict[str, dt.date] = {body: day for body in BODIES if (day := self[f"told_{body}"].data)}
        rest = {name: value for name, value in super().details().items() if not name.startswith("told_")}
        return {**rest, "told": told}


class IncidentForm(ToldForm):
    happened_on = wtforms.DateField(lazy_gettext("Day on which it happened"), required())
    site_id = wtforms.SelectField(WHERE, optional())
    kind = wtforms.SelectField(lazy_gettext("What kind"), required(), choices=[])
    severity = wtforms.RadioField(lazy_gettext("How bad"), required(), choices=[])
    what = _long(lazy_gettext("What happened"), required(), WITHOUT_NAMES)
    done = _long(lazy_gettext("What was done at once"), optional(), WITHOUT_NAMES)

    def details(self) -> dict[str, Any]:
        told = super().details()
        return {**told, "site_id": int(told["site_id"]) if told["site_id"] else None}


class SiteByName(wtforms.StringField):
    """A site of the pilot, typed by its number or name; its data is the number of the site."""

    def __init__(self, *args: Any, find: Callable[[str], int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.find = find

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = str(self.find(typed) or "") if typed else ""
        if typed and not self.data:
            raise ValueError(_("No site of the pilot has this number or name."))

    def _value(self) -> str:
        return str(self.raw_data[0] if self.raw_data else self.data or "")


def incident_form(
    sites: Sequence[Visitable] | None,
    find: Callable[[str], int | None],
    words: Words,
    today: dt.date,
    seen: PilotVisit | None = None,
) -> IncidentForm:
    """The form with the pilot's sites to choose from; of very many (None) the one is typed, and found by ``find``.

    Day and site are those of the visit at which it was seen, where there was one.
    """
    form: type[IncidentForm] = IncidentForm
    if sites is None:
        typed = SiteByName(WHERE, optional(), find=find, description=lazy_gettext("Number or name of the site."))
        form = type("WideIncidentForm", (IncidentForm,), {"site_id": typed})
    first: dict[str, Any] = {"happened_on": today}
    if seen is not None:
        first = {"happened_on": seen.visited_on, "site_id": seen.site.place if sites is None else str(seen.site_id)}
    made = form.read(data=first)
    if isinstance(made.site_id, wtforms.SelectField):
        made.site_id.choices = choices([("", _("No one place")), *((str(site.id), site.name) for site in sites or ())])
    made.kind.choices = choices([("", _("Choose")), *KINDS.items()])
    made.severity.choices = choices(SEVERITIES.items())
    made.speak(words)
    return made


class SettleForm(Form):
    found = _long(lazy_gettext("What was found"), required(), WITHOUT_NAMES)
    changes = _long(
        lazy_gettext("What changes"),
        required(),
        lazy_gettext("So that it does not happen again. The panel of the next gate reads this, without names."),
    )
    settled_on = wtforms.DateField(lazy_gettext("Settled on"), required())


class ReopenForm(Form):
    reason = _long(lazy_gettext("Why it is opened again"), required())


class GradeForm(Form):
    severity = wtforms.RadioField(lazy_gettext("How bad it was"), required(), choices=[])
    reason = _long(lazy_gettext("Why it is seen otherwise now"), required())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.severity.choices = choices(SEVERITIES.items())
