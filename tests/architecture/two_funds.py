"""Somebody who works for a fund and has a wide part, in two worlds that differ in what funds do among themselves."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from innovation.db import db, now
from innovation.funders import commands as funders
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commands import committing, talks, workspace
from innovation.funders.commitment_models import Talk
from innovation.funders.models import Funder
from innovation.funders.report_models import FundingReport
from tests import make
from tests.architecture.pairs import BOTH, Scene
from tests.architecture.two_parts import actor, add_person, carry_on, idea_of, widen
from tests.architecture.world import World

OWN, OTHERS = "funded", ("ready", "introduced", "talked")


def build(world: World, wide: str, narrow: str, *, otherwise: bool) -> None:
    """Somebody who works for the first fund, unless ``alone``; as ``team`` they contribute to an idea of its, too."""
    make.numbers = itertools.count(7000)  # what is made has the same names in both worlds
    add_person(world)
    if narrow != "alone":
        make.grant(world.person(BOTH), "funder_member", funder_id=world.things["funder"]["one"])
    widen(world, wide)
    if narrow == "team":
        make.contributor(idea_of(world, OWN), world.person(BOTH))
        _colleagues(world, otherwise=otherwise)
    carry_on()
    if otherwise:
        _other_fund(world)
        carry_on()
    db.session.commit()


def _other_fund(world: World) -> None:
    """The other fund shows interest, talks, looks into it and commits; it keeps and passes on ideas."""
    me, owner, fund = actor(world, "other_funder"), actor(world, "owner"), _fund(world, "other")
    late = now().date() - dt.timedelta(days=20)  # so that those who run the programme hear of it
    for name in ("ready", "talked"):
        idea = idea_of(world, name)
        interest = funders.show_interest(me, fund, idea=idea, message="We would like to help.")
        talk = talks.begin_talks(me, funders.accept_interest(owner, interest))
        talks.begin_diligence(me, talk)
        for item in DILIGENCE_NAMES:
            talks.settle_check(me, talk, item=item, verdict="fine", note="All is well.")
        terms: dict[str, Any] = {"instrument": "grant", "currency": "ZAR", "purpose": "The first year."}
        offer = committing.offer_commitment(me, talk, amount_minor=90_000_00, **terms)
        committing.accept_commitment(owner, offer)
        offer.agree_by = late
    report = {"starts_on": late, "ends_on": late, "due_on": late, "progress": "Clubs read."}
    for number, state in enumerate(("draft", "ready"), 1):
        make.add(FundingReport(idea_id=idea_of(world, "ready").id, number=number, state=state, **report))
    for name in ("introduced", "funded"):
        workspace.write_note(me, fund, idea=idea_of(world, name), text="Good people.")
    workspace.put_on_shortlist(me, fund, idea=idea_of(world, "introduced"))
    workspace.pass_idea(me, fund, idea=idea_of(world, "funded"), reason="time")


def _colleagues(world: World, *, otherwise: bool) -> None:
    """What those who work for the same fund find out and think about an idea; its team is told that they look."""
    me, fund, idea = actor(world, "funder_admin"), _fund(world, "one"), idea_of(world, OWN)
    talk = make.first(Talk, idea_id=idea.id, funder_id=fund.id)
    verdict, note = ("asks", "The accounts are late.") if otherwise else ("fine", "The accounts are there.")
    talks.settle_check(me, talk, item="accounts", verdict=verdict, note=note)
    if otherwise:
        workspace.write_note(me, fund, idea=idea, text="We doubt it.")
        workspace.put_on_shortlist(me, fund, idea=idea)


def _fund(world: World, name: str) -> Funder:
    return db.session.get_one(Funder, world.things["funder"][name])


SCENE = Scene(
    build,
    ideas={
        **dict.fromkeys(("funders", "pipeline", "dossiers", "pilots"), (*OTHERS, OWN)),
        "notifications": (),
    },
)
