"""Recording what a panel decides, with everything that follows from it, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record, record_all
from innovation.gates import policy, queries
from innovation.gates.after_models import WithheldDecision
from innovation.gates.commands.convening import close_seats, end_access
from innovation.gates.commands.holding import hold_still
from innovation.gates.commands.learning import learn
from innovation.gates.commands.naming import show_names
from innovation.gates.commands.resting import rest_on
from innovation.gates.commands.withholding import withhold
from innovation.gates.deadlines import today_of
from innovation.gates.events import (
    ConditionMet,
    ConditionWaived,
    DecisionProposed,
    DecisionSuperseded,
    GateDecided,
    IdeaJoined,
    IdeaParted,
)
from innovation.gates.models import Condition, Decision, Proposal, Review
from innovation.gates.queries.finding import READING_DAYS
from innovation.gates.queries.sealing import counting_cards, full_result, newest_card_id
from innovation.gates.terms import AtTable, ConditionTerms, Verdict, verdict_from_json, verdict_of
from innovation.ideas import moves
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Contributor, Idea
from innovation.permission import Actor, NotThere
from innovation.rows import insert_all, update_all
from workflows import CONDITION, REVIEW, UNDER_WAY, JourneyFacts, Outcome, Refused, State
from workflows.scoring import PanelResult

CAME_IN = "A scorecard came in while you were deciding. Look at the panel's scores again, then decide."
LOOKED_AT = "The owner has asked that this decision be looked at again. Whoever looks at it answers first."


@command(policy.may_record_decision)
def record_decision(
    actor: Actor,
    review: Review,
    *,
    outcome: str,
    rationale: str,
    against_reason: str = "",
    conditions: Iterable[ConditionTerms] = (),
    seen: int | None = None,
    announce: str = "now",
    at_table: AtTable | None = None,
    **details: Any,
) -> Decision | WithheldDecision | Proposal:
    """Close the review with the panel's decision and send the idea where it leads; with two co-chairs, sign first.

    ``announce`` "later" holds the decision back. ``at_table`` comes from the meeting at which it is made. ``details``
    are what the outcome requires: plan, next_date, target ..
    """
    hold_still(review)
    verdict = verdict_of(_outcome(review, outcome), rationale, against_reason, conditions, details)
    verdict = replace(verdict, announce="later" if announce == "later" else "now", at_table=at_table)
    _require_table(review, verdict)
    result, facts = _result_for(actor, review, seen), facts_for(review, verdict)
    _require(review, verdict, result, facts)
    if len(review.signers) > 1:
        return _propose(actor, review, verdict)
    if verdict.announce == "later":
        return _withhold(actor, review, verdict, result, ())
    return carry_out(actor, review, verdict, result, facts)


@command(policy.may_record_decision)
def sign_decision(actor: Actor, review: Review, *, seen: int | None = None) -> Decision | WithheldDecision:
    """Sign what the other co-chair has put forward, which makes it the decision."""
    hold_still(review)
    proposal = review.proposal
    if proposal is None:
        raise Refused(("There is no decision that waits for a signature.",))
    if proposal.made_by_id == actor.person_id:
        raise Refused(("You have signed already. The other co-chair has to sign as well.",))
    if proposal.made_by_id not in {seat.person_id for seat in review.leading}:
        raise Refused(("The co-chair who put this forward no longer sits. Record the decision anew.",))
    verdict = verdict_from_json(proposal.content)
    _require_table(review, verdict)
    result, facts = _result_for(actor, review, seen), facts_for(review, verdict)
    _require(review, verdict, result, facts)
    proposal.ended_at = now()
    signers = (proposal.made_by_id, actor.person_id)
    if verdict.announce == "later":
        return _withhold(actor, review, verdict, result, signers)
    decision = carry_out(actor, review, verdict, result, facts)
    decision.details = {**decision.details, "signed_by": list(signers)}
    return decision


@command(policy.may_supersede_decision)
def supersede_decision(
    actor: Actor,
    review: Review,
    *,
    reason: str,
    outcome: str,
    rationale: str,
    against_reason: str = "",
    conditions: Iterable[ConditionTerms] = (),
    **details: Any,
) -> Decision:
    """Put a new decision in the place of the last one, while the idea stands where that one led it."""
    asked = queries.reconsideration_of(review.decision) if review.decision else None
    if asked is not None and asked.is_open:
        raise Refused((LOOKED_AT,))
    return supersede(
        actor,
        review,
        reason=reason,
        outcome=outcome,
        rationale=rationale,
        against_reason=against_reason,
        conditions=conditions,
        **details,
    )


def supersede(
    actor: Actor,
    review: Review,
    *,
    reason: str,
    outcome: str,
    rationale: str,
    against_reason: str = "",
    conditions: Iterable[ConditionTerms] = (),
    **details: Any,
) -> Decision:
    """The same as a part of another command, which has asked its own policy."""
    before = review.decision
    if before is None or not reason.strip():
        raise Refused(("Say why the decision has to be changed.",) if before else ("Nothing has been decided yet.",))
    verdict = verdict_of(_outcome(review, outcome), rationale, against_reason, conditions, details)
    _require_unmoved(review, before)
    result = full_result(review, ())
    recycles = queries.count_recycles(review.idea, review.gate_key) - (before.outcome == "recycle")
    facts = JourneyFacts(decided=True, recycles=recycles, target=verdict.details.get("target"))
    _require(review, verdict, result, facts, at=State(review.gate.place, "active"))
    for condition in before.conditions:
        if condition.state in ("open", "offered"):
            condition.state = CONDITION.fire(condition.state, "waive")
            condition.settled_reason, condition.settled_at = "The decision was superseded.", now()
            record(actor, ConditionWaived(condition.idea_id, condition.id))
    decision = _write(actor, review, verdict, result)
    rests = rest_on(decision, counting_cards(review), None)
    decision.supersedes_id = before.id
    if before.outcome == "merge":
        part(actor, review.idea)
    decision.details = {**decision.details, "superseded_because": reason.strip()}
    moves.move_again(review.idea, State(review.gate.place, "active"), verdict.outcome, facts)
    _set_dates(review.idea, verdict)
    if verdict.outcome == "merge":
        join(actor, review.idea, verdict.details["merge_into"])
    record_all(actor, [rests, DecisionSuperseded(review.id, review.idea_id, review.gate_key, verdict.outcome)])
    learn(actor, review, verdict, before)
    return decision


# What stands in the way


def _require_table(review: Review, verdict: Verdict) -> None:
    """While a meeting has the review, its quorum is that at the table, and the decision rests on its votes."""
    if review.locked_at is not None and verdict.at_table is None:
        raise Refused((queries.AT_MEETING,))


def _outcome(review: Review, key: str) -> Outcome:
    found = next((outcome for outcome in review.idea.definition.outcomes if outcome.key == key), None)
    if found is None:
        raise Refused(("Choose an outcome.",))
    return found


def _result_for(actor: Actor, review: Review, seen: int | None) -> PanelResult:
    """The panel's result; refused to whoever has not scored, or has seen an older one."""
    if queries.owes_card(actor, review):
        raise Refused((queries.OWN_FIRST,))
    if seen is not None and seen != newest_card_id(review):
        raise Refused((CAME_IN,))
    return full_result(review, tuple(queries.open_conditions(review.idea)))


def facts_for(review: Review, verdict: Verdict) -> JourneyFacts:
    recycles = queries.count_recycles(review.idea, review.gate_key) if verdict.outcome == "recycle" else 0
    return JourneyFacts(decided=True, recycles=recycles, target=verdict.details.get("target"))


def _require(
    review: Review, verdict: Verdict, result: PanelResult, facts: JourneyFacts, at: State | None = None
) -> None:
    """Refuse with everything that stands in the way of this verdict, all at once."""
    reasons, advised = [*why_not_now(review, verdict, facts, at)], result.recommendation
    if advised is not None and advised.outcome != verdict.outcome and not verdict.against_reason:
        label = review.idea.definition.outcome(advised.outcome).label.lower()
        reasons.append(f"The scores recommend: {label}. Say why the panel decides otherwise.")
    if reasons:
        raise Refused(tuple(dict.fromkeys(reasons)))


def why_not_now(review: Review, verdict: Verdict, facts: JourneyFacts, at: State | None = None) -> tuple[str, ...]:
    """Why this verdict cannot take effect now, whatever the scores say; ``at`` is where a superseded one began."""
    idea, outcome = review.idea, _outcome(review, verdict.outcome)
    reasons = [*verdict.faults(outcome, today_of(idea.programme)), *wrong_codes(idea, verdict)]
    if at is None and idea.place != review.gate.place:
        reasons.append("The idea does not stand at this gate any more.")
    else:
        reasons += idea.journey.reasons(at or idea.state, verdict.outcome, facts)
    if at is None:
        reasons += REVIEW.reasons(review.state, "decide", queries.review_facts(review))
    return tuple(dict.fromkeys(reasons))


def wrong_codes(idea: Idea, verdict: Verdict) -> list[str]:
    reasons = []
    stop = verdict.details.get("stop_reason")
    if stop and stop not in {reason.key for reason in idea.definition.stop_reasons}:
        reasons.append("Choose one of the reasons for stopping.")
    team = {idea.owner_id, *(c.person_id for c in idea.contributors if c.ended_at is None)}
    if any(terms.owner_id not in (None, *team) for terms in verdict.conditions):
        reasons.append("A condition is owed by the owner or a contributor of the idea.")
    if any(not terms.text.strip() for terms in verdict.conditions):
        reasons.append("Say for each condition what is owed.")
    return reasons


def _require_unmoved(review: Review, before: Decision) -> None:
    """Refuse when something has followed from the decision already."""
    idea = review.idea
    if State(review.gate.place, "active") not in idea.journey.states:
        raise Refused(("The idea goes on under another version of its process, which has no such gate.",))
    facts = JourneyFacts(decided=True, recycles=0, target=before.details.get("target"))
    led_to = idea.journey.fire(State(review.gate.place, "active"), before.outcome, facts)
    newest = max((d.id for d in queries.list_decisions(idea)), default=None)
    sits_again = queries.current_review(idea) is not None
    if idea.state != led_to or newest != before.id or sits_again:
        raise Refused(("The idea has moved on since this decision, so it stands. The next gate can decide anew.",))


# What follows


def _propose(actor: Actor, review: Review, verdict: Verdict) -> Proposal:
    for older in review.proposals:
        older.ended_at = older.ended_at or now()
    proposal = Proposal(made_by_id=actor.person_id, content=verdict.as_json(), made_at=now())
    review.proposals.append(proposal)
    flag_modified(review, "state")  # a new version: nobody signs what they have not read
    record(actor, DecisionProposed(review.idea_id, review.id))
    return proposal


def _withhold(
    actor: Actor, review: Review, verdict: Verdict, result: PanelResult, signers: Iterable[int | None]
) -> WithheldDecision:
    if verdict.outcome == "merge":
        joinable(actor, review.idea, verdict.details["merge_into"])
    return withhold(actor, review, verdict, result, signers=tuple(signers))


def carry_out(actor: Actor, review: Review, verdict: Verdict, result: PanelResult, facts: JourneyFacts) -> Decision:
    """Close the review, send the idea where the decision leads, and tell."""
    idea = review.idea
    review.state = REVIEW.fire(review.state, "decide", queries.review_facts(review))
    review.closed_at = now()
    moves.move(idea, verdict.outcome, facts)
    _set_dates(idea, verdict)
    decision = _write(actor, review, verdict, result)
    rests = rest_on(decision, counting_cards(review), verdict.at_table)
    if verdict.outcome == "merge":
        join(actor, idea, verdict.details["merge_into"])
    update_all([idea, review])
    end_access([seat for seat in review.seats if seat.cleared], now() + dt.timedelta(days=READING_DAYS))
    close_seats(review)
    show_names(review.seats)
    record_all(actor, [rests, GateDecided(review.id, idea.id, review.gate_key, verdict.outcome)])
    learn(actor, review, verdict)
    if verdict.outcome in ("go", "conditional"):
        _confirm_inherited(actor, review, result)
    return decision


def _write(actor: Actor, review: Review, verdict: Verdict, result: PanelResult) -> Decision:
    advised = result.recommendation
    decision = Decision(
        review_id=review.id,
        idea_id=review.idea_id,
        outcome=verdict.outcome,
        rationale=verdict.rationale,
        details=dict(verdict.details),
        recommended=advised.outcome if advised else None,
        recommended_because=advised.reason if advised else "",
        against_reason=verdict.against_reason if advised and advised.outcome != verdict.outcome else "",
        total=round(result.total * 100) if result.total is not None else None,
        decided_by_id=actor.person_id,
        decided_at=now(),
        announced_at=now(),
    )
    insert_all([decision])
    conditions = insert_all([_condition(review, decision, terms) for terms in verdict.conditions])
    set_committed_value(decision, "conditions", list(conditions))
    set_committed_value(decision, "review", review)
    db.session.expire(review, ["decisions"])
    return decision


def _condition(review: Review, decision: Decision, terms: ConditionTerms) -> Condition:
    return Condition(
        decision_id=decision.id,
        idea_id=review.idea_id,
        gate_key=review.gate_key,
        text=terms.text.strip(),
        owner_id=terms.owner_id or review.idea.owner_id,
        due_on=terms.due_on,
        evidence=terms.evidence.strip(),
        blocking=terms.blocking,
    )


def _set_dates(idea: Idea, verdict: Verdict) -> None:
    """What the decision says of time; an idea on hold keeps its day, which moves on when the idea does."""
    kept = idea.due_on if idea.standing in UNDER_WAY else None
    idea.due_on = verdict.date("next_date") or verdict.date("resubmit_by") or kept
    idea.held_until = verdict.date("review_date")


def join(actor: Actor, idea: Idea, reference: str) -> None:
    """Carry owner and contributors over to the other idea; both keep their histories."""
    other = joinable(actor, idea, reference)
    idea.merged_into_id = other.id
    there = {c.person_id: c for c in other.contributors}
    coming = _behind(idea) - {other.owner_id, *(wall.person_id for wall in other.walls)}
    for person_id in sorted(coming):
        if person_id not in there:
            other.contributors.append(Contributor(person_id=person_id, role=_from(idea), added_at=now()))
        elif there[person_id].ended_at is not None:
            there[person_id].ended_at = None
    record(actor, IdeaJoined(other.id, idea.id))


def joinable(actor: Actor, idea: Idea, reference: str) -> Idea:
    """The idea of this reference, held so that it does not end meanwhile; refused where nothing can join it."""
    try:
        other = ideas_queries.find_idea(actor, reference.strip())
    except NotThere:
        raise Refused(("There is no idea with this reference that you may see.",)) from None
    if other.id == idea.id:
        raise Refused(("An idea cannot join itself. Give the reference of another one.",))
    hold_row(other)
    if other.programme_id != idea.programme_id or other.standing not in UNDER_WAY:
        raise Refused((f"{other.reference} cannot be joined: it is not under way in this programme.",))
    if any(ideas_queries.sits_for(other, person_id) for person_id in _behind(idea) - {other.owner_id}):
        raise Refused(
            (f"Somebody behind this idea sits on the panel for {other.reference}. Let that panel decide first.",)
        )
    return other


def part(actor: Actor, idea: Idea) -> None:
    """Undo a merge: whoever came over with the idea leaves the other one; what both have done meanwhile stays."""
    other = db.session.get_one(Idea, idea.merged_into_id)
    idea.merged_into_id = None
    for contributor in other.contributors:
        if contributor.role == _from(idea) and contributor.ended_at is None:
            contributor.ended_at = now()
    record(actor, IdeaParted(other.id, idea.id))


def _from(idea: Idea) -> str:
    return f"From {idea.reference}"


def _behind(idea: Idea) -> set[int]:
    return {idea.owner_id, *(c.person_id for c in idea.contributors if c.ended_at is None)}


def _confirm_inherited(actor: Actor, review: Review, result: PanelResult) -> None:
    """What the panel finds met of earlier conditions is met."""
    yes = {must.criterion_key for must in result.musts if must.answer == "yes"} - {own.key for own in review.gate.must}
    for condition in queries.open_conditions(review.idea) if yes else ():
        if condition.key in yes:
            condition.state = CONDITION.fire(condition.state, "confirm")
            condition.settled_by_id, condition.settled_at = actor.person_id, now()
            condition.settled_reason = "The panel at the next gate found it met."
            record(actor, ConditionMet(condition.idea_id, condition.id))
