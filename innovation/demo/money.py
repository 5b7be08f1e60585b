"""Two funders of one ask: what the demonstration tells of the way from an introduction to a released tranche."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db, now
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commands import committing, disclosing, reporting, talks
from innovation.funders.commitment_models import Commitment, Talk
from innovation.funders.models import Funder, Interest
from innovation.funders.queries import newest_interest
from innovation.funders.queries.disclosed import disclosed_keys
from innovation.funders.queries.funding import talk_of
from innovation.ideas import filecheck, store
from innovation.ideas.queries import latest_ask
from innovation.permission import Actor
from innovation.pilots import commands as pilots
from innovation.pilots.models import Milestone

OPENED = ("totals", "funders", "registrations", "milestones", "paper:accounts", "paper:leadership", "paper:donors")
ROUND = 1_000_00


def money_story(cast: Cast, told: dict[str, Any]) -> Story:
    """Talks, papers once for all, offers, agreements, and a tranche that a milestone releases."""
    accounts = list(dict.fromkeys(funder["account"] for funder in told["funder"]))
    yield _at(told["talks_on"])
    for account in accounts:
        talk = talks.begin_talks(cast.actor(account), _interest(cast, told, account))
        talks.begin_diligence(cast.actor(account), talk)
    yield _at(told["papers_on"])
    _hand_in(cast, told, accounts)
    yield _at(told["offered_on"])
    made = [_offer(cast, told, funder) for funder in told["funder"]]
    yield _at(told["accepted_on"])
    owner = cast.actor(cast.idea(told["idea"]).owner)
    for number in made:
        committing.accept_commitment(owner, db.session.get_one(Commitment, number), reason="With thanks.")
    milestones = [
        pilots.plan_milestone(owner, cast.idea(told["idea"]), title=each["title"], due_on=each["due_on"]).id
        for each in told["milestone"]
    ]
    yield _at(told["agreed_on"])
    for funder, number in zip(told["funder"], made, strict=True):
        _agree(cast.actor(funder["account"]), funder, db.session.get_one(Commitment, number), milestones)
    yield _at(told["shown_on"])
    first = db.session.get_one(Milestone, milestones[0])
    proofs = filecheck.check("proofs-of-twelve-sheets.txt", told["proofs"].encode(), store.size_limit())
    pilots.add_milestone_file(owner, first, file=proofs)
    pilots.show_milestone(owner, first, evidence=told["milestone"][0]["evidence"])
    pilots.accept_milestone(cast.coordinator_of(first.idea.region), first)
    yield _at(told["released_on"])
    tranche = db.session.get_one(Commitment, made[0]).tranches[0]
    committing.release_tranche(cast.actor(told["funder"][0]["account"]), tranche, released_on=now().date())
    first_funder = cast.actor(told["funder"][0]["account"])
    reporting.arrange_commitment(first_funder, db.session.get_one(Commitment, made[0]), named=True)
    in_kind = db.session.get_one(Commitment, made[-1])
    reporting.arrange_commitment(first_funder, in_kind, agree_by=working_day(told["sign_by"]))
    yield _at(told["reported_on"])
    _report(cast, told)


def _report(cast: Cast, told: dict[str, Any]) -> None:
    """One report for all funders, written by the owner and released by the coordinator."""
    idea, today = cast.idea(told["idea"]), now().date()
    times = {"starts_on": working_day(told["accepted_on"]), "ends_on": today, "due_on": today + dt.timedelta(days=7)}
    owner = cast.actor(idea.owner)
    report = reporting.begin_report(owner, idea, **times)
    reporting.hand_in_report(owner, report, **times, **told["report"])
    reporting.release_report(cast.coordinator_of(idea.region), report)


def _at(day: dt.date) -> dt.datetime:
    return moment(working_day(day), 11, 30)


def _interest(cast: Cast, told: dict[str, Any], account: str) -> Interest:
    funder = db.session.get_one(Funder, min(cast.actor(account).funder_ids))
    found = newest_interest(funder, cast.idea(told["idea"]))
    assert found is not None
    return found


def _talk(cast: Cast, told: dict[str, Any], account: str) -> Talk:
    found = talk_of(_interest(cast, told, account))
    assert found is not None
    return found


def _hand_in(cast: Cast, told: dict[str, Any], accounts: list[str]) -> None:
    """Papers and registrations, once; each funder reads what is opened to it, and settles its points."""
    idea = cast.idea(told["idea"])
    owner = cast.actor(idea.owner)
    for item, text in told["papers"].items():
        disclosing.hand_in_paper(owner, idea, item=item, text=text)
    for registration in told["registration"]:
        disclosing.record_registration(owner, idea, **registration)
    for account in accounts:
        interest = _interest(cast, told, account)
        disclosing.disclose_fields(owner, interest, fields=OPENED)
        disclosing.note_reading(cast.actor(account), interest, fields=sorted(disclosed_keys(interest)))
        for item in DILIGENCE_NAMES:
            talks.settle_check(cast.actor(account), _talk(cast, told, account), item=item, verdict="fine")


def _offer(cast: Cast, told: dict[str, Any], funder: dict[str, Any]) -> int:
    """An offer of a share of the ask, or of something with a stated value."""
    ask = latest_ask(cast.idea(told["idea"]))
    assert ask is not None
    amount = funder["rand"] * 100 if "rand" in funder else ask.amount_cents * funder["share"] // 100 // ROUND * ROUND
    offer = committing.offer_commitment(
        cast.actor(funder["account"]),
        _talk(cast, told, funder["account"]),
        instrument=funder["instrument"],
        currency="ZAR",
        amount_minor=amount,
        purpose=funder["purpose"],
        terms=funder.get("terms", ""),
        match_percent=funder.get("match_percent"),
    )
    return int(offer.id)


def _agree(actor: Actor, funder: dict[str, Any], commitment: Commitment, milestones: list[int]) -> None:
    """Plan the tranches, each on the next milestone, and record the agreement; without tranches it waits."""
    parts = [commitment.amount_minor * share // 100 for share in funder["tranches"]]
    if not parts:
        return
    parts[-1] += commitment.amount_minor - sum(parts)
    for part, number in zip(parts, milestones, strict=False):
        milestone = db.session.get_one(Milestone, number)
        committing.plan_tranche(actor, commitment, amount_minor=part, due_on=milestone.due_on, milestone=milestone)
    committing.record_agreement(actor, commitment, agreed_on=now().date(), agreement="Grant agreement")
