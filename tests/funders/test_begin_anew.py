"""What ended without a commitment can begin anew, with its history; after a no of the owner once the owner says so."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.db import db
from innovation.events import list_events
from innovation.funders import commands, queries
from innovation.funders.commands import committing, disclosing, talks
from innovation.funders.commands.workspace import pass_idea
from innovation.funders.commitment_models import Talk
from innovation.funders.models import Interest
from innovation.funders.queries.disclosed import kept_open
from innovation.ideas.models import Idea
from innovation.notifications.models import Notice
from innovation.permission import Forbidden
from tests import make
from tests.funders.funded import agreed, introduced
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused

ENDED_BY_OWNER = "The owner has ended the talks with your fund."


def talked(idea: Idea, by: Fund) -> Talk:
    return talks.begin_talks(make.actor(by.member), introduced(idea, by))


def ended(idea: Idea, by: Fund, *, by_owner: bool = False) -> Talk:
    who = idea.owner if by_owner else by.member
    return talks.decline_talks(make.actor(who), talked(idea, by), reason="Our budget is spent.")


def test_a_fund_that_ended_the_talks_shows_interest_anew_and_the_first_talks_stay(app: Flask) -> None:
    idea, csi = listed(), fund()
    first = ended(idea, csi)

    again = csi.interested(idea, "We have a new budget.")

    assert (first.interest.state, first.interest.ended_by_owner, again.state) == ("ended", False, "shown")
    assert queries.earlier_interests(again) == [first.interest]
    second = talks.begin_talks(make.actor(csi.member), commands.accept_interest(make.actor(idea.owner), again))
    assert (first.state, second.state) == ("declined", "talking")


def test_the_owner_may_refuse_what_is_shown_anew(app: Flask) -> None:
    idea, csi = listed(), fund()
    ended(idea, csi)

    refused = commands.decline_interest(make.actor(idea.owner), csi.interested(idea), reason="Others fund it now.")

    assert refused.state == "declined"
    with pytest.raises(Refused):
        csi.interested(idea)


@pytest.mark.parametrize("how", ["declined", "ended"])
def test_after_a_no_of_the_owner_a_fund_asks_again_only_once_the_owner_lets_it(app: Flask, how: str) -> None:
    idea, csi = listed(), fund()
    if how == "ended":
        refused, words = ended(idea, csi, by_owner=True).interest, ENDED_BY_OWNER
    else:
        refused = commands.decline_interest(make.actor(idea.owner), csi.interested(idea), reason="Not this year.")
        words = "The owner has declined your fund's interest in this idea."
    with pytest.raises(Refused) as stands:
        csi.interested(idea)

    commands.invite_interest(make.actor(idea.owner), refused)

    assert stands.value.reasons == (words,)
    assert csi.interested(idea).state == "shown"


def test_the_fund_is_told_that_it_may_ask_again(app: Flask) -> None:
    idea, csi = listed(), fund()
    for person in (idea.owner, csi.member):
        make.account(person)
    refused = ended(idea, csi, by_owner=True).interest
    worker.deliver_owed()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Notice))

    commands.invite_interest(make.actor(idea.owner), refused)
    worker.deliver_owed()

    told = db.session.execute(sa.select(Notice.person_id, Notice.subject).order_by(Notice.id).offset(before)).all()
    assert told == [(csi.member.id, f"You may show interest again: {idea.reference}")]
    assert list_events(f"idea:{idea.id}")[0].kind == "interest_invited"


def test_only_the_owner_takes_a_no_back_and_only_a_no_that_stands(app: Flask) -> None:
    idea, csi = listed(), fund()
    refused = ended(idea, csi, by_owner=True).interest

    with pytest.raises(Forbidden):
        commands.invite_interest(make.actor(csi.admin), refused)
    commands.invite_interest(make.actor(idea.owner), refused)
    with pytest.raises(Refused) as twice:
        commands.invite_interest(make.actor(idea.owner), refused)

    assert twice.value.reasons == ("There is no refusal that could be taken back.",)


@pytest.mark.parametrize("by_owner", [True, False])
def test_either_side_ends_an_introduction_that_led_to_no_talks(app: Flask, by_owner: bool) -> None:
    idea, csi = listed(), fund()
    interest = introduced(idea, csi)
    disclosing.disclose_fields(make.actor(idea.owner), interest, fields=["totals"])
    for person in (idea.owner, csi.member):
        make.account(person)

    commands.end_introduction(make.actor(idea.owner if by_owner else csi.member), interest, reason="Nobody wrote.")
    worker.deliver_owed()

    told = list(db.session.scalars(sa.select(Notice.person_id).where(Notice.subject.startswith("The introduction"))))
    assert (interest.state, interest.ended_by_owner, kept_open(interest)) == ("ended", by_owner, set())
    assert told == [csi.member.id if by_owner else idea.owner_id]
    with pytest.raises(Refused):
        talks.begin_talks(make.actor(csi.member), interest)


def test_an_introduction_with_talks_is_ended_by_ending_the_talks(app: Flask) -> None:
    idea, csi = listed(), fund()
    talk = talked(idea, csi)

    with pytest.raises(Refused) as refused:
        commands.end_introduction(make.actor(idea.owner), talk.interest, reason="Enough.")

    assert refused.value.reasons == ("There are talks already. End those, with a reason.",)


def test_after_the_end_contacts_and_fields_are_closed_on_both_sides(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    talk = talked(idea, csi)
    pack, ours = f"/funders/ideas/{idea.reference}", f"/ideas/{idea.reference}/interests"
    during = [page(client, csi.member, pack)[1], page(client, idea.owner, ours)[1]]

    talks.decline_talks(make.actor(csi.member), talk, reason="Our budget is spent.")
    after = [page(client, csi.member, pack)[1], page(client, idea.owner, ours)[1]]

    emails = (idea.owner.email, csi.member.email)
    assert [email in text for email, text in zip(emails, during, strict=True)] == [True, True]
    assert [email in text for email, text in zip(emails, after, strict=True)] == [False, False]
    assert "Our budget is spent." in after[1]
    with pytest.raises(Refused):
        disclosing.disclose_fields(make.actor(idea.owner), talk.interest, fields=["totals"])


def test_by_the_pages_a_fund_ends_its_talks_asks_anew_and_still_reads_the_first(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    talked(idea, csi)
    address = f"/funders/ideas/{idea.reference}"
    signed_in = make.sign_in(client, csi.member)

    signed_in.post(f"{address}/end", data={"reason": "Our budget is spent."})
    offers_again = signed_in.get(address).get_data(as_text=True)
    signed_in.post(f"{address}/interest", data={"message": "We have a new budget, and would like to talk."})
    old = signed_in.get(f"{address}/talks").get_data(as_text=True)

    assert "Show interest again" in offers_again
    assert "Our budget is spent." in old
    states = list(db.session.scalars(sa.select(Interest.state).order_by(Interest.id)))
    assert states == ["ended", "shown"]


def test_after_everything_is_released_there_can_be_a_second_round(app: Flask) -> None:
    idea, csi = listed(), fund()
    commitment = agreed(idea, csi, 100_000_00)
    actor = make.actor(csi.admin)
    with pytest.raises(Refused):
        csi.interested(idea)
    committing.release_tranche(actor, commitment.tranches[0], released_on=commitment.agreed_on)
    talks.close_talks(actor, commitment.talk)

    assert csi.interested(idea, "A second round.").state == "shown"


def test_a_fund_passes_on_an_idea_only_after_it_ended_the_introduction(app: Flask) -> None:
    idea, csi = listed(), fund()
    interest, actor = introduced(idea, csi), make.actor(csi.member)

    with pytest.raises(Refused):
        pass_idea(actor, csi.funder, idea=idea, reason="mandate")
    commands.end_introduction(actor, interest, reason="Not what we fund.")

    assert pass_idea(actor, csi.funder, idea=idea, reason="mandate").reason == "mandate"
