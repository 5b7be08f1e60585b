"""One report for all funders: written once, released by the programme, frozen, corrected by another edition."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import money_reminders, worker
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.events import list_events
from innovation.funders.commands import committing, disclosing
from innovation.funders.commands import reporting as commands
from innovation.funders.commitment_models import Commitment
from innovation.funders.queries import reports as queries
from innovation.funders.report_models import FundingReport
from innovation.funders.reporting import GATED, seen_by_funder, seen_whole
from innovation.ideas.models import Ask, Idea
from innovation.notifications.models import Notice
from innovation.permission import Forbidden
from innovation.pilots import commands as pilots
from tests import make
from tests.funders.funded import standing
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused

DAY = dt.timedelta(days=1)


@dataclass
class Told:
    """An idea with two funders of one ask, and somebody of the programme."""

    idea: Idea
    csi: Fund
    trust: Fund
    coordinator: Person
    money: Commitment


def told() -> Told:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    money = standing(idea, csi, 200_000_00, 120_000_00, 80_000_00)
    standing(idea, trust, 50_000_00, instrument="pro_bono")
    committing.release_tranche(make.actor(csi.admin), money.tranches[0], released_on=now().date())
    return Told(idea, csi, trust, make.staff("coordinator"), money)


def begun(of: Told, **other: Any) -> FundingReport:
    today = now().date()
    times = {"starts_on": today - 60 * DAY, "ends_on": today - DAY, "due_on": today + 9 * DAY} | other
    return commands.begin_report(make.actor(of.idea.owner), of.idea, **times)


def handed_in(of: Told, report: FundingReport | None = None, **texts: str) -> FundingReport:
    report = report or begun(of, ends_on=now().date())
    written = {"progress": "Six clubs read.", "outlook": "Two more clubs."} | texts
    times = {name: getattr(report, name) for name in ("starts_on", "ends_on", "due_on")}
    return commands.hand_in_report(make.actor(of.idea.owner), report, **times, **written)


def released(of: Told, report: FundingReport | None = None) -> FundingReport:
    return commands.release_report(make.actor(of.coordinator), handed_in(of, report))


def test_a_report_is_written_once_handed_in_and_released_by_the_programme(app: Flask) -> None:
    of = told()

    report = released(of)

    told_of = [event.kind for event in reversed(list_events(f"idea:{of.idea.id}"))][-3:]
    assert (report.state, report.released_as) == ("released", "coordinator")
    assert report.revision_number == of.idea.revision_number
    assert told_of == ["report_begun", "report_handed_in", "report_released"]


def test_its_figures_are_those_of_that_day_and_stay(app: Flask) -> None:
    of = told()
    milestone = pilots.plan_milestone(make.actor(of.idea.owner), of.idea, title="Eight clubs", due_on=now().date())
    report = released(of)

    committing.release_tranche(make.actor(of.csi.admin), of.money.tranches[1], released_on=now().date())
    pilots.show_milestone(make.actor(of.idea.owner), milestone, evidence="Eight lists.")

    seen = seen_whole(report.figures, queries.names_of(of.idea))
    assert seen.sums is not None
    assert (seen.sums.committed, seen.sums.released, seen.lately[("ZAR", False)]) == (
        200_000_00,
        120_000_00,
        120_000_00,
    )
    assert {currency: total.committed for currency, total in seen.sums.in_kind.items()} == {"ZAR": 50_000_00}
    assert [(each.title, each.state) for each in seen.milestones] == [("Eight clubs", "planned")]


def test_what_is_released_cannot_be_written_any_more_and_a_correction_is_another_edition(app: Flask) -> None:
    of = told()
    first = released(of)
    with pytest.raises(Refused):
        handed_in(of, first, progress="Seven clubs.")

    second = commands.correct_report(make.actor(of.idea.owner), first, why="It was seven clubs.")
    before = [each.edition for each in queries.released_to(of.trust.funder, of.idea)]
    commands.release_report(make.actor(of.coordinator), handed_in(of, second, progress="Seven clubs read."))

    assert (first.progress, second.progress, second.why) == (
        "Six clubs read.",
        "Seven clubs read.",
        "It was seven clubs.",
    )
    assert (second.number, second.edition, before) == (1, 2, [1])
    assert [each.edition for each in queries.released_to(of.trust.funder, of.idea)] == [2, 1]


def test_one_report_is_written_after_the_other_and_none_without_a_funder(app: Flask) -> None:
    of, other = told(), listed()
    begun(of)

    with pytest.raises(Refused) as twice:
        begun(of)
    with pytest.raises(Refused) as nobody:
        commands.begin_report(
            make.actor(other.owner), other, starts_on=now().date(), ends_on=now().date(), due_on=now().date()
        )

    assert twice.value.reasons == ("Another report is being written. Release it first.",)
    assert nobody.value.reasons == ("No funder has committed anything to this idea that still stands.",)


def test_an_empty_report_is_not_handed_in_nor_one_released_before_its_last_day(app: Flask) -> None:
    of = told()
    report = begun(of, ends_on=now().date() + 5 * DAY)

    with pytest.raises(Refused) as empty:
        handed_in(of, report, outlook=" ")
    handed_in(of, report)
    with pytest.raises(Refused) as early:
        commands.release_report(make.actor(of.coordinator), report)

    assert empty.value.reasons == ("Say what was done and what comes next: one of them is still empty.",)
    assert early.value.reasons == ("The last day of the report is still ahead.",)


def test_the_team_does_not_release_its_own_report_and_a_return_says_why(app: Flask) -> None:
    of = told()
    report = handed_in(of)

    with pytest.raises(Forbidden):
        commands.release_report(make.actor(of.idea.owner), report)
    with pytest.raises(Refused):
        commands.return_report(make.actor(of.coordinator), report)
    commands.return_report(make.actor(of.coordinator), report, reason="Say how many learners.")

    assert (report.state, report.returned) == ("draft", "Say how many learners.")


# What a funder sees


def test_a_funder_sees_its_own_figures_and_of_the_others_what_was_opened(app: Flask) -> None:
    of = told()
    figures = released(of).figures
    own = of.trust.funder.id

    closed = seen_by_funder(figures, own, (), {of.csi.funder.id: "Demo CSI fund"})
    opened = seen_by_funder(figures, own, GATED, {})

    assert closed.own is not None
    assert closed.own.in_kind["ZAR"].committed == 50_000_00
    assert (closed.own.money, closed.sums, closed.names, closed.unnamed) == ({}, None, (), None)
    assert opened.sums is not None
    assert (opened.sums.committed, opened.names, opened.unnamed) == (200_000_00, (), 1)


def test_another_funder_is_named_only_where_it_agreed_and_the_owner_opened_who_takes_part(app: Flask) -> None:
    of = told()
    figures = released(of).figures
    before = queries.named_beside(of.idea)

    commands.arrange_commitment(make.actor(of.csi.admin), of.money, named=True)
    names = queries.named_beside(of.idea)

    assert (before, names) == ({}, {of.csi.funder.id: "Demo CSI fund"})
    assert seen_by_funder(figures, of.trust.funder.id, ("totals",), names).names == ()
    assert seen_by_funder(figures, of.trust.funder.id, ("funders",), names).names == ("Demo CSI fund",)


def test_the_pages_and_the_pdf_of_a_report(client: FlaskClient) -> None:
    of = told()
    make.first(Ask, idea_id=of.idea.id).learners = 2300
    report = begun(of, ends_on=now().date())
    base = f"/ideas/{of.idea.reference}/reports"
    draft, written = page(client, of.idea.owner, base)[0], page(client, of.idea.owner, f"{base}/1")
    commands.release_report(make.actor(of.coordinator), handed_in(of, report))
    interest = of.money.talk.interest
    disclosing.disclose_fields(make.actor(of.idea.owner), interest, fields=["totals"])

    at = f"/funders/ideas/{of.idea.reference}/reports/1"
    its, other = page(client, of.csi.member, at), page(client, of.trust.member, at)
    pdf = make.sign_in(client, of.csi.member).get(f"{at}?as=pdf")

    read = [event.data["fields"] for event in list_events(f"idea:{of.idea.id}") if event.kind == "disclosed_read"]
    assert "2\u00a0300" in its[1]
    assert (draft, written[0], its[0], other[0], pdf.status_code) == (200, 200, 200, 200, 200)
    assert ("Six clubs read." in its[1], "R50\u00a0000" in other[1]) == (True, True)
    assert ("R200\u00a0000" in its[1], "R200\u00a0000" in other[1], "Demo trust" in its[1]) == (True, False, False)
    assert (pdf.mimetype, pdf.data[:5], read) == ("application/pdf", b"%PDF-", ["totals", "totals"])


def test_only_its_funders_find_a_report_and_nobody_while_the_idea_is_not_shared(client: FlaskClient) -> None:
    of, stranger = told(), fund("Another fund")
    standing(of.idea, stranger, 1_000_00, state="declined")
    report = handed_in(of)
    at = f"/funders/ideas/{of.idea.reference}/reports/1"
    early = page(client, of.csi.member, at)[0]
    commands.release_report(make.actor(of.coordinator), report)

    without = page(client, stranger.member, at)[0]
    of.idea.listed_at = None
    db.session.commit()
    hidden = make.sign_in(client, of.csi.member).get(at)

    assert (early, without, hidden.status_code) == (404, 404, 302)
    assert hidden.location.startswith(f"/funders/ideas/{of.idea.reference}/talks")


# Who is told, and when


def test_the_people_of_each_fund_are_told_and_of_no_other_fund(app: Flask) -> None:
    of = told()
    stranger = fund("Another fund")
    standing(of.idea, stranger, 1_000_00, state="offered")
    for person in (of.csi.member, of.trust.member, stranger.member):
        make.account(person)
    released(of)

    worker.deliver_owed()

    rows = db.session.execute(sa.select(Notice.person_id, Notice.link).where(Notice.link.contains("/reports/1"))).all()
    funders = {row[0]: row[1] for row in rows if row[1].startswith("/funders/")}
    assert set(funders) == {of.csi.member.id, of.trust.member.id}
    assert funders[of.csi.member.id].endswith(f"?fund={of.csi.funder.key}")


def test_writers_and_those_who_release_are_reminded_of_the_day_and_a_fund_of_its_agreement(app: Flask) -> None:
    of = told()
    waiting = standing(listed(), of.csi, 5_000_00)
    make.account(of.csi.member)
    make.account(of.coordinator)
    report = begun(of, ends_on=now().date())
    report.begun_at = waiting.answered_at = now() - 30 * DAY
    report.due_on = waiting.agree_by = now().date() + DAY
    db.session.commit()

    money_reminders.remind_reports()
    money_reminders.remind_agreements()
    handed_in(of, report)
    report.handed_in_at = now() - 30 * DAY
    db.session.commit()
    money_reminders.remind_reports()

    people = list(db.session.scalars(sa.select(Notice.person_id).order_by(Notice.id)))
    assert people == [of.idea.owner_id, of.csi.member.id, of.coordinator.id]
