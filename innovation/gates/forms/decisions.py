"""The chair's decision as a form: every outcome of the definition, with what each requires."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Self

import wtforms
from werkzeug.datastructures import MultiDict

from innovation.db import whole_number
from innovation.forms import Form, PartForm, VersionField, at_most, optional, required
from innovation.gates.forms.words import options, trimmed
from innovation.gates.models import Review
from innovation.gates.terms import REQUIRED, ConditionTerms
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from workflows import Definition, Outcome

ROWS = 3
ROW = re.compile(r"conditions-([0-9]{1,3})-([a-z_]+)")
UNSAID = "owner_id"  # is sent with every row, whether somebody was chosen or not
LONG = [*optional(), at_most(3000)]


class ConditionRow(PartForm):
    """One condition; an empty row is left out."""

    text = wtforms.TextAreaField(lazy_gettext("What is owed"), LONG, filters=[trimmed])
    due_on = wtforms.DateField(lazy_gettext("By when"), optional())
    owner_id = wtforms.SelectField(lazy_gettext("By whom"), coerce=int, validate_choice=False)
    evidence = wtforms.StringField(lazy_gettext("What will show it"), [*optional(), at_most(300)], filters=[trimmed])
    blocking = wtforms.BooleanField(lazy_gettext("Put the idea on hold when it is overdue"))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.text.data and self.due_on.data is None and not self.due_on.errors:
            self.due_on.errors = [_("Give a date for this condition.")]
            return False
        return fine


class ConditionRows(wtforms.FieldList):  # type: ignore[type-arg]
    """Rows for conditions. One in which nothing was typed is not read; ``fill_up`` adds some to be shown.

    Other names than those of a row, such as ``conditions-x-text``, are nobody's and are left out.
    """

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(self._typed(formdata) if formdata else formdata, *args, **kwargs)

    def fill_up(self, team: Iterable[tuple[int, str]]) -> None:
        """Have ``ROWS`` rows at least, each to be owed by somebody of the team."""
        while len(self.entries) < ROWS:
            self.append_entry()
        for row in self.entries:
            row.form.owner_id.choices = options(team)

    def _typed(self, formdata: Any) -> MultiDict[str, Any]:
        """What was sent for rows in which something was typed or ticked."""
        sent = [(found, value) for name, value in formdata.items(multi=True) if (found := ROW.fullmatch(name))]
        typed = {found[1] for found, value in sent if found[2] != UNSAID and value.strip()}
        return MultiDict((found[0], value) for found, value in sent if found[1] in typed)


class EndingForm(Form):
    """How an idea ends, with what each way requires."""

    version = VersionField()
    outcome = wtforms.RadioField(lazy_gettext("Outcome"), required(lazy_gettext("Choose an outcome.")))
    rationale = wtforms.TextAreaField(
        lazy_gettext("Reasons, shared with the team"), [*required(), at_most(6000)], filters=[trimmed]
    )
    stop_reason = wtforms.SelectField(lazy_gettext("Reason for stopping"), optional())
    lesson = wtforms.TextAreaField(
        lazy_gettext("The lesson that others can learn"),
        LONG,
        filters=[trimmed],
        description=lazy_gettext(
            "What should somebody else do otherwise? No names and no marks: it is kept for others."
        ),
    )
    tried = wtforms.TextAreaField(lazy_gettext("What was tried"), LONG, filters=[trimmed])
    happened = wtforms.TextAreaField(lazy_gettext("What happened"), LONG, filters=[trimmed])
    thanks = wtforms.TextAreaField(lazy_gettext("A note of thanks to the team"), LONG, filters=[trimmed])
    merge_into = wtforms.StringField(
        lazy_gettext("Reference of the idea that it joins"), [*optional(), at_most(20)], filters=[trimmed]
    )
    refer_to = wtforms.StringField(
        lazy_gettext("The body that takes it on"), [*optional(), at_most(200)], filters=[trimmed]
    )

    requirements: tuple[Outcome, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask for what the chosen outcome requires, at its own field."""
        fine = super().validate(extra_validators)
        chosen = next((outcome for outcome in self.requirements if outcome.key == self.outcome.data), None)
        there = [self.has(key) for key in chosen.requires] if chosen else []
        return fine and all(there)

    def has(self, key: str) -> bool:
        """Whether what is required is there; its field says so when it is not."""
        if not self[key].data and not self[key].errors:
            self[key].errors = [_(REQUIRED[key])]
        return bool(self[key].data)

    def offer(self, definition: Definition, keys: Iterable[str]) -> Self:
        """Offer the outcomes with these keys, and the reasons for stopping that the definition names."""
        wanted = set(keys)
        self.requirements = tuple(outcome for outcome in definition.outcomes if outcome.key in wanted)
        self.outcome.choices = options((outcome.key, lazy_gettext(outcome.label)) for outcome in self.requirements)
        reasons = [(reason.key, lazy_gettext(reason.name)) for reason in definition.stop_reasons]
        self.stop_reason.choices = options([("", lazy_gettext("Choose a reason")), *reasons])
        return self


class DecisionForm(EndingForm):
    seen = wtforms.HiddenField()
    against_reason = wtforms.TextAreaField(
        lazy_gettext("Why the panel decides otherwise than its scores recommend"), LONG, filters=[trimmed]
    )
    plan = wtforms.TextAreaField(lazy_gettext("The plan that is approved"), LONG, filters=[trimmed])
    next_date = wtforms.DateField(lazy_gettext("Date of the next gate"), optional())
    resources = wtforms.TextAreaField(lazy_gettext("People and money committed"), LONG, filters=[trimmed])
    conditions = ConditionRows(wtforms.FormField(ConditionRow))
    target = wtforms.RadioField(lazy_gettext("Back to"), optional())
    rework = wtforms.TextAreaField(lazy_gettext("What to rework"), LONG, filters=[trimmed])
    resubmit_by = wtforms.DateField(lazy_gettext("Present it again by"), optional())
    hold_reason = wtforms.TextAreaField(lazy_gettext("What it waits for"), LONG, filters=[trimmed])
    review_date = wtforms.DateField(lazy_gettext("Look at it again on"), optional())
    announce = wtforms.RadioField(
        lazy_gettext("When it is told"),
        default="now",
        choices=options(
            [
                ("now", lazy_gettext("At once")),
                ("later", lazy_gettext("Later: hold it back, and announce it alone or with others")),
            ]
        ),
    )

    def has(self, key: str) -> bool:
        if key != "conditions":
            return super().has(key)
        if self._terms():
            return True
        first = self.rows()[0]
        if not first.form.text.errors:
            first.form.text.errors = [_(REQUIRED[key])]
            self.conditions.errors = [first.errors]  # so that the summary finds it
        return False

    def details(self) -> dict[str, Any]:
        details = super().details()
        seen = details.pop("seen")
        return {**details, "conditions": self._terms(), "seen": whole_number(seen)}

    def _terms(self) -> list[ConditionTerms]:
        return [
            ConditionTerms(
                row.text.data, row.due_on.data, row.owner_id.data, row.evidence.data or "", row.blocking.data
            )
            for row in self.conditions
            if row.text.data and row.due_on.data
        ]

    def fill(self, review: Review) -> None:
        """Offer what the definition and the idea's team allow."""
        definition, self._idea = review.idea.definition, review.idea
        self.offer(definition, (outcome.key for outcome in definition.outcomes))
        stages = [(key, lazy_gettext(review.definition.stage(key).name)) for key in review.gate.recycle_to]
        self.target.choices = options(stages)

    def rows(self) -> ConditionRows:
        """The rows for conditions as they are shown, with what was typed and some that are empty."""
        idea, field = self._idea, self.conditions
        team = [(idea.owner_id, _("%(name)s, owner", name=idea.owner.name))]
        team += [(c.person_id, c.person.name) for c in idea.contributors if c.ended_at is None]
        field.fill_up(team)
        return field


class SupersedeForm(DecisionForm):
    reason = wtforms.TextAreaField(
        lazy_gettext("Why the decision has to be changed"), [*required(), at_most(3000)], filters=[trimmed]
    )

    def details(self) -> dict[str, Any]:
        return {key: value for key, value in super().details().items() if key not in ("seen", "announce")}


class SignForm(Form):
    version = VersionField()


def decision_form(review: Review, seen: int | None = None) -> DecisionForm:
    """The decision on a review, as the chair has it before them."""
    values: dict[str, Any] = {"version": review.version, "seen": seen or ""}
    form = DecisionForm.read(data=values)
    form.fill(review)
    return form


def supersede_form(review: Review) -> SupersedeForm:
    """The decision that takes the place of the last one; it starts from what that one said."""
    before = review.decision
    values: dict[str, Any] = {"version": review.version}
    if before is not None:
        values |= {"outcome": before.outcome, "rationale": before.rationale}
    form = SupersedeForm.read(data=values)
    form.fill(review)
    return form
