"""Forms for playbooks: a version in rows that need no scripts, and the language of the next one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import wtforms

from innovation.forms import Form, IntegerField, MoneyField, VersionField, at_most, choices, optional, required, strip
from innovation.ideas.forms.answers import Number
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.replication import contents
from innovation.replication.codes import LANGUAGES, LICENCES
from innovation.replication.models import PlaybookVersion

MOST_ROWS = 60
LONG = 6000


def line(label: Any, length: int = 200) -> Any:
    return wtforms.StringField(label, optional(at_most(length)), filters=[strip])


def text(label: Any, help: Any = "", length: int = LONG) -> Any:
    return wtforms.TextAreaField(label, optional(at_most(length)), filters=[strip], description=help)


class PartForm(Form):
    key = wtforms.HiddenField()
    name = line(lazy_gettext("Part"), 140)
    what = text(lazy_gettext("What is done"), length=2000)
    core = wtforms.SelectField(
        lazy_gettext("Core or adaptable"),
        choices=lambda: choices([("core", _("Core")), ("adaptable", _("Adaptable"))]),
        default="core",
    )
    how = text(lazy_gettext("How it may be adapted"), length=2000)


class StepForm(Form):
    do = text(lazy_gettext("What is done"), length=2000)
    who = line(lazy_gettext("Who"), 80)
    time = line(lazy_gettext("How long"), 80)


class MaterialForm(Form):
    item = line(lazy_gettext("What is needed"))
    number = line(lazy_gettext("How much"), 80)


class TrainingForm(Form):
    who = line(lazy_gettext("Who is trained"), 80)
    hours = Number(lazy_gettext("Hours"), optional(), places=None)
    what = line(lazy_gettext("In what"))


class CostForm(Form):
    item = line(lazy_gettext("Ingredient"))
    number = Number(lazy_gettext("How many"), optional(), places=None)
    unit = line(lazy_gettext("Unit"), 40)
    cents = MoneyField(lazy_gettext("Price of one"), optional())


def _rows(form: type[Form], label: Any, least: int = 2) -> Any:
    return wtforms.FieldList(wtforms.FormField(form), label, min_entries=least, max_entries=MOST_ROWS)


class WritingForm(Form):
    """A version of a playbook as it is written; kept, or kept and published where the answer says so."""

    version = VersionField()
    title = wtforms.StringField(lazy_gettext("Title"), [*required(), at_most(140)], filters=[strip])
    who_for = text(lazy_gettext("Who it is for"))
    before = text(lazy_gettext("Before you start"), lazy_gettext("What must be there, agreed or allowed."))
    time = line(lazy_gettext("How much time it takes"))
    parts = _rows(PartForm, lazy_gettext("Parts"))
    steps = _rows(StepForm, lazy_gettext("Steps, in order"), 3)
    materials = _rows(MaterialForm, lazy_gettext("Materials"))
    training = _rows(TrainingForm, lazy_gettext("Training"))
    costs = _rows(CostForm, lazy_gettext("Costs"), 3)
    reaches = IntegerField(
        lazy_gettext("For how many people the costs are counted"),
        optional(wtforms.validators.NumberRange(1, 10_000_000)),
    )
    mistakes = text(lazy_gettext("Common mistakes"), lazy_gettext("One in each line."))
    licence = wtforms.SelectField(lazy_gettext("Licence"), choices=lambda: choices(LICENCES.items()))
    changes = text(lazy_gettext("Why there is another version"), length=2000)
    answer = wtforms.StringField(lazy_gettext("Answer"), optional())

    def add_row(self, name: str) -> None:
        """One more empty row of a table."""
        rows: Any = getattr(self, name, None) if name in contents.KINDS else None
        if rows is not None and len(rows.entries) < MOST_ROWS:
            rows.append_entry()

    def details(self) -> dict[str, Any]:
        rows = {name: list(_filled(getattr(self, name).entries)) for name in contents.KINDS}
        rows["parts"] = [_part(row) for row in rows["parts"]]
        texts = {name: getattr(self, name).data or "" for name in contents.TEXTS}
        return {"rows": rows, "reaches": self.reaches.data, "changes": self.changes.data or "", **texts}


def _filled(entries: Iterable[Any]) -> Iterable[dict[str, Any]]:
    """The rows in which something was typed; what was left empty in them is what it is without it."""
    for entry in entries:
        row = {name: value for name, value in entry.form.data.items() if value not in (None, "")}
        row = {
            name: float(value) if name in ("number", "hours") and not isinstance(value, str) else value
            for name, value in row.items()
        }
        if set(row) - {"key", "core"}:
            first = next(iter(name for name in entry.form.data if name != "key"))
            yield {first: ""} | row


def _part(row: dict[str, Any]) -> dict[str, Any]:
    key = str(row.get("key", ""))
    return row | {"key": int(key) if key.isascii() and key.isdigit() else None, "core": row.get("core") != "adaptable"}


def written(version: PlaybookVersion) -> dict[str, Any]:
    """What the form begins with."""
    content = contents.read(version.content)
    rows: dict[str, Any] = {name: [_typed(row) for row in getattr(content, name)] for name in contents.KINDS}
    for part in rows["parts"]:
        part["core"] = "core" if part["core"] else "adaptable"
    texts = {name: getattr(version, name) for name in (*contents.TEXTS, "changes", "version")}
    return {**texts, **rows, "reaches": content.reaches}


def _typed(row: Any) -> dict[str, Any]:
    """A row with its numbers as somebody types them: 12 and not 12.0."""
    return {k: Decimal(f"{v:.15g}") if isinstance(v, float) else v for k, v in vars(row).items()}


class NextVersionForm(Form):
    """The language of another version, and what it begins with."""

    language = wtforms.SelectField(lazy_gettext("Language"), choices=lambda: choices(LANGUAGES.items()))
    based_on = wtforms.SelectField(lazy_gettext("Begin with"), choices=(), validate_choice=True)

    def offer(self, found: Iterable[PlaybookVersion]) -> NextVersionForm:
        listed = [
            (
                str(each.number),
                _("Version %(number)s, %(language)s", number=each.number, language=LANGUAGES[each.language]),
            )
            for each in found
        ]
        self.based_on.choices = choices([("", _("The newest one of its language")), *listed])
        return self

    def details(self) -> dict[str, Any]:
        return {"language": self.language.data, "based_on": int(self.based_on.data) if self.based_on.data else None}
