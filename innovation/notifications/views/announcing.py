"""Decisions that are held back: each with who is told and what they read, announced alone or with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.accounts.models import Person
from innovation.db import whole_number
from innovation.gates import commands as gates_commands
from innovation.gates import policy
from innovation.gates import queries as gates
from innovation.gates.after_models import WithheldDecision
from innovation.gates.forms import OUTCOME_TONES
from innovation.gates.models import Review
from innovation.gates.views.blueprint import read_day
from innovation.languages import gettext as _
from innovation.notifications import commands, messages, recipients
from innovation.notifications.forms import LetterForm, ReasonForm, TogetherForm
from innovation.notifications.post import write
from innovation.notifications.views.blueprint import bp
from innovation.permission import NotThere
from innovation.values import dataclass
from innovation.web import me, today


@dataclass(frozen=True)
class Shown:
    """A decision that is held back, as it will be told."""

    withheld: WithheldDecision
    people: list[Person]
    subject: str
    text: str
    against: tuple[str, ...]


@bp.get("/announcements")
def announcements() -> Any:
    policy.may_list_announcements.require(me())
    found = gates.list_withheld(me())
    held_back = [each for each in found if each.ended_at is None]
    silent = [each for each in found if each.ended_at is not None]
    page: dict[str, Any] = {"held_back": held_back, "silent": silent, "today": today(), "outcome_tones": OUTCOME_TONES}
    page["asked"] = gates.list_reconsiderations(me())
    return render_template("notifications/announcements.html", **page)


@bp.route("/announcements/letters", methods=["GET", "POST"])
def letters() -> Any:
    """What is sent for each of the chosen decisions, and the button that sends it."""
    policy.may_list_announcements.require(me())
    form = TogetherForm.read()
    asked = form.review.data if form.was_sent else [whole_number(value) for value in request.args.getlist("review")]
    reviews = gates.reviews_to_announce(me(), [each for each in asked or () if each is not None])
    if form.submit_to(commands.announce_together, me(), reviews):
        flash(_("The decisions are announced, and everybody whom they concern is told."))
        return redirect(url_for(".announcements"))
    shown = [_shown(_waiting(review)) for review in reviews[: gates_commands.MOST_AT_ONCE]]
    page = {"form": form, "shown": shown, "outcome_tones": OUTCOME_TONES}
    return render_template("notifications/letters.html", **page), form.status


@bp.route("/reviews/<int:review_id>/announcement", methods=["GET", "POST"])
def announcement(review_id: int) -> Any:
    review, withheld = _find(review_id)
    form = _letter_of(review, withheld)
    if withheld.ended_at is None and form.submit_to(gates_commands.change_announcement, me(), review):
        flash(_("The letter is changed."))
        return redirect(url_for(".announcement", review_id=review.id))
    return _announcement(review, withheld, form)


@bp.post("/reviews/<int:review_id>/announcement/sending")
def announce(review_id: int) -> Any:
    """Announce the decision with the letter as it stands in the form, kept or not."""
    review, withheld = _find(review_id)
    form = _letter_of(review, withheld)
    if withheld.ended_at is not None:
        commands.tell_team(me(), review)
    elif not form.submit_to(commands.announce, me(), review):
        return _announcement(review, withheld, form)
    flash(_("The decision is announced."))
    return redirect(url_for("gates.outcome", review_id=review.id))


def _letter_of(review: Review, withheld: WithheldDecision) -> LetterForm:
    people = recipients.of_decision(review)
    usual = write(messages.decision_usually(withheld), _reader(review))
    subject, text = withheld.wording.get("subject") or usual[0], withheld.wording.get("text") or usual[1]
    told = [person.id for person in people if person.id not in withheld.left_out]
    values = {"version": review.version, "subject": subject, "text": text, "told": told}
    return LetterForm.read(data=values).offer(people, usual)


def _announcement(review: Review, withheld: WithheldDecision, form: LetterForm) -> Any:
    page: dict[str, Any] = {"review": review, "idea": review.idea, "gate": review.gate, "withheld": withheld}
    page |= {"form": form, "outcome_tones": OUTCOME_TONES, "read_day": read_day, "today": today()}
    page["against"] = gates_commands.reasons_against(review) if withheld.ended_at is None else ()
    return render_template("notifications/announcement.html", **page), form.status


@bp.route("/reviews/<int:review_id>/announcement/silence", methods=["GET", "POST"])
def silence(review_id: int) -> Any:
    return _with_reason(
        review_id, "silence", gates_commands.move_silently, _("The idea has moved. No letter was sent.")
    )


@bp.route("/reviews/<int:review_id>/announcement/reversal", methods=["GET", "POST"])
def reversal(review_id: int) -> Any:
    done = _("The decision is taken back. The review is open again.")
    return _with_reason(review_id, "reversal", gates_commands.take_back_decision, done)


def _with_reason(review_id: int, what: str, command: Callable[..., Any], done: str) -> Any:
    review, withheld = _find(review_id)
    if withheld.ended_at is not None:  # it has moved in silence meanwhile: somebody came with Back, or pressed twice
        back = ".announcement" if request.method == "GET" else "gates.review"
        return redirect(url_for(back, review_id=review.id))
    command.policy.require(me(), review)  # type: ignore[attr-defined]
    form = ReasonForm.read(version=review.version)
    if form.submit_to(command, me(), review):
        flash(done)
        return redirect(url_for("gates.review", review_id=review.id))
    page = {"review": review, "idea": review.idea, "withheld": withheld, "form": form, "what": what}
    return render_template("notifications/withheld.html", **page), form.status


def _find(review_id: int) -> tuple[Review, WithheldDecision]:
    """A review with what is held back there, or took effect in silence; ``NotThere`` for whoever may not know."""
    review = gates.find_review(me(), review_id)
    policy.may_announce_decision.require(me(), review)
    withheld = gates.panel_view(me(), review).withheld or gates.silent_move(review)
    if withheld is None:
        raise NotThere
    return review, withheld


def _waiting(review: Review) -> WithheldDecision:
    withheld = gates.withheld_decision(review)
    if withheld is None:
        raise NotThere
    return withheld


def _shown(withheld: WithheldDecision) -> Shown:
    review, people = withheld.review, commands.told_of(me(), withheld)
    letter = messages.decision_announced(withheld)
    against = gates_commands.reasons_against(review) + (() if people else (commands.TELLS_NOBODY,))
    return Shown(withheld, people, *write(letter, _reader(review)), against)


def _reader(review: Review) -> Person:
    """In whose language a letter is shown before it is sent."""
    return review.idea.owner
