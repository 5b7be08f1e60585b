"""The forms by which ideas are moved to another version: which versions, and what becomes of each key that is gone."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, choices
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.programmes.draft_forms import version_choices
from innovation.programmes.models import WorkflowVersion
from workflows import Definition, moving

GIVE_UP = "-"


class VersionsForm(Form):
    """From which version to which."""

    old = wtforms.SelectField(lazy_gettext("From"), coerce=int)
    new = wtforms.SelectField(lazy_gettext("To"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old.choices = self.new.choices = version_choices()


class PlanForm(Form):
    """What becomes of each key that the newer version lacks."""

    asked: tuple[tuple[str, str], ...] = ()

    def details(self) -> dict[str, Any]:
        return {"said": self.said()}

    def said(self) -> dict[str, dict[str, str]]:
        """The choices made, by part and older key."""
        found: dict[str, dict[str, str]] = {}
        for part, key in self.asked:
            chosen = self[f"{part}.{key}"].data
            if chosen:
                found.setdefault(part, {})[key] = moving.GIVEN_UP if chosen == GIVE_UP else chosen
        return found

    def of(self, part: str) -> list[Any]:
        return [self[f"{asked}.{key}"] for asked, key in self.asked if asked == part]


def plan_form(old: WorkflowVersion, new: WorkflowVersion) -> type[PlanForm]:
    """The form for two versions: it asks nothing where every key is there."""
    plan = moving.Plan(old.definition, new.definition)
    asked = [
        (part, key, name) for part in moving.PARTS for key, name in _titled(plan.old, part, plan.missing(part)).items()
    ]
    made: dict[str, Any] = {"asked": tuple((part, key) for part, key, _name in asked)}
    for part, key, name in asked:
        offered = _titled(plan.new, part, moving.named(plan.new, part)).items()
        pairs = [("", _("Choose one")), *offered, (GIVE_UP, _("Give it up"))]
        made[f"{part}.{key}"] = wtforms.SelectField(name, choices=choices(pairs))
    return type("MovePlanForm", (PlanForm,), made)


def _titled(definition: Definition, part: str, names: dict[str, str]) -> dict[str, str]:
    """Names to choose by: criteria of several gates may be called the same, so each says its gate."""
    if part != "criteria":
        return {key: _(name) for key, name in names.items()}
    gates = {item.key: gate.name for gate in definition.gates for item in gate.criteria}
    return {key: f"{_(name)} ({_(gates[key])})" for key, name in names.items()}
