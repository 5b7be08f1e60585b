"""Money and gifts in kind: offered, accepted by the owner, agreed, and released tranche by tranche."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.funders import policy
from innovation.funders.codes import SAY_WHY
from innovation.funders.commitment_models import Commitment, Talk, Tranche
from innovation.funders.counting import matched
from innovation.funders.events import (
    AgreementRecorded,
    CommitmentAccepted,
    CommitmentClosed,
    CommitmentDeclined,
    CommitmentOffered,
    CommitmentWithdrawn,
    TrancheCancelled,
    TranchePlanned,
    TrancheReleased,
)
from innovation.funders.queries.funding import commitment_facts, lines_of, talks_facts, totals_of
from innovation.funders.queries.interests import is_open
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.pilots.models import Milestone
from workflows import COMMITMENT, TALKS, TRANCHE, Refused, TrancheFacts

UNSHARED = "The idea is not shared with funders at the moment."
IN_ORDER = "Where others must match, tranches are released in their order. Another one comes first."
MOST_OFFERS, MOST_TRANCHES = 20, 24
DAYS_TO_AGREE = 30  # until both sides have signed; the funder says another day


@command(policy.may_offer_commitment)
def offer_commitment(
    actor: Actor,
    talk: Talk,
    *,
    instrument: str,
    currency: str,
    amount_minor: int,
    purpose: str,
    terms: str = "",
    match_percent: int | None = None,
) -> Commitment:
    """Offer money, or something in kind with its stated value; it counts once the owner has accepted it."""
    if not is_open(talk.idea):
        raise Refused((UNSHARED,))
    refused = TALKS.reasons(talk.state, "commit", talks_facts(talk, shared=True))
    if refused:
        raise Refused(refused)
    count = sa.select(sa.func.count()).select_from(Commitment).where(Commitment.talk_id == talk.id)
    if (db.session.scalar(count) or 0) >= MOST_OFFERS:
        raise Refused((f"One funder can make {MOST_OFFERS} offers to an idea.",))
    offered = {"instrument": instrument, "currency": currency, "amount_minor": amount_minor, "purpose": purpose}
    alike = sa.select(Commitment.id).filter_by(talk_id=talk.id, state="offered", **offered)
    if db.session.scalar(alike.limit(1)) is not None:
        raise Refused(("This very offer is made already, and waits for the owner's answer.",))
    commitment = Commitment(
        talk=talk,
        idea=talk.idea,
        funder=talk.funder,
        **offered,
        withdrawn_minor=0,
        released_minor=0,
        terms=terms,
        match_percent=match_percent,
        offered_by_id=actor.person_id,
        offered_at=now(),
        tranches=[],
    )
    if commitment.in_kind and match_percent is not None:
        raise Refused(("Only money can be made to depend on the money of others.",))
    if instrument == "match_grant" and match_percent is None:
        raise Refused(("Say how far others must match a matching grant, such as 100: a rand for each rand.",))
    flag_modified(talk, "state")  # of two, one ends the talks or makes an offer in them
    db.session.add(commitment)
    db.session.flush()
    record(actor, CommitmentOffered(*_about(commitment), currency, amount_minor))
    return commitment


@command(policy.may_accept_commitment)
def accept_commitment(actor: Actor, commitment: Commitment, *, reason: str = "", beyond: str = "") -> Commitment:
    """Accept an offer; ``beyond`` says why, where more is committed with it than the idea asks for."""
    _lock(commitment.idea)
    db.session.refresh(commitment)
    over = 0
    if not commitment.in_kind:
        over = totals_of(commitment.idea).beyond_with(commitment.currency, commitment.amount_minor)
    facts = commitment_facts(commitment, beyond=over, deliberate=bool(beyond))
    commitment.state = COMMITMENT.fire(commitment.state, "accept", facts)
    talk = commitment.talk
    talk.state = TALKS.fire(talk.state, "commit", talks_facts(talk, shared=True))
    _answer(actor, commitment, reason)
    commitment.beyond_reason = beyond if over > 0 else ""
    commitment.agree_by = now().date() + dt.timedelta(days=DAYS_TO_AGREE)
    record(actor, CommitmentAccepted(*_about(commitment), commitment.currency, commitment.amount_minor, over))
    return commitment


@command(policy.may_decline_commitment)
def decline_commitment(actor: Actor, commitment: Commitment, *, reason: str) -> Commitment:
    """Say no to an offer, with a reason that the funder reads."""
    if not reason:
        raise Refused((SAY_WHY,))
    commitment.state = COMMITMENT.fire(commitment.state, "decline", commitment_facts(commitment))
    _answer(actor, commitment, reason)
    record(actor, CommitmentDeclined(*_about(commitment)))
    return commitment


@command(policy.may_change_commitment)
def plan_tranche(
    actor: Actor, commitment: Commitment, *, amount_minor: int, due_on: dt.date, milestone: Milestone | None = None
) -> Tranche:
    """Plan a part of what is committed, to be released by a day, or once a milestone is accepted."""
    hold_row(commitment)
    if commitment.state != "committed":
        raise Refused(("Tranches are planned after the owner has accepted, and before the agreement is recorded.",))
    if milestone is not None and milestone.idea_id != commitment.idea_id:
        raise Refused(("There is no such milestone.",))
    facts = commitment_facts(commitment)
    if facts.planned + amount_minor > facts.amount:
        raise Refused(("The tranches would be more than what is committed.",))
    if len(commitment.tranches) >= MOST_TRANCHES:
        raise Refused((f"A commitment can have {MOST_TRANCHES} tranches.",))
    tranche = Tranche(commitment=commitment, amount_minor=amount_minor, due_on=due_on, milestone=milestone)
    db.session.add(tranche)
    flag_modified(commitment, "state")  # an agreement is recorded over the plan that was seen, or not at all
    db.session.flush()
    record(actor, TranchePlanned(*_about(commitment), tranche.id, amount_minor))
    return tranche


@command(policy.may_change_commitment)
def cancel_tranche(actor: Actor, tranche: Tranche) -> Tranche:
    """Take a tranche out of the plan, before the agreement is recorded."""
    commitment = tranche.commitment
    if commitment.state != "committed":
        raise Refused(("The agreement is recorded, and its tranches with it.",))
    tranche.state = TRANCHE.fire(tranche.state, "cancel")
    flag_modified(commitment, "state")
    record(actor, TrancheCancelled(*_about(commitment), tranche.id))
    return tranche


@command(policy.may_change_commitment)
def record_agreement(actor: Actor, commitment: Commitment, *, agreed_on: dt.date, agreement: str) -> Commitment:
    """Record that both sides have signed, on which day and under which name or number."""
    commitment.state = COMMITMENT.fire(commitment.state, "agree", commitment_facts(commitment))
    commitment.agreed_on, commitment.agreement, commitment.agreed_by_id = agreed_on, agreement, actor.person_id
    record(actor, AgreementRecorded(*_about(commitment), agreed_on.isoformat()))
    return commitment


@command(policy.may_release_tranche)
def release_tranche(actor: Actor, tranche: Tranche, *, released_on: dt.date) -> Tranche:
    """Say that a tranche was paid or handed over: its milestone is accepted, and others match where that was set."""
    commitment = tranche.commitment
    _lock(commitment.idea)
    db.session.refresh(commitment)
    db.session.refresh(tranche)
    refused = why_not_released(tranche)
    if refused:
        raise Refused(refused)
    tranche.state = TRANCHE.fire(tranche.state, "release", tranche_facts(tranche))
    tranche.released_on, tranche.released_by_id, tranche.released_at = released_on, actor.person_id, now()
    commitment.released_minor += tranche.amount_minor
    amount = (commitment.currency, tranche.amount_minor)
    record(actor, TrancheReleased(*_about(commitment), tranche.id, *amount))
    facts = commitment_facts(commitment)
    if not COMMITMENT.reasons(commitment.state, "close", facts):
        commitment.state = COMMITMENT.fire(commitment.state, "close", facts)
        commitment.ended_at = now()
        record(actor, CommitmentClosed(*_about(commitment)))
    return tranche


def why_not_released(tranche: Tranche) -> tuple[str, ...]:
    """What stands in the way of releasing a tranche now.

    Where others must match, only the first one of the plan is looked at: all at once would measure what others give.
    """
    commitment = tranche.commitment
    if commitment.match_percent is not None:
        waiting = [each for each in commitment.tranches if each.state == "planned"]
        if tranche.id != min(waiting, key=lambda each: (each.due_on, each.id), default=tranche).id:
            return (IN_ORDER,)
    return tuple(TRANCHE.reasons(tranche.state, "release", tranche_facts(tranche)))


def tranche_facts(tranche: Tranche) -> TrancheFacts:
    """What stands in the way of releasing a tranche now."""
    commitment = tranche.commitment
    reach = None
    if commitment.match_percent is not None:
        lines = lines_of(commitment.idea_id)
        reach = matched(lines, commitment.funder_id, commitment.currency, commitment.match_percent)
    return TrancheFacts(
        amount=tranche.amount_minor,
        room=commitment.standing_minor - commitment.released_minor,
        released=commitment.released_minor,
        agreed=commitment.state == "agreed",
        reached=tranche.milestone is None or tranche.milestone.state == "accepted",
        matched=reach,
    )


@command(policy.may_change_commitment)
def withdraw_commitment(actor: Actor, commitment: Commitment, *, reason: str) -> Commitment:
    """Take back what is not released yet, with a reason that the owner reads; what was released stays."""
    _lock(commitment.idea)
    db.session.refresh(commitment)
    commitment.state = COMMITMENT.fire(commitment.state, "withdraw", commitment_facts(commitment))
    rest = commitment.standing_minor - commitment.released_minor
    commitment.withdrawn_minor += rest
    commitment.ended_at, commitment.end_reason = now(), reason
    for tranche in commitment.tranches:
        if tranche.state == "planned":
            tranche.state = TRANCHE.fire(tranche.state, "cancel")
    record(actor, CommitmentWithdrawn(*_about(commitment), commitment.currency, rest))
    return commitment


def _lock(idea: Idea) -> None:
    """Of two who change what is committed to an idea, the second waits and counts anew."""
    db.session.execute(sa.select(Idea.id).where(Idea.id == idea.id).with_for_update())


def _answer(actor: Actor, commitment: Commitment, reason: str) -> None:
    commitment.answered_by_id, commitment.answered_at, commitment.answer = actor.person_id, now(), reason


def _about(commitment: Commitment) -> tuple[int, int, int, int]:
    return commitment.idea_id, commitment.talk.interest_id, commitment.funder_id, commitment.id
