"""Forms of a review after the hand-over: its figures, how it ends, and the filter of the list of all."""

from __future__ import annotations

from typing import Any, Self

import wtforms
from wtforms import validators

from innovation.forms import Form, IntegerField, MoneyField, VersionField, at_most, choices, optional, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.replication.forms.playbooks import text
from innovation.replication.forms.rollouts import count
from innovation.replication.queries import AfterFilters
from innovation.replication.system_codes import OUTCOMES
from workflows import Words


def share(label: Any) -> Any:
    return IntegerField(label, optional(validators.NumberRange(0, 100)))


class FiguresForm(Form):
    version = VersionField()
    running = wtforms.RadioField(
        lazy_gettext("Is it still running?"),
        required(),
        choices=lambda: choices([("yes", _("Yes")), ("no", _("No"))]),
    )
    sites = count(lazy_gettext("Sites"))
    learners = count(lazy_gettext("People reached there"))
    teachers = count(lazy_gettext("People who do it there"))
    cost_each_cents = MoneyField(lazy_gettext("Cost for each person in a year"), optional())
    spent_cents = MoneyField(lazy_gettext("Budget spent since the last look"), optional())
    fidelity = share(lazy_gettext("Fidelity: done as the playbook says, of 100"))
    fidelity_sites = count(lazy_gettext("Looked at on how many sites"))
    unintended = text(
        lazy_gettext("What happened that nobody wanted or expected"),
        lazy_gettext("Good and bad; for whom. No names."),
        4000,
    )
    lessons = text(lazy_gettext("What others should know"), length=4000)

    def offer(self, words: Words) -> Self:
        self.sites.label.text, self.learners.label.text = _(words.sites), _(words.reached)
        self.cost_each_cents.label.text = _(words.cost)
        return self

    def details(self) -> dict[str, Any]:
        return super().details() | {"running": {"yes": True, "no": False}.get(self.running.data)}


class OutcomeForm(Form):
    """Decided with an outcome; where the answer says so, the figures are returned instead."""

    version = VersionField()
    outcome = wtforms.RadioField(
        lazy_gettext("How it stands"),
        optional(),
        choices=lambda: choices((key, word[0]) for key, word in OUTCOMES.items()),
    )
    reasons = wtforms.TextAreaField(
        lazy_gettext("Reasons"),
        [*required(), at_most(4000)],
        filters=[strip],
        description=lazy_gettext("Write for those who run it: what convinced you, and what must not be lost."),
    )
    answer = wtforms.StringField(lazy_gettext("Answer"), optional())

    @property
    def returns(self) -> bool:
        return bool(self.answer.data == "return")

    def details(self) -> dict[str, Any]:
        said = {"reasons": self.reasons.data or ""}
        return said if self.returns else said | {"outcome": self.outcome.data or ""}


class AfterFilterForm(Form):
    q = wtforms.StringField(lazy_gettext("Search"), filters=[strip])
    outcome = wtforms.SelectField(
        lazy_gettext("Last review"),
        choices=lambda: choices(
            [("", _("Any")), *((key, word[0]) for key, word in OUTCOMES.items()), ("none", _("None yet"))]
        ),
    )
    due = wtforms.SelectField(
        lazy_gettext("Next review"),
        choices=lambda: choices(
            [("", _("Any day")), ("overdue", _("Overdue")), ("soon", _("Within 60 days")), ("later", _("Later"))]
        ),
    )
    handover = wtforms.SelectField(
        lazy_gettext("Hand-over"),
        choices=lambda: choices([("", _("Any")), ("done", _("Handed over")), ("open", _("Not yet"))]),
    )

    def filters(self) -> AfterFilters:
        """What makes no sense narrows nothing."""
        selects: tuple[wtforms.SelectField, ...] = (self.outcome, self.due, self.handover)
        chosen = {each.name: _known(each) for each in selects}
        return AfterFilters(q=self.q.data or "", **chosen)


def _known(field: wtforms.SelectField) -> str:
    known = {str(getattr(choice, "value", "")) for choice in field.iter_choices()}
    return str(field.data) if field.data in known else ""
