"""What tests of money share: a funder brought to a step of the way from an introduction to the last tranche."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db, now
from innovation.funders import commands
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commands import committing, talks
from innovation.funders.commitment_models import Check, Commitment, Talk, Tranche
from innovation.funders.models import Interest
from innovation.ideas.models import Idea
from tests import make
from tests.funders.watching import Fund


def introduced(idea: Idea, by: Fund) -> Interest:
    return commands.accept_interest(make.actor(idea.owner), by.interested(idea))


def examined(idea: Idea, by: Fund, leave: str = "") -> Talk:
    """In due diligence, with every point settled but perhaps one."""
    actor = make.actor(by.member)
    talk = talks.begin_talks(actor, introduced(idea, by))
    talks.begin_diligence(actor, talk)
    for item in DILIGENCE_NAMES:
        if item != leave:
            talks.settle_check(actor, talk, item=item, verdict="fine")
    return talk


def offered(talk: Talk, by: Fund, amount: int, **more: Any) -> Commitment:
    values = {"instrument": "grant", "currency": "ZAR", "purpose": "The first year."} | more
    return committing.offer_commitment(make.actor(by.admin), talk, amount_minor=amount, **values)


def committed(idea: Idea, by: Fund, amount: int, **more: Any) -> Commitment:
    return committing.accept_commitment(make.actor(idea.owner), offered(examined(idea, by), by, amount, **more))


def agreed(idea: Idea, by: Fund, amount: int, *tranches: int, **more: Any) -> Commitment:
    """With its tranches, or one for all of it, planned by the date alone."""
    commitment, actor = committed(idea, by, amount, **more), make.actor(by.admin)
    for part in tranches or (amount,):
        committing.plan_tranche(actor, commitment, amount_minor=part, due_on=dt.date(2027, 3, 1))
    return committing.record_agreement(actor, commitment, agreed_on=now().date(), agreement="Agreement 1")


def standing(idea: Idea, by: Fund, amount: int, *tranches: int, **more: Any) -> Commitment:
    """A commitment as ``agreed`` or ``committed`` leave it, written down without going the way there."""
    met = {"state": "accepted", "answered_by_id": idea.owner_id, "answered_at": now()}
    about = {"idea_id": idea.id, "funder_id": by.funder.id}
    interest = make.add(Interest(**about, **met))
    talk = make.add(Talk(interest_id=interest.id, state="committed", **about))
    for item in DILIGENCE_NAMES:
        make.add(Check(talk_id=talk.id, item=item, verdict="fine"))
    signed = {"state": "agreed", "agreed_on": now().date()} if tranches else {"state": "committed"}
    values = {"instrument": "grant", "purpose": "The first year.", "answered_at": now()} | signed | more
    made = make.add(Commitment(talk_id=talk.id, amount_minor=amount, **about, **values))
    for part in tranches:
        make.add(Tranche(commitment_id=made.id, amount_minor=part, due_on=dt.date(2027, 3, 1)))
    db.session.commit()
    return made
