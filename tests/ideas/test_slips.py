"""What an owner is told of their idea: what it costs as an SMS, what happens next and by when."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.clinics import slip_paper
from innovation.clinics.models import Clinic, NextStep
from innovation.clinics.slip_sheets import Slip
from innovation.db import db
from innovation.ideas import capture, claims, slips, sms, status
from innovation.ideas.models import Idea
from innovation.languages import LANGUAGES, told_in
from tests import make


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts", "dear"),
    [
        ("a" * 160, "GSM-7", 160, 1, ()),
        ("a" * 161, "GSM-7", 161, 2, ()),
        ("a" * 306, "GSM-7", 306, 2, ()),
        ("a" * 307, "GSM-7", 307, 3, ()),
        ("€" * 80, "GSM-7", 160, 1, ("€",)),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3, ("€",)),  # the euro sign is not torn apart
        ("Muḓagasi š", "UCS-2", 10, 1, ("ḓ", "š")),
        ("ô" * 70, "UCS-2", 70, 1, ("ô",)),
        ("ô" * 71, "UCS-2", 71, 2, ("ô",)),
        ("\U0001f600" * 34, "UCS-2", 68, 1, ("\U0001f600",)),
        ("\U0001f600" * 67, "UCS-2", 134, 3, ("\U0001f600",)),  # 33 in a part, since none is torn apart
        ("Ngiyabonga, iphrojekthi ibhaliwe", "GSM-7", 32, 1, ()),
        ("é è à ñ £ @ Ä", "GSM-7", 13, 1, ()),
        ("", "GSM-7", 0, 1, ()),
    ],
)
def test_what_a_text_costs(text: str, alphabet: str, units: int, parts: int, dear: tuple[str, ...]) -> None:
    cost = sms.cost_of(text)

    assert (cost.alphabet, cost.units, cost.parts, cost.dear) == (alphabet, units, parts, dear)


def test_what_does_not_fit_into_one_message_is_left_out_first() -> None:
    assert sms.shortest(["a" * 200, "b" * 150, "c"]) == "b" * 150
    assert sms.shortest(["a" * 400, "b" * 200]) == "b" * 200


def captured(**more: Any) -> tuple[Idea, str]:
    clinic = make.clinic()
    actor = make.actor(make.staff("facilitator", clinic_id=clinic.id))
    told = {"title": "Reading clubs", "problem": "Few read.", "summary": "Clubs after school."}
    done = capture.capture_idea(actor, clinic, answers=told, owner_name="A teacher", import_key="form:1", **more)
    return done.idea, done.secret or ""


def test_the_message_fits_into_one_sms_and_says_by_when(app: Flask) -> None:
    idea, secret = captured(owner_phone="+27 72 345 6789", consents=("contact",))

    with app.test_request_context():
        message = slips.message_of(idea, secret)

    assert (message.cost.parts, message.cost.dear) == (1, ())
    assert claims.shown(secret) in message.text
    assert "Next: Screening gate, ready by" in message.text
    assert message.whatsapp.startswith("https://wa.me/27723456789?text=")
    assert unquote(message.whatsapp.partition("text=")[2]) == message.text
    assert message.sms.startswith("sms:+27723456789?body=")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_message_fits_into_one_sms_in_every_language_and_says_by_when(app: Flask, language: str) -> None:
    idea, secret = captured()
    idea.owner.language = language
    by = status.due_on(idea)

    with app.test_request_context():
        message = told_in(language, lambda: slips.message_of(idea, secret))

    assert by is not None
    assert (message.cost.alphabet, message.cost.parts) == ("GSM-7", 1)
    assert str(by.year) in message.text
    assert str(by.day) in message.text


def test_letters_lose_their_marks_in_an_sms_and_keep_them_by_whatsapp(app: Flask) -> None:
    idea, secret = captured()

    with app.test_request_context():
        message = told_in("ve", lambda: slips.message_of(idea, secret))

    assert "wo nwaliswa" in message.text
    assert "wo ṅwaliswa" in unquote(message.whatsapp)
    assert "ṅ" in message.bared


def test_a_number_that_may_not_be_used_is_in_no_link(app: Flask) -> None:
    idea, secret = captured()
    idea.owner.phone = "+27 72 345 6789"

    with app.test_request_context():
        message = slips.message_of(idea, secret)

    assert (message.whatsapp[:21], message.sms[:10]) == ("https://wa.me/?text=I", "sms:?body=")


def test_a_secret_is_told_again_until_the_idea_is_claimed_or_has_a_newer_one(app: Flask) -> None:
    idea, secret = captured()
    before = slips.secret_to_tell(idea)

    claims.renew_secret(make.actor(make.staff("coordinator")), idea)

    assert (before, slips.secret_to_tell(idea)) == (secret, None)


def test_at_a_gate_the_next_step_is_expected_when_its_panel_has_had_its_days(app: Flask) -> None:
    idea = make.idea(place="at_screening", place_since=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC))

    with app.test_request_context():
        told = slips.next_for(idea)

    assert status.due_on(idea) == dt.date(2026, 3, 23)  # fifteen working days
    assert "Expected by 23 Mar 2026." in told


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        ("active", ""),
        ("held", ""),
        ("stopped", "It also leads to a sign-in, to read what is kept of the idea."),
        ("withdrawn", "It also leads to a sign-in, to read what is kept of the idea."),
    ],
)
def test_a_slip_of_what_has_ended_invites_to_read_and_not_to_work(app: Flask, standing: str, told: str) -> None:
    idea = make.idea(standing=standing)

    with app.test_request_context():
        said = slips.secret_of_ended(idea, is_young=False)

    assert said == (f"Keep the secret to yourself. {told}" if told else "")


def test_the_slip_of_an_idea_that_ended_promises_no_work_on_its_page_and_on_paper(client: FlaskClient) -> None:
    idea, _secret = captured()
    clinic = db.session.get_one(Clinic, idea.clinic_id)
    step = NextStep(clinic_id=clinic.id, idea_id=idea.id, text="Ask two schools", due_on=dt.date(2026, 3, 2))
    make.sign_in(client, make.staff("coordinator"))

    told = []
    for standing in ("active", "stopped"):
        idea.standing = standing
        db.session.commit()
        paper = slip_paper.told_on(clinic, Slip(idea, "ABCD2345", step))
        told.append((client.get(f"/ideas/{idea.reference}/slip").text, paper))

    [(page, paper), (page_after, paper_after)] = told
    assert ["To work on it yourself" in text for text in (page, page_after)] == [True, False]
    assert ["to read what is kept of the idea" in text for text in (page, page_after)] == [False, True]
    assert [each["step"] for each in (paper, paper_after)] == ["You agreed: Ask two schools (2 Mar 2026)", ""]
    assert ["to work on" in each["words"]["private"] for each in (paper, paper_after)] == [True, False]


def test_the_public_page_shows_no_title_that_its_owner_keeps_back(client: FlaskClient) -> None:
    idea, secret = captured()
    db.session.commit()
    slip = {"reference": idea.reference, "secret": secret}

    withheld = client.post("/status", data=slip).text
    make.consent(idea, "public_name")
    shown = client.post("/status", data=slip).text

    assert ("Reading clubs" in withheld, "Reading clubs" in shown) == (False, True)
    assert "A teacher" not in withheld + shown
    assert "Expected by" in withheld
