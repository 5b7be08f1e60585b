"""From an introduction to the money: every step in its order, two funders for one ask, and nothing beyond it unsaid."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.events import list_events
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commands import committing, talks
from innovation.funders.commitment_models import Commitment, Talk
from innovation.funders.queries import funding
from innovation.ideas.models import Idea
from innovation.permission import Forbidden
from innovation.pilots import commands as pilots
from tests import make
from tests.funders.funded import agreed, committed, examined, introduced, offered
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused


def kinds(idea: Idea) -> list[str]:
    return [event.kind for event in reversed(list_events(f"idea:{idea.id}"))]


def test_every_step_from_the_introduction_to_the_last_tranche_is_an_event(app: Flask) -> None:
    idea, csi = listed(), fund()
    commitment = agreed(idea, csi, 400_00)

    committing.release_tranche(make.actor(csi.admin), commitment.tranches[0], released_on=now().date())
    talks.close_talks(make.actor(csi.admin), commitment.talk)

    told = [kind for kind in kinds(idea) if kind != "check_settled"]
    assert (commitment.state, commitment.talk.state, commitment.released_minor) == ("closed", "closed", 400_00)
    assert told == [
        *("interest_shown", "interest_accepted", "talks_begun", "diligence_begun", "commitment_offered"),
        *("commitment_accepted", "tranche_planned", "agreement_recorded", "tranche_released", "commitment_closed"),
        "talks_closed",
    ]


def test_nothing_is_offered_before_due_diligence_is_done(app: Flask) -> None:
    idea, csi = listed(), fund()
    talk = examined(idea, csi, leave="accounts")

    with pytest.raises(Refused) as refused:
        offered(talk, csi, 400_00)

    assert refused.value.reasons == ("Due diligence is not done: some points are not settled yet.",)


def test_the_same_offer_is_not_made_twice_while_it_waits(app: Flask) -> None:
    idea, csi = listed(), fund()
    talk = examined(idea, csi)
    first = offered(talk, csi, 400_00)

    with pytest.raises(Refused) as refused:
        offered(talk, csi, 400_00)
    committing.decline_commitment(make.actor(idea.owner), first, reason="Ask again next year.")
    again = offered(talk, csi, 400_00)

    assert refused.value.reasons == ("This very offer is made already, and waits for the owner's answer.",)
    assert (again.state, again.id != first.id) == ("offered", True)


def test_what_would_go_beyond_the_ask_is_refused_unless_the_owner_means_it(app: Flask) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    committed(idea, csi, 300_000_00)
    offer = offered(examined(idea, trust), trust, 200_000_00)

    with pytest.raises(Refused) as refused:
        committing.accept_commitment(make.actor(idea.owner), offer)
    committing.accept_commitment(make.actor(idea.owner), offer, beyond="Two more places.")

    totals = funding.totals_of(idea)
    assert refused.value.reasons == (
        "With this, more would be committed than the idea asks for. Say that it is meant, and why.",
    )
    assert (totals.committed, totals.gap, totals.beyond, totals.funders) == (500_000_00, 0, 20_000_00, 2)
    assert (offer.beyond_reason, list_events(f"idea:{idea.id}")[0].data["beyond_minor"]) == (
        "Two more places.",
        20_000_00,
    )


def test_money_in_another_currency_is_all_beyond_the_ask_once_nothing_is_missing(app: Flask) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    committed(idea, csi, 480_000_00)
    offer = offered(examined(idea, trust), trust, 1_000_00, currency="USD")

    with pytest.raises(Refused) as refused:
        committing.accept_commitment(make.actor(idea.owner), offer)
    committing.accept_commitment(make.actor(idea.owner), offer, beyond="Travel to a conference abroad.")

    assert refused.value.reasons == (
        "With this, more would be committed than the idea asks for. Say that it is meant, and why.",
    )
    assert (offer.state, offer.beyond_reason) == ("committed", "Travel to a conference abroad.")


def test_other_currencies_and_gifts_in_kind_close_no_gap(app: Flask) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    committed(idea, csi, 900_000_00, currency="USD")
    committed(idea, trust, 50_000_00, instrument="in_kind")

    totals = funding.totals_of(idea)

    assert (totals.committed, totals.gap, totals.others[0][0]) == (0, 480_000_00, "USD")
    assert {code: total.committed for code, total in totals.in_kind.items()} == {"ZAR": 50_000_00}


def test_a_tranche_waits_for_its_milestone_and_the_agreement(app: Flask) -> None:
    idea, csi = listed(), fund()
    commitment = committed(idea, csi, 400_00)
    reached = pilots.plan_milestone(make.actor(idea.owner), idea, title="Eight clubs", due_on=dt.date(2027, 3, 1))
    tranche = committing.plan_tranche(
        make.actor(csi.admin), commitment, amount_minor=400_00, due_on=dt.date(2027, 3, 1), milestone=reached
    )

    with pytest.raises(Refused) as refused:
        committing.release_tranche(make.actor(csi.admin), tranche, released_on=now().date())

    assert refused.value.reasons == ("The agreement is not recorded yet.", "Its milestone is not accepted yet.")


def test_a_match_is_released_as_far_as_others_commit(app: Flask) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    commitment = agreed(idea, csi, 200_00, match_percent=100)
    release = {"released_on": now().date()}

    with pytest.raises(Refused) as refused:
        committing.release_tranche(make.actor(csi.admin), commitment.tranches[0], **release)
    committed(idea, trust, 200_00)
    committing.release_tranche(make.actor(csi.admin), commitment.tranches[0], **release)

    assert refused.value.reasons == ("What others have committed does not match this yet.",)
    assert commitment.released_minor == 200_00


def test_a_matching_grant_says_how_far_others_match_it(app: Flask) -> None:
    csi = fund()
    talk = examined(listed(), csi)

    with pytest.raises(Refused) as refused:
        offered(talk, csi, 200_00, instrument="match_grant")
    kept = offered(talk, csi, 200_00, instrument="match_grant", match_percent=50)

    assert "how far others must match" in refused.value.reasons[0]
    assert kept.match_percent == 50


def test_where_others_must_match_only_the_first_tranche_is_looked_at(app: Flask) -> None:
    idea, csi = listed(), fund()
    commitment = agreed(idea, csi, 300_000_00, 100_000_00, 200_000_00, match_percent=100)
    first, second = commitment.tranches

    reasons = [committing.why_not_released(each) for each in (first, second)]

    assert reasons[1] == (committing.IN_ORDER,)
    assert reasons[0] != reasons[1]


def test_a_plan_that_changes_makes_the_agreement_over_the_older_one_stale(app: Flask) -> None:
    idea, csi = listed(), fund()
    actor = make.actor(csi.admin)
    commitment = committed(idea, csi, 300_000_00)
    versions = [commitment.version]

    tranche = committing.plan_tranche(actor, commitment, amount_minor=300_000_00, due_on=dt.date(2027, 3, 1))
    versions.append(commitment.version)
    committing.cancel_tranche(actor, tranche)
    versions.append(commitment.version)

    assert versions == sorted(set(versions))


def test_what_is_withdrawn_leaves_what_was_released(app: Flask) -> None:
    idea, csi = listed(), fund()
    commitment = agreed(idea, csi, 400_00, 100_00, 300_00)
    committing.release_tranche(make.actor(csi.admin), commitment.tranches[0], released_on=now().date())

    committing.withdraw_commitment(make.actor(csi.admin), commitment, reason="Our board has decided.")

    assert (commitment.state, commitment.standing_minor, commitment.released_minor) == ("closed", 100_00, 100_00)
    assert [tranche.state for tranche in commitment.tranches] == ["released", "cancelled"]
    assert funding.totals_of(idea).committed == 100_00


def test_after_a_funder_leaves_both_sides_read_what_was_paid_and_what_it_leaves_open(client: FlaskClient) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    commitment = agreed(idea, csi, 400_00, 100_00, 300_00)
    agreed(idea, trust, 200_00, match_percent=100)
    before = page(client, idea.owner, f"/ideas/{idea.reference}/funding")[1]
    committing.release_tranche(make.actor(csi.admin), commitment.tranches[0], released_on=now().date())

    committing.withdraw_commitment(make.actor(csi.admin), commitment, reason="Our board has decided.")

    ours = page(client, idea.owner, f"/ideas/{idea.reference}/funding")[1]
    theirs = page(client, csi.member, "/funders/commitments")[1]
    assert "Others match all of it." in before
    assert [text.count("Closed, the rest withdrawn") for text in (ours, theirs)] == [1, 1]
    assert [text.count("R100 released, the rest withdrawn") for text in (ours, theirs)] == [1, 1]
    assert "Others match it up to R100 of R200" in ours
    assert "Others match" not in theirs


def test_the_tables_of_two_commitments_of_one_funder_have_names_of_their_own(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    agreed(idea, csi, 400_00)
    other = committing.accept_commitment(
        make.actor(idea.owner), offered(funding.talks_of(idea)[0], csi, 180_00, instrument="in_kind")
    )
    committing.plan_tranche(make.actor(csi.admin), other, amount_minor=180_00, due_on=dt.date(2027, 3, 1))

    text = page(client, idea.owner, f"/ideas/{idea.reference}/funding")[1]

    named = re.findall(r'aria-label="Tranches by day: [^"]+, (R\d+), [^"]+"', text)
    assert sorted(named) == ["R180", "R400"]


@pytest.mark.parametrize("who", ["other fund", "owner"])
def test_nobody_acts_for_a_fund_that_is_not_theirs(app: Flask, who: str) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    commitment = agreed(idea, csi, 400_00)
    actor = make.actor({"other fund": trust.admin, "owner": idea.owner}[who])

    attempts: list[Any] = [
        lambda: offered(commitment.talk, Fund(csi.funder, csi.member, make.person()), 100),
        lambda: committing.release_tranche(actor, commitment.tranches[0], released_on=now().date()),
        lambda: committing.withdraw_commitment(actor, commitment, reason="No."),
        lambda: talks.settle_check(actor, commitment.talk, item="accounts", verdict="fine"),
    ]

    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    db.session.expire_all()
    assert db.session.get_one(Commitment, commitment.id).released_minor == 0


def test_talks_end_with_a_reason_and_close_what_was_disclosed(app: Flask) -> None:
    from innovation.funders.commands.disclosing import disclose_fields
    from innovation.funders.queries.disclosed import kept_open

    idea, csi = listed(), fund()
    interest = introduced(idea, csi)
    talk: Talk = talks.begin_talks(make.actor(csi.member), interest)
    disclose_fields(make.actor(idea.owner), interest, fields=["totals", "paper:accounts"])

    talks.decline_talks(make.actor(idea.owner), talk, reason="We found what we need.")

    assert (talk.state, talk.reason, kept_open(interest)) == ("declined", "We found what we need.", set())


def test_a_point_can_be_not_needed(app: Flask) -> None:
    idea, csi = listed(), fund()
    talk = examined(idea, csi)

    check = talks.settle_check(make.actor(csi.member), talk, item="accounts", verdict="not_needed")

    assert (check.verdict, funding.unsettled([check])) == (
        "not_needed",
        [key for key in DILIGENCE_NAMES if key != "accounts"],
    )
