"""The two-sided introduction: a funder shows interest, the owner answers."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.funders import policy, queries
from innovation.funders.codes import SAY_WHY
from innovation.funders.commands.disclosing import revoke
from innovation.funders.events import (
    InterestAccepted,
    InterestDeclined,
    InterestExpired,
    InterestInvited,
    InterestShown,
    InterestWithdrawn,
    IntroductionEnded,
)
from innovation.funders.models import Funder, Interest
from innovation.funders.queries.disclosed import kept_open
from innovation.funders.queries.funding import talk_of
from innovation.funders.workspace_models import Passed
from innovation.ideas.models import Idea
from innovation.ideas.policy import CONFLICTED, CONTRIBUTES, OWNS
from innovation.permission import Actor
from workflows import INTEREST, Refused

UNSHARED = "The idea is not shared with funders at the moment."
PASSED_ON = "Your fund has passed on this idea. Take that back first."
IN_TALKS = "There are talks already. End those, with a reason."
NO_NO = "There is no refusal that could be taken back."


@command(policy.may_show_interest)
def show_interest(actor: Actor, funder: Funder, *, idea: Idea, message: str) -> Interest:
    """Tell the owner that the funder is interested; they see the message, and no contacts, until they accept."""
    hold_row(funder)
    if not queries.is_open(idea):
        raise Refused((UNSHARED,))
    if any(bar.holds(actor, idea) for bar in (OWNS, CONTRIBUTES, CONFLICTED)):
        raise Refused(("You take part in this idea yourself. Somebody else of your fund can show interest.",))
    if db.session.scalar(sa.select(Passed.id).filter_by(funder_id=funder.id, idea_id=idea.id, ended_at=None)):
        raise Refused((PASSED_ON,))
    before = queries.newest_interest(funder, idea)
    stands = queries.why_not_again(before) if before is not None else ""
    if stands:
        raise Refused((stands,))
    interest = Interest(
        funder_id=funder.id, idea_id=idea.id, message=message, shown_by_id=actor.person_id, shown_at=now()
    )
    db.session.add(interest)
    db.session.flush()
    record(actor, InterestShown(idea.id, interest.id, funder.id))
    return interest


@command(policy.may_withdraw_interest)
def withdraw_interest(actor: Actor, interest: Interest) -> Interest:
    """Take the interest back before the owner has answered."""
    _answer(actor, interest, "withdraw", "")
    record(actor, InterestWithdrawn(interest.idea_id, interest.id, interest.funder_id))
    return interest


@command(policy.may_accept_interest)
def accept_interest(actor: Actor, interest: Interest, *, reason: str = "") -> Interest:
    """The owner agrees to be introduced: each side now sees whom to contact on the other."""
    if not queries.is_open(interest.idea):
        raise Refused((UNSHARED,))
    _answer(actor, interest, "accept", reason)
    record(actor, InterestAccepted(interest.idea_id, interest.id, interest.funder_id))
    return interest


@command(policy.may_decline_interest)
def decline_interest(actor: Actor, interest: Interest, *, reason: str) -> Interest:
    """The owner says no, with a reason that the funder reads; no contacts are shown."""
    if not reason:
        raise Refused((SAY_WHY,))
    _answer(actor, interest, "decline", reason)
    record(actor, InterestDeclined(interest.idea_id, interest.id, interest.funder_id))
    return interest


@command(policy.may_expire_interest)
def expire_interest(actor: Actor, interest: Interest) -> Interest:
    """Let an interest end that the owner has not answered in time; the funder may show it again. The clock asks."""
    interest.state = INTEREST.fire(interest.state, "expire")
    record(actor, InterestExpired(interest.idea_id, interest.id, interest.funder_id))
    return interest


@command(policy.may_end_introduction)
def end_introduction(actor: Actor, interest: Interest, *, reason: str) -> Interest:
    """End an introduction that has led to no talks: each side's contacts close, and the other side reads why."""
    hold_row(interest)
    if not reason:
        raise Refused((SAY_WHY,))
    if talk_of(interest) is not None:
        raise Refused((IN_TALKS,))
    end(actor, interest, reason)
    revoke(actor, interest, kept_open(interest))
    side = "owner" if interest.ended_by_owner else "funder"
    record(actor, IntroductionEnded(interest.idea_id, interest.id, interest.funder_id, side))
    return interest


def end(actor: Actor, interest: Interest, reason: str) -> None:
    """The introduction is over, by whichever side acts; part of a command."""
    interest.state = INTEREST.fire(interest.state, "end")
    interest.ended_by_owner = not any(side.holds(actor, interest) for side in policy.FUNDERS_PEOPLE)
    interest.ended_by_id, interest.ended_at, interest.end_reason = actor.person_id, now(), reason


@command(policy.may_invite_interest)
def invite_interest(actor: Actor, interest: Interest) -> Interest:
    """The owner takes a no back: the funder is told that it may show interest again."""
    hold_row(interest)
    if not interest.is_refused or queries.newest_interest(interest.funder, interest.idea) != interest:
        raise Refused((NO_NO,))
    interest.invited_at = now()
    record(actor, InterestInvited(interest.idea_id, interest.id, interest.funder_id))
    return interest


def _answer(actor: Actor, interest: Interest, trigger: str, reason: str) -> None:
    interest.state = INTEREST.fire(interest.state, trigger)
    interest.answered_by_id, interest.answered_at, interest.reason = actor.person_id, now(), reason
