"""Who is told what a panel has decided, and what becomes of conditions."""

from __future__ import annotations

from collections.abc import Callable

from innovation.db import db
from innovation.events import Event
from innovation.gates import queries as gates
from innovation.gates.after_models import Reconsideration, WithheldDecision
from innovation.gates.models import Condition, Decision
from innovation.ideas.models import Idea
from innovation.notifications import messages, post, recipients
from innovation.notifications.post import Letter
from innovation.notifications.telling.parts import idea_of, review_of, tell, thing_of


def ask_to_sign(event: Event) -> None:
    review = review_of(event)
    people = recipients.seated(review, [seat.id for seat in review.signers])
    tell(event, "sign", people, messages.decision_proposed(review))


def tell_decision(event: Event) -> None:
    """By the letter that was seen before, where it was held back; not at all where it took effect in silence."""
    decision = _decision(event)
    withheld = gates.withheld_of(decision) if decision else None
    if withheld is None:
        _tell_outcome(event, messages.decision_recorded)
    elif not withheld.silent_because:
        _announce(event, withheld)


def tell_at_last(event: Event) -> None:
    """The letters about a decision that took effect in silence."""
    decision = review_of(event).decision
    withheld = gates.withheld_of(decision) if decision else None
    if withheld is not None:
        _announce(event, withheld)


def _announce(event: Event, withheld: WithheldDecision) -> None:
    people = [each for each in recipients.of_decision(withheld.review) if each.id not in withheld.left_out]
    tell(event, "decision", people, messages.decision_announced(withheld))


def tell_new_decision(event: Event) -> None:
    _tell_outcome(event, messages.decision_superseded)


def _tell_outcome(event: Event, letter: Callable[[Decision], Letter]) -> None:
    decision = _decision(event)
    if decision is None:
        return
    tell(event, "decision", recipients.of_decision(decision.review), letter(decision))


def _decision(event: Event) -> Decision | None:
    """The decision that stands for the review now; None once it was superseded by another outcome."""
    decision = review_of(event).decision
    return decision if decision and decision.outcome == event.data["outcome"] else None


def ask_to_reconsider(event: Event) -> None:
    """Whoever may answer, and the coordinators; nobody twice."""
    asked: Reconsideration = thing_of(event, Reconsideration, "reconsideration_id")
    if asked.state != "asked":
        return
    able, coordinators = recipients.answering(asked), recipients.coordinators(asked.idea)
    letter = messages.reconsideration(asked, "reconsideration_asked")
    for person in [*able, *coordinators]:
        if person.id != event.actor_id:
            post.notify(person, letter, why=f"reconsideration:{asked.id}", at=event.at)
    if not able:
        letter = messages.reconsideration(asked, "reconsideration_unanswered")
        for person in coordinators:
            post.notify(person, letter, why=f"unanswered:reconsideration:{asked.id}:{asked.version}", at=event.at)


def tell_reconsidered(event: Event) -> None:
    """The team and the coordinators; a new decision is told by its own letter besides."""
    asked: Reconsideration = thing_of(event, Reconsideration, "reconsideration_id")
    people = [*recipients.team(asked.idea), *recipients.coordinators(asked.idea)]
    tell(event, "reconsidered", people, messages.reconsideration(asked, "reconsideration_answered"))


def tell_joined(event: Event) -> None:
    idea, other = idea_of(event), db.session.get_one(Idea, event.data["from_id"])
    tell(event, "joined", recipients.team_beside(idea, other), messages.idea_joined(idea, other))


def ask_to_check(event: Event) -> None:
    found = _condition(event)
    people = recipients.who_runs(found.idea)
    tell(event, "check", people, messages.condition(found, "condition_offered"))


def tell_condition_met(event: Event) -> None:
    found = _condition(event)
    tell(event, "met", recipients.team(found.idea), messages.condition(found, "condition_met"))


def tell_condition_waived(event: Event) -> None:
    found = _condition(event)
    tell(event, "waived", recipients.team(found.idea), messages.condition(found, "condition_waived"))


def tell_due_date_moved(event: Event) -> None:
    found = _condition(event)
    tell(event, "moved", recipients.team(found.idea), messages.condition_moved(found))


def tell_condition_returned(event: Event) -> None:
    found = _condition(event)
    tell(event, "returned", recipients.team(found.idea), messages.condition(found, "condition_returned"))


def tell_held(event: Event) -> None:
    found = _condition(event)
    people = [*recipients.team(found.idea), *recipients.coordinators(found.idea)]
    tell(event, "held", people, messages.condition(found, "held_for_condition"))


def _condition(event: Event) -> Condition:
    found: Condition = thing_of(event, Condition, "condition_id", Condition.idea)
    return found
