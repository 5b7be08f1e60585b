"""What becomes of a decision that is held back: it is announced, alone or with others, or taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from innovation.command import command, require_as_seen
from innovation.db import now
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.after_models import WithheldDecision
from innovation.gates.commands.deciding import carry_out, facts_for, why_not_now
from innovation.gates.commands.holding import hold_settled
from innovation.gates.commands.withholding import end
from innovation.gates.events import AnnouncementChanged, DecisionTakenBack, IdeaMovedSilently, TeamTold
from innovation.gates.models import Decision, Review
from innovation.gates.queries.sealing import full_result
from innovation.gates.terms import verdict_from_json
from innovation.permission import Actor
from workflows import Refused

NOTHING_WAITS = "There is no decision that waits to be announced."
MOST_AT_ONCE = 100
LONGEST_SUBJECT = 200
UNCHANGED: dict[str, Any] = {"subject": "", "text": "", "left_out": []}


@command(policy.may_announce_decision)
def change_announcement(
    actor: Actor, review: Review, *, subject: str, text: str, left_out: Iterable[int] = ()
) -> WithheldDecision:
    """Change what is written to whoever is told, and leave people out; empty texts stand for the usual ones."""
    withheld = _held_still(review)
    require_as_seen(withheld)
    subject, text = " ".join(subject.split()), text.strip()
    if bool(subject) != bool(text):
        raise Refused(("Give both the subject and the text, or neither.",))
    if len(subject) > LONGEST_SUBJECT:
        raise Refused(("Keep the subject shorter.",))
    wording = {"subject": subject, "text": text, "left_out": sorted(set(left_out))}
    if wording != UNCHANGED | withheld.wording:
        withheld.wording = wording
        record(actor, AnnouncementChanged(review.idea_id, review.id))
    return withheld


@command(policy.may_announce_decision)
def announce_decision(actor: Actor, review: Review) -> Decision:
    """Let the decision take effect and tell everybody whom it concerns, in one transaction."""
    withheld = _held_still(review)
    withheld.told_at = now()
    return _release(actor, review, withheld)


@command(policy.may_announce_decision)
def move_silently(actor: Actor, review: Review, *, reason: str) -> Decision:
    """Let the decision take effect without a letter to anybody, for a reason that stays on the record."""
    withheld = _held_still(review)
    if not reason.strip():
        raise Refused(("Say why nobody is told for now.",))
    withheld.silent_because = reason.strip()
    decision = _release(actor, review, withheld)
    record(actor, IdeaMovedSilently(review.idea_id, review.id))
    return decision


@command(policy.may_announce_decision)
def tell_team(actor: Actor, review: Review) -> WithheldDecision:
    """Send the letters about a decision that took effect in silence."""
    withheld = queries.silent_move(review)
    if withheld is None:
        raise Refused(("There is no decision here of which nobody was told.",))
    withheld.told_at = now()
    record(actor, TeamTold(review.idea_id, review.id))
    return withheld


@command(policy.may_list_announcements)
def announce_together(actor: Actor, reviews: list[Review]) -> list[Decision]:
    """Announce several decisions in one moment: all of them, or none with the reasons for each that cannot be."""
    if not reviews:
        raise Refused(("Choose at least one decision.",))
    if len(reviews) > MOST_AT_ONCE:
        raise Refused((f"Announce at most {MOST_AT_ONCE} at once.",))
    for review in reviews:
        policy.may_announce_decision.require(actor, review)
    against = [f"{review.idea.reference}: {why}" for review in reviews for why in reasons_against(review)]
    if against:
        raise Refused(tuple(against))
    return [announce_decision(actor, review) for review in sorted(reviews, key=lambda review: review.id)]


@command(policy.may_take_back_decision)
def take_back_decision(actor: Actor, review: Review, *, reason: str) -> WithheldDecision:
    """Open the review again before anything was announced; what was decided is kept, with why it was taken back."""
    withheld = _held_still(review)
    if not reason.strip():
        raise Refused(("Say why the panel takes its decision back.",))
    end(withheld, actor, "taken_back", reason.strip())
    review.settled_at = None
    record(actor, DecisionTakenBack(review.idea_id, review.id))
    return withheld


def reasons_against(review: Review) -> tuple[str, ...]:
    """Why the decision cannot take effect now: a date that has passed meanwhile, a team that has changed."""
    withheld = queries.withheld_decision(review)
    if withheld is None:
        return (NOTHING_WAITS,)
    verdict = verdict_from_json(withheld.content)
    return why_not_now(review, verdict, facts_for(review, verdict))


def _held_still(review: Review) -> WithheldDecision:
    hold_settled(review)
    withheld = queries.withheld_decision(review)
    if withheld is None:
        raise Refused((NOTHING_WAITS,))
    return withheld


def _release(actor: Actor, review: Review, withheld: WithheldDecision) -> Decision:
    """Make it the decision: as it was written down, by whom and when, whatever the scores would say today."""
    against = reasons_against(review)
    if against:
        raise Refused(against)
    verdict, basis = verdict_from_json(withheld.content), withheld.basis
    result = full_result(review, tuple(queries.open_conditions(review.idea)))
    decision = carry_out(actor, review, verdict, result, facts_for(review, verdict))
    decision.decided_by_id, decision.decided_at = withheld.decided_by_id, withheld.decided_at
    decision.recommended, decision.recommended_because = basis["recommended"], basis["because"]
    decision.total = basis["total"]
    decision.against_reason = verdict.against_reason if basis["recommended"] not in (None, verdict.outcome) else ""
    if basis["signed_by"]:
        decision.details = {**decision.details, "signed_by": basis["signed_by"]}
    review.settled_at = None
    end(withheld, actor, "announced", "")
    withheld.decision_id = decision.id
    return decision
