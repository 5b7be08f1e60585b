"""Interest: shown once, answered by the owner alone, and unseen by everybody else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import list_events
from innovation.funders import commands, queries
from innovation.funders.commands import talks
from innovation.ideas import commands as ideas
from innovation.permission import Forbidden
from tests import make
from tests.funders.funded import introduced
from tests.funders.watching import fund, listed, page
from workflows import Refused


def test_interest_waits_for_the_owner_and_is_recorded_without_its_words(app: Flask) -> None:
    idea, csi = listed(), fund()

    interest = csi.interested(idea, "A CANARY of a message.")

    event = list_events(f"idea:{idea.id}")[0]
    assert interest.state == "shown"
    assert (event.kind, event.data) == (
        "interest_shown",
        {"idea_id": idea.id, "interest_id": interest.id, "funder_id": csi.funder.id},
    )
    assert [(w.kind, w.interest.id) for w in queries.waiting_for(make.actor(idea.owner))] == [("answer", interest.id)]


def test_a_funder_shows_interest_once(app: Flask) -> None:
    idea, csi = listed(), fund()
    csi.interested(idea)

    with pytest.raises(Refused) as refused:
        commands.show_interest(make.actor(csi.admin), csi.funder, idea=idea, message="We too, please.")

    assert refused.value.reasons == ("Your fund has shown interest already. The owner has not answered yet.",)
    assert len(queries.interests_of(idea)) == 1


def test_after_withdrawing_a_funder_may_show_interest_again(app: Flask) -> None:
    idea, csi = listed(), fund()
    first = csi.interested(idea)
    commands.withdraw_interest(make.actor(csi.member), first)

    second = csi.interested(idea)

    assert (first.state, second.state) == ("withdrawn", "shown")


def test_a_declined_funder_does_not_ask_again(app: Flask) -> None:
    idea, csi = listed(), fund()
    commands.decline_interest(make.actor(idea.owner), csi.interested(idea), reason="Not this year.")

    with pytest.raises(Refused) as refused:
        csi.interested(idea)

    assert refused.value.reasons == ("The owner has declined your fund's interest in this idea.",)


def test_nobody_shows_interest_for_another_fund_or_in_an_idea_of_their_own(app: Flask) -> None:
    csi, other = fund(), fund("Demo trust")
    idea, own = listed(), listed(owner=csi.member)

    with pytest.raises(Forbidden):
        commands.show_interest(make.actor(other.member), csi.funder, idea=idea, message="In their name.")
    with pytest.raises(Refused) as refused:
        csi.interested(own)

    assert refused.value.reasons == (
        "You take part in this idea yourself. Somebody else of your fund can show interest.",
    )


@pytest.mark.parametrize("role", ["coordinator", "manager", "administrator"])
def test_only_the_owner_answers(app: Flask, role: str) -> None:
    interest = fund().interested(listed())

    for command in (commands.accept_interest, commands.decline_interest):
        with pytest.raises(Forbidden):
            command(make.actor(make.staff(role)), interest, reason="No.")


def test_who_declines_says_why(client: FlaskClient) -> None:
    idea = listed()
    interest = fund().interested(idea)
    make.sign_in(client, idea.owner)
    address, answer = f"/ideas/{idea.reference}/interests/{interest.id}/answer", f"i{interest.id}-answer"

    sent = client.post(address, data={answer: "decline"})

    assert (sent.status_code, "Say why, in a word to the funder." in sent.text, interest.state) == (422, True, "shown")
    with pytest.raises(Refused):
        commands.decline_interest(make.actor(idea.owner), interest, reason="")


def test_an_answer_is_given_once(app: Flask) -> None:
    idea = listed()
    interest = fund().interested(idea)
    commands.accept_interest(make.actor(idea.owner), interest)

    with pytest.raises(Refused):
        commands.decline_interest(make.actor(idea.owner), interest, reason="No.")

    assert interest.state == "accepted"


def test_withdrawn_consent_closes_open_interest_in_words_until_the_idea_is_shared_again(client: FlaskClient) -> None:
    idea, csi = listed(title="A title that only readers know"), fund()
    interest = csi.interested(idea)
    owner = make.actor(idea.owner)

    ideas.withdraw_consent(owner, idea, purpose="share_with_funders")

    with pytest.raises(Refused) as refused:
        commands.accept_interest(owner, interest)
    assert refused.value.reasons == ("The idea is not shared with funders at the moment.",)
    assert queries.waiting_for(owner) == []
    theirs = page(client, csi.member, "/funders/interests")[1]
    assert "Closed while the idea is not shared with funders" in theirs
    assert idea.title not in theirs
    assert idea.title not in page(client, csi.member, "/funders/interests?export=csv")[1]
    assert "No interest fits" in page(client, csi.member, "/funders/interests?q=title+that+only")[1]
    assert "Closed while the idea is not shared" in page(client, idea.owner, f"/ideas/{idea.reference}/interests")[1]
    ideas.give_consent(owner, idea, purpose="share_with_funders")
    assert commands.accept_interest(owner, interest).state == "accepted"


# Pages


def test_the_pack_takes_the_message_and_keeps_it_when_something_is_wrong(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    address = f"/funders/ideas/{idea.reference}/interest"
    make.sign_in(client, csi.member)

    short = client.post(address, data={"message": "Hello"})
    sent = client.post(address, data={"message": "We pay for readers and books."})
    again = client.post(address, data={"message": "We would still like to."})

    assert (short.status_code, sent.status_code, again.status_code) == (422, 302, 422)
    assert "Hello</textarea>" in short.text
    assert "Write between 10 and 1500 characters." in short.text
    assert "Your fund has shown interest already." in again.text


def test_two_funders_never_see_each_other(client: FlaskClient) -> None:
    idea, csi, other = listed(), fund("Demo CSI fund"), fund("Demo literacy trust")
    csi.interested(idea, "A CANARY of a message.")

    for address in ("/funders/ideas", f"/funders/ideas/{idea.reference}", "/funders/interests"):
        status, text = page(client, other.member, address)
        assert status == 200
        assert "CANARY" not in text
        assert "Demo CSI fund" not in text
    for address in ("", "/mandate", "/people", "/profile"):
        assert page(client, other.member, f"/funders/{csi.funder.key}{address}")[0] == 404
    make.sign_in(client, other.member)
    assert client.post(f"/funders/ideas/{idea.reference}/interest/withdrawal").status_code == 404


def test_the_owner_reads_the_message_and_staff_the_state_only(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    csi.interested(idea, "A CANARY of a message.")
    address = f"/ideas/{idea.reference}/interests"

    coordinator = page(client, make.staff("coordinator"), address)[1]

    assert "CANARY" in page(client, idea.owner, address)[1]
    assert "Waits for the owner" in coordinator
    assert "CANARY" not in coordinator
    assert csi.member.email not in coordinator
    assert page(client, make.person(), address)[0] == 404
    assert page(client, make.staff("facilitator", clinic_id=make.clinic().id), address)[0] == 404


def test_contacts_of_the_funders_person_are_shown_to_the_owner_after_accepting(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    interest = csi.interested(idea)
    address = f"/ideas/{idea.reference}/interests"
    before = page(client, idea.owner, address)[1]

    sent = client.post(f"{address}/{interest.id}/answer", data=answer(before, interest.id, "accept", "Please call."))

    after = page(client, idea.owner, address)[1]
    assert sent.status_code == 302
    assert csi.member.email not in before
    assert csi.member.email in after
    assert "Please call." in after
    assert csi.member.email not in page(client, make.staff("coordinator"), address)[1]


def answer(text: str, interest_id: int, choice: str, reason: str = "") -> dict[str, str]:
    """What the form on the page sends."""
    version = re.search(rf'name="i{interest_id}-version" value="(\d+)"', text)
    assert version is not None
    prefix = f"i{interest_id}-"
    return {f"{prefix}version": version[1], f"{prefix}answer": choice, f"{prefix}reason": reason}


def test_a_late_answer_is_told_that_something_has_changed_and_keeps_its_words(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    interest = csi.interested(idea)
    address = f"/ideas/{idea.reference}/interests"
    before = page(client, idea.owner, address)[1]
    commands.withdraw_interest(make.actor(csi.member), interest)

    late = client.post(f"{address}/{interest.id}/answer", data=answer(before, interest.id, "accept", "Gladly."))

    assert late.status_code == 409
    assert interest.state == "withdrawn"


def test_an_answer_to_an_interest_of_another_idea_is_not_there(client: FlaskClient) -> None:
    mine, theirs, csi = listed(), listed(), fund()
    interest = csi.interested(theirs)
    make.sign_in(client, mine.owner)

    sent = client.post(f"/ideas/{mine.reference}/interests/{interest.id}/answer", data={"answer": "accept"})

    assert sent.status_code == 404


def test_the_funder_finds_the_answer_waiting(app: Flask) -> None:
    idea, csi = listed(), fund()
    commands.accept_interest(make.actor(idea.owner), csi.interested(idea))

    waiting = queries.waiting_for(make.actor(csi.member))

    assert [(each.kind, each.interest.idea.id) for each in waiting] == [("answered", idea.id)]
    assert queries.waiting_for(make.actor(fund("Demo trust").member)) == []


def test_the_owner_sees_which_funders_fit_but_not_those_who_hide(client: FlaskClient) -> None:
    idea = listed()
    fund("Demo open trust")
    hidden = fund("Demo hidden trust")
    hidden.funder.visibility = "hidden"
    fund("Demo other stage", appetite={"replicating": "preferred"})
    db.session.commit()

    text = page(client, idea.owner, f"/ideas/{idea.reference}/interests")[1]

    assert "Demo open trust" in text
    assert "Demo hidden trust" not in text
    assert "Demo other stage" not in text


def test_staff_list_states_of_the_ideas_they_may_see(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    csi.interested(idea, "A CANARY of a message.")
    elsewhere = make.staff("coordinator", region_id=make.region("WC").id)

    text = page(client, make.staff("manager"), "/funders/interests")[1]

    assert idea.title in text
    assert "CANARY" not in text
    assert idea.title not in page(client, elsewhere, "/funders/interests")[1]
    assert page(client, idea.owner, "/funders/interests")[0] == 404


def test_after_talks_ended_both_sides_read_so_wherever_the_interest_stands(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    talk = talks.begin_talks(make.actor(csi.member), introduced(idea, csi))
    talks.decline_talks(make.actor(csi.member), talk, reason="Our budget is spent.")

    pack = f"/funders/ideas/{idea.reference}"
    shown = [page(client, csi.member, each)[1] for each in ("/funders/interests", "/funders/ideas", pack)]
    ours = page(client, csi.member, f"{pack}/talks")[1]
    theirs = page(client, idea.owner, f"/ideas/{idea.reference}/interests")[1]

    assert [text.count(">Talks ended<") for text in [*shown, theirs]] == [2, 1, 1, 1]  # the list filters by it, too
    assert "Your fund has ended the talks" in ours
