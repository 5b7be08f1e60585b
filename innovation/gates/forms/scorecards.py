"""A gate's scorecard as a form: one set of fields for each criterion, made from the definition."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import wtforms

from innovation.db import whole_number
from innovation.forms import Form, at_most
from innovation.gates.forms.words import options, trimmed
from innovation.gates.models import Condition, Score, Scorecard, ScorecardCopy
from innovation.gates.terms import Entry
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, spoken
from workflows import Criterion, Gate, Mark, scoring

ANSWERS = [("yes", lazy_gettext("Yes")), ("no", lazy_gettext("No")), ("unsure", lazy_gettext("Unsure"))]
FIXABLE = [("yes", lazy_gettext("It can be fixed")), ("no", lazy_gettext("It cannot"))]
NOT_APPLICABLE = "na"


class ScorecardForm(Form):
    """``musts`` and ``shoulds`` pair each criterion with its fields; a draft is kept without being checked."""

    feedback = wtforms.TextAreaField(lazy_gettext("Feedback to the team"), [at_most(3000)], filters=[trimmed])
    note = wtforms.TextAreaField(lazy_gettext("Private note to the chair"), [at_most(3000)], filters=[trimmed])
    change_reason = wtforms.TextAreaField(lazy_gettext("Why do you change it?"), [at_most(1000)], filters=[trimmed])
    revision_id = wtforms.HiddenField()

    gate: Gate
    earlier: Scorecard | None = None
    must_criteria: tuple[Criterion, ...] = ()
    should_criteria: tuple[Criterion, ...] = ()

    @property
    def musts(self) -> list[tuple[Criterion, Any, Any, Any]]:
        return [
            (criterion, self[f"m{n}_answer"], self[f"m{n}_fixable"], self[f"m{n}_comment"])
            for n, criterion in enumerate(self.must_criteria)
        ]

    @property
    def shoulds(self) -> list[tuple[Criterion, Any, Any]]:
        return [
            (criterion, self[f"s{n}_mark"], self[f"s{n}_comment"]) for n, criterion in enumerate(self.should_criteria)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask for each answer and mark at its own field; the command asks for the same."""
        super().validate(extra_validators)
        for _criterion, answer, fixable, _note in self.musts:
            if not answer.data:
                answer.errors = [_("Answer Yes, No or Unsure.")]
            elif answer.data == "no" and not fixable.data:
                fixable.errors = [_("You say No. Say whether it can be fixed.")]
        for _criterion, mark, _note in self.shoulds:
            if not mark.data:
                mark.errors = [_("Give a mark, or say that it does not apply.")]
        return not self.errors

    @property
    def revision_read(self) -> int | None:
        """The revision that stood beside the form."""
        return whole_number(self.revision_id.data or "")

    @property
    def marked(self) -> list[scoring.Marks]:
        """The marks so far; None for what does not apply."""
        return [scoring.Marks(criterion.key, _mark(mark.data)) for criterion, mark, _note in self.shoulds if mark.data]

    @property
    def total(self) -> float | None:
        """The member's own total so far, of 100; what does not apply leaves the weights."""
        return scoring.member_total(self.gate, scoring.Card(marks=tuple(self.marked)))

    def before(self, key: str) -> str | None:
        """What the member put down for a criterion in the round before, as the value of its field; else None."""
        score = next((each for each in self.earlier.scores if each.criterion == key), None) if self.earlier else None
        return (score.answer or _shown(score)) if score else None

    def details(self) -> dict[str, Any]:
        entries = [
            Entry(c.key, answer.data or None, {"yes": True, "no": False}.get(fixable.data), comment=comment.data or "")
            for c, answer, fixable, comment in self.musts
        ]
        entries += [
            Entry(c.key, mark=_mark(mark.data), not_applicable=mark.data == NOT_APPLICABLE, comment=comment.data or "")
            for c, mark, comment in self.shoulds
        ]
        texts = {name: self[name].data or "" for name in ("feedback", "note", "change_reason")}
        return {"entries": entries, **texts}


def scorecard_form(
    gate: Gate,
    conditions: Iterable[Condition],
    card: Scorecard | None = None,
    *,
    earlier: Scorecard | None = None,
    revision_id: int | None = None,
) -> ScorecardForm:
    """The form of a gate, with open conditions as further must-meets, filled in from a card.

    Without one it begins as the member's card of the round before, ``earlier``; its texts were for that round.
    """
    musts = (*gate.must, *(_as_criterion(condition) for condition in conditions))
    made = _class_for(musts, gate.should, gate.marks, spoken())
    form = made.read()  # a question left open stays open: it takes no mark from a draft of another tab
    if not form.was_sent:
        values = _values(musts, gate.should, card or earlier)
        texts = {"note": "", "feedback": ""} if card is None else {}
        form = made.read(data={**values, **texts, "revision_id": revision_id or ""})
    form.gate, form.earlier = gate, earlier
    return form


@lru_cache(maxsize=256)
def _class_for(
    musts: tuple[Criterion, ...], shoulds: tuple[Criterion, ...], scale: tuple[Mark, ...], _language: str
) -> type[ScorecardForm]:
    """Made once, since a class of thirty fields takes longer than the rest of a request."""
    fields: dict[str, Any] = {"must_criteria": musts, "should_criteria": shoulds}
    marks = [*((str(mark.value), mark.label) for mark in scale), (NOT_APPLICABLE, _("Does not apply here"))]
    for n, criterion in enumerate(musts):
        fields[f"m{n}_answer"] = _choice(_(criterion.name), ANSWERS)
        fields[f"m{n}_fixable"] = _choice(lazy_gettext("Can it be fixed?"), FIXABLE)
        fields[f"m{n}_comment"] = _comment()
    for n, criterion in enumerate(shoulds):
        fields[f"s{n}_mark"] = _choice(_(criterion.name), marks)
        fields[f"s{n}_comment"] = _comment()
    return type("GateScorecardForm", (ScorecardForm,), fields)


def card_of_copy(copy: ScorecardCopy) -> Scorecard:
    """A copy as a card to read; it belongs to no seat and is never written."""
    content = copy.content
    return Scorecard(scores=[Score(**values) for values in content["entries"]], **content["texts"])


class _Choice(wtforms.RadioField):
    """One of a few that are the same for everybody; a card has a dozen, so each is checked by its code alone."""

    def pre_validate(self, form: Any) -> None:
        offered: Any = self.choices
        if self.data not in [choice.value for choice in offered]:
            super().pre_validate(form)


def _choice(label: Any, choices: list[Any]) -> _Choice:
    return _Choice(label, [wtforms.validators.Optional()], choices=options(choices))


def _comment() -> wtforms.TextAreaField:
    return wtforms.TextAreaField("", [at_most(2000)], filters=[trimmed])


def _shown(score: Score) -> str | None:
    return NOT_APPLICABLE if score.not_applicable else None if score.mark is None else str(score.mark)


def _mark(value: str | None) -> int | None:
    return int(value) if value and value.lstrip("-").isascii() and value.lstrip("-").isdigit() else None


def _as_criterion(condition: Condition) -> Criterion:
    return Criterion(condition.key, condition.text, _("A condition from an earlier gate. Has it been met?"))


def _values(musts: Iterable[Criterion], shoulds: Iterable[Criterion], card: Scorecard | None) -> dict[str, Any]:
    """What a card says, as the values of the form's fields."""
    if card is None:
        return {}
    values: dict[str, Any] = {"note": card.note, "feedback": card.feedback}
    if card.submitted_at is None:
        values["change_reason"] = card.change_reason
    scores = {score.criterion: score for score in card.scores}
    for n, criterion in enumerate(musts):
        score = scores.get(criterion.key)
        if score is not None:
            fixable = {True: "yes", False: "no"}.get(score.fixable) if score.fixable is not None else None
            values |= {f"m{n}_answer": score.answer, f"m{n}_fixable": fixable, f"m{n}_comment": score.comment}
    for n, criterion in enumerate(shoulds):
        score = scores.get(criterion.key)
        if score is not None:
            values |= {f"s{n}_mark": _shown(score), f"s{n}_comment": score.comment}
    return values
