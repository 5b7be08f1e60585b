"""The part of the map about money: talks, disclosures, papers, commitments, tranches, and milestones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.funders.commitment_models import Commitment, Talk, Tranche
from innovation.funders.models import Interest
from innovation.funders.report_models import FundingReport
from innovation.pilots.models import Milestone, MilestoneFile
from tests.architecture.sights import Case, Cases, Page, get, idea_with, ideas, nothing
from tests.architecture.world import World

ITS_FUNDER = frozenset({"funder_admin", "funder_member"})
FUNDED = ("funded",)
NO_FILE = "no file was handed in"


def talks(*names: str, **more: Any) -> Cases:
    """Ideas to whose owner the first funder was introduced, as its people find them; ``ready`` is not yet one."""

    def cases(world: World) -> list[Case]:
        found = [
            Case(name, {"reference": world.things["idea"][name], **more}, _talk_or_interest(world, name), ITS_FUNDER)
            for name in names
        ]
        return [*found, Case("ready", {"reference": world.things["idea"]["ready"], **more}, nothing, frozenset())]

    return cases


def _talk_or_interest(world: World, name: str) -> Callable[[], Any]:
    talk = world.things["talk"].get(name)
    return get(Talk, talk) if talk else get(Interest, world.things["interest"]["accepted"])


def commitments(*names: str) -> Cases:
    def cases(world: World) -> list[Case]:
        ids = world.things["commitment"]
        found = [Case(name, {"commitment_id": ids[name]}, get(Commitment, ids[name]), ITS_FUNDER) for name in names]
        return [*found, Case("no such commitment", {"commitment_id": 999_999}, nothing, frozenset())]

    return cases


def tranches(name: str) -> Cases:
    def cases(world: World) -> list[Case]:
        commitment, tranche = (world.things[kind][name] for kind in ("commitment", "tranche"))
        there = {"commitment_id": commitment, "tranche_id": tranche}
        return [
            Case(name, there, get(Tranche, tranche), ITS_FUNDER),
            Case("no such tranche", {**there, "tranche_id": 999_999}, nothing, frozenset()),
        ]

    return cases


def of_world(model: type[Any], kind: str, name: str) -> Callable[[World], Callable[[], Any]]:
    return lambda world: get(model, world.things[kind][name])


def number(kind: str, name: str) -> Callable[[World], Any]:
    return lambda world: world.things[kind][name]


def the_interest(world: World) -> Callable[[], Any]:
    return get(Interest, world.things["talk_interest"]["funded"])


MONEY = {
    "funders.funding": Page(
        ideas("funded", "talked", "ready", "foreign", "behind a wall"), sees="see_funding", writes="decline_commitment"
    ),
    "funders.answer_offer": Page(
        idea_with(FUNDED, of_world(Commitment, "commitment", "offered"), commitment_id=number("commitment", "offered")),
        writes="decline_commitment",
    ),
    "funders.end_introduction": Page(
        idea_with(FUNDED, the_interest, interest_id=number("talk_interest", "funded")),
        writes="end_introduction",
    ),
    "funders.invite_interest": Page(
        idea_with(FUNDED, the_interest, interest_id=number("talk_interest", "funded")),
        writes="invite_interest",
    ),
    "funders.owner_ends_talks": Page(
        idea_with(("talked",), of_world(Talk, "talk", "talked"), talk_id=number("talk", "talked")),
        writes="decline_talks",
    ),
    "funders.disclosures": Page(
        idea_with(FUNDED, the_interest, interest_id=number("talk_interest", "funded")),
        sees="see_disclosures",
        writes="disclose_field",
    ),
    "funders.papers": Page(
        ideas("funded", "ready", "foreign", "behind a wall"), sees="see_funding", writes="hand_in_paper"
    ),
    "funders.hand_in_paper": Page(idea_with(FUNDED, item="accounts"), writes="hand_in_paper"),
    "funders.paper_file": Page(idea_with(FUNDED, item="accounts"), sees="hand_in_paper", absent=NO_FILE),
    "funders.record_registration": Page(idea_with(FUNDED, kind="npo"), writes="record_registration"),
    "funders.talks": Page(talks("introduced", "talked", "funded"), writes="begin_talks"),
    "funders.begin_diligence": Page(talks("talked"), writes="move_talks"),
    "funders.check": Page(talks("funded", item="accounts"), writes="settle_check"),
    "funders.end_talks": Page(talks("talked"), writes="decline_talks"),
    "funders.disclosed": Page(talks("introduced", "funded"), sees="read_disclosed"),
    "funders.disclosed_file": Page(talks("funded", key="paper:accounts"), sees="read_disclosed", absent=NO_FILE),
    "funders.offer_commitment": Page(talks("funded"), writes="offer_commitment"),
    "funders.commitment": Page(commitments("offered", "open", "whole", "agreed")),
    "funders.plan_tranche": Page(commitments("open"), writes="change_commitment"),
    "funders.agreement": Page(commitments("whole"), writes="change_commitment"),
    "funders.withdraw_commitment": Page(commitments("open"), writes="change_commitment"),
    "funders.release": Page(tranches("agreed"), writes="release_tranche"),
    "funders.cancel_tranche": Page(tranches("whole"), writes="change_commitment"),
    "funders.sed_pack": Page(commitments("agreed")),
    "funders.commitments": Page(sees="list_commitments"),
    "funders.arrange_commitment": Page(commitments("open"), writes="change_commitment"),
    "funders.reports": Page(
        ideas("talked", "funded", "foreign", "behind a wall"), sees="see_funding", writes="write_report"
    ),
    "funders.report": Page(
        idea_with(FUNDED, of_world(FundingReport, "report", "draft"), number=2),
        sees="see_funding",
        writes="write_report",
    ),
    "funders.report_verdict": Page(
        idea_with(FUNDED, of_world(FundingReport, "report", "ready"), number=3), writes="release_report"
    ),
    "funders.report_correction": Page(idea_with(("talked",), number=1), writes="write_report"),
    "funders.funder_report": Page(talks("funded", number=1)),
}
MILESTONES = {
    "pilots.milestones": Page(
        ideas("funded", "captured", "foreign", "behind a wall"), sees="see_milestones", writes="plan_milestone"
    ),
    "pilots.evidence": Page(
        idea_with(FUNDED, of_world(Milestone, "milestone", "planned"), milestone_id=number("milestone", "planned")),
        writes="show_milestone",
    ),
    "pilots.verdict": Page(
        idea_with(FUNDED, of_world(Milestone, "milestone", "shown"), milestone_id=number("milestone", "shown")),
        writes="judge_milestone",
    ),
    "pilots.add_file": Page(
        idea_with(FUNDED, of_world(Milestone, "milestone", "planned"), milestone_id=number("milestone", "planned")),
        writes="show_milestone",
    ),
    "pilots.file": Page(
        idea_with(
            FUNDED,
            of_world(MilestoneFile, "milestone_file", "shown"),
            milestone_id=number("milestone", "shown"),
            file_id=number("milestone_file", "shown"),
        ),
        sees="see_milestones",
        writes="show_milestone",
    ),
}
