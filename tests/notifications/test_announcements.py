"""The letters that announce decisions: seen and changed before, and sent as they were changed."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands
from innovation.gates.models import Review
from innovation.notifications.models import Message, Notice
from tests import make
from tests.gates.deciding import chair_of, decide

pytestmark = pytest.mark.usefixtures("app")


def withheld(outcome: str = "stop") -> Review:
    review = make.scored_review()
    make.account(review.idea.owner)
    db.session.commit()
    worker.deliver_owed()
    db.session.execute(sa.delete(Notice))
    db.session.execute(sa.delete(Message))
    db.session.commit()
    decide(review, outcome, announce="later")
    worker.deliver_owed()
    return review


def told() -> dict[str, str]:
    """The subject of each notice by the name of who has it."""
    worker.deliver_owed()
    rows = db.session.execute(sa.select(Person.name, Notice.subject).join(Notice, Notice.person_id == Person.id))
    return {row[0]: row[1] for row in rows}


def stamps_in(page: str) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', page)


def test_nobody_is_told_of_a_decision_that_is_held_back() -> None:
    withheld()

    assert told() == {}


def test_the_letter_is_seen_changed_and_sent_as_it_was_changed(client: FlaskClient) -> None:
    review = withheld()
    owner = review.idea.owner
    browser = make.sign_in(client, make.staff("coordinator"))
    address = f"/reviews/{review.id}/announcement"

    page = unescape(browser.get(address).text)
    members = [seat.person_id for seat in review.seats]
    version = str(review.version)
    letter = {"subject": "About your clubs", "text": "We are sorry.", "told": [owner.id, members[0]]}
    changed = browser.post(address, data={**letter, "version": version})
    sent = browser.post(f"{address}/sending", data={**letter, "version": version})

    assert f"Stop: “{review.idea.title}”" in page
    assert [name in page for name in ("Owner", "Panel chair", "Panel member")] == [True] * 3
    assert (changed.status_code, sent.status_code) == (302, 302)
    assert told() == {"Owner": "About your clubs", "Panel chair": "About your clubs"}
    mail = db.session.scalars(sa.select(Message).where(Message.person_id == owner.id)).one()
    assert "We are sorry." in (mail.text or "")


def test_what_was_typed_last_is_sent_though_nobody_has_kept_it(client: FlaskClient) -> None:
    review = withheld()
    letter = {"subject": "About your clubs", "text": "We are sorry.", "told": [review.idea.owner_id]}
    browser = make.sign_in(client, make.staff("coordinator"))

    browser.post(f"/reviews/{review.id}/announcement/sending", data={**letter, "version": str(review.version)})

    assert told() == {"Owner": "About your clubs"}


@pytest.mark.parametrize("path", ["", "/sending"])
def test_of_two_who_change_a_letter_the_second_is_told(path: str, client: FlaskClient) -> None:
    review = withheld()
    browser = make.sign_in(client, make.staff("coordinator"))
    address = f"/reviews/{review.id}/announcement"
    seen = re.findall(r'name="as_seen" value="(WithheldDecision[^"]+)"', browser.get(address).text)[0]
    letter = {"subject": "About your clubs", "text": "We are sorry.", "version": str(review.version), "as_seen": seen}
    browser.post(address, data={**letter, "told": [review.idea.owner_id]})

    second = browser.post(address + path, data={**letter, "text": "Never mind.", "told": [review.seats[0].person_id]})

    assert (second.status_code, "Never mind." in second.text, told()) == (409, True, {})
    assert review.settled_at is not None


def test_several_are_not_announced_with_letters_that_nobody_has_seen(client: FlaskClient) -> None:
    review, staff = withheld(), make.staff("coordinator")
    browser = make.sign_in(client, staff)
    shown = browser.get("/announcements/letters", query_string={"review": [review.id]}).text
    commands.change_announcement(make.actor(staff), review, subject="Quite another", text="Letter.")

    answer = browser.post("/announcements/letters", data={"review": [review.id], "seen": stamps_in(shown)})

    assert (answer.status_code, told(), "Quite another" in answer.text) == (409, {}, True)


def test_going_back_after_a_move_in_silence_leads_to_the_letter(client: FlaskClient) -> None:
    review = withheld()
    browser = make.sign_in(client, make.staff("coordinator"))
    address = f"/reviews/{review.id}/announcement"
    browser.post(f"{address}/silence", data={"reason": "The family is in mourning.", "version": str(review.version)})

    again = browser.get(f"{address}/silence")

    assert (again.status_code, again.headers["Location"]) == (302, address)


def test_a_move_in_silence_writes_to_nobody_until_the_letters_are_sent_after_all() -> None:
    review = withheld()
    staff = make.staff("coordinator")
    db.session.commit()
    commands.move_silently(make.actor(staff), review, reason="The family is in mourning.")
    silent = told()

    commands.tell_team(make.actor(staff), review)

    assert silent == {}
    assert told()["Owner"] == f"Stop: “{review.idea.title}”"


def test_several_decisions_are_announced_together_after_a_look_at_their_letters(client: FlaskClient) -> None:
    reviews = [withheld(), withheld("hold")]
    browser = make.sign_in(client, make.staff("coordinator"))
    chosen = [review.id for review in reviews]

    listed = unescape(browser.get("/announcements").text)
    shown = unescape(browser.get("/announcements/letters", query_string={"review": chosen}).text)
    browser.post("/announcements/letters", data={"review": chosen, "seen": stamps_in(shown)})

    assert [review.idea.title in listed for review in reviews] == [True, True]
    assert shown.count("The reasons stand with the decision.") == 2
    assert [review.idea.standing for review in reviews] == ["stopped", "held"]


def test_the_chair_holds_a_decision_back_on_the_form_and_the_owner_sees_nothing_of_it(client: FlaskClient) -> None:
    review = make.scored_review()
    pages = (f"/ideas/{review.idea.reference}", f"/reviews/{review.id}/outcome", "/work", "/inbox", "/")
    owner = make.sign_in(client.application.test_client(), review.idea.owner)
    before = [_plain(owner.get(page).text) for page in pages]
    browser = make.sign_in(client, review.leading[0].person)
    form = {"outcome": "stop", "rationale": "Done before.", "stop_reason": "duplicate", "lesson": "Look first."}

    answer = browser.post(
        f"/reviews/{review.id}/decision",
        data={**form, "thanks": "Thank you.", "announce": "later", "against_reason": "We know more."},
    )
    for page in (f"/reviews/{review.id}/announcement", "/announcements"):
        assert owner.get(page).status_code in (403, 404)

    assert answer.location == f"/reviews/{review.id}/announcement"
    assert "Done before." in browser.get(f"/reviews/{review.id}").text
    assert [_plain(owner.get(page).text) for page in pages] == before
    assert chair_of(review).person_id == review.leading[0].person_id


def _plain(text: str) -> list[str]:
    """A page without what is new each time it is drawn: keys of its forms."""
    return [line for line in text.splitlines() if 'name="once"' not in line and "csrf" not in line]
