"""People join an open clinic by its code and capture without a sign-in; of a child only a first name is kept."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from innovation.accounts.models import Attempt, Person, Token
from innovation.accounts.throttling import Throttled
from innovation.clinics import commands, next_steps, room_capture, rooms
from innovation.clinics.models import Clinic, Device
from innovation.db import db, now
from innovation.ideas import claims
from innovation.ideas.capture import Captured, Owner, SentBefore
from innovation.ideas.consent_models import CompetentConsent, NoticeShown
from innovation.ideas.models import Consent, Idea
from innovation.ideas.young import Young
from innovation.permission import STRANGER, Forbidden
from innovation.programmes import commands as programmes
from innovation.programmes.notices import NoticeText
from tests import make
from workflows import Refused

ANSWERS = {
    "title": "Reading clubs run by matric leavers",
    "problem": "Children do not read for meaning.",
    "summary": "Matric leavers read with children after school.",
}
CHILD = Young(name="Lindiwe", school="Demo Primary", agreed_by="Demo mother", relation="parent", how="in_person")


def runs(clinic: Clinic) -> Any:
    whose = make.grant(make.person(), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    return make.actor(whose)


def opened(**more: Any) -> tuple[Any, Clinic, str]:
    clinic = make.clinic(**more)
    actor = runs(clinic)
    return actor, clinic, str(rooms.open_room(actor, clinic).code)


def joined(clinic: Clinic, code: str) -> tuple[Device, str]:
    return rooms.join_room(STRANGER, rooms.look_up(code, "10.0.0.1"), label="Chrome · Android")


def captured(clinic: Clinic, device: Device | None = None, **more: Any) -> Captured:
    details: dict[str, Any] = {
        "answers": ANSWERS,
        "owner": Owner("Demo owner"),
        "agreed": room_capture.Agreed(1, "en", ("public_name", "share_with_funders")),
        "import_key": f"form:{uuid.uuid4()}",
        **more,
    }
    return room_capture.capture_in_room(rooms.actor_of(clinic, device), clinic, device=device, **details)


# The code


def test_the_code_has_no_letters_that_make_words_or_look_alike(app: Any) -> None:
    _actor, _clinic, code = opened()

    assert len(code) == 6
    assert not set(code) & set("AEIOULSY0123456789")


def test_the_code_is_found_however_it_is_typed_and_ends_with_the_clinic(app: Any) -> None:
    actor, clinic, code = opened()
    typed = f" {code[:3].lower()}-{code[3:]} "

    found = rooms.look_up(typed, "10.0.0.1").clinic_id
    commands.close_clinic(actor, clinic)

    assert found == clinic.id
    with pytest.raises(Refused):
        rooms.look_up(code, "10.0.0.1")


def test_a_new_code_ends_the_old_one_and_phones_stay(app: Any) -> None:
    actor, clinic, code = opened()
    _device, token = joined(clinic, code)

    renewed = str(rooms.renew_code(actor, clinic).code)

    assert rooms.look_up(renewed, "10.0.0.1").clinic_id == clinic.id
    with pytest.raises(Refused):
        rooms.look_up(code, "10.0.0.1")
    assert rooms.find_device(token) is not None


def test_whoever_guesses_codes_has_to_wait_and_others_do_not(app: Any) -> None:
    _actor, clinic, code = opened()
    db.session.add_all(Attempt(key=rooms.key_of("room", "10.0.0.9")) for _n in range(rooms.TRIES))
    db.session.commit()

    found = rooms.look_up(code, "10.0.0.1")

    assert found.clinic_id == clinic.id
    with pytest.raises(Throttled):
        rooms.look_up(code, "10.0.0.9")


def test_forty_children_who_mistype_three_times_each_do_not_lock_the_room_out(app: Any) -> None:
    _actor, clinic, code = opened()
    wrong = [f"{code[:3]}{a}{b}{c}" for a in "BCDFG" for b in "BCDFG" for c in "BCDFG"]
    for other in [each for each in wrong if each != code][: 40 * 3 - 1]:
        with pytest.raises(Refused):
            rooms.look_up(other, "10.0.0.9")

    assert rooms.look_up(code, "10.0.0.9").clinic_id == clinic.id


def test_phones_that_ask_with_a_code_that_was_renewed_do_not_lock_the_room_out(app: Any) -> None:
    actor, clinic, old = opened()
    rooms.renew_code(actor, clinic)
    for _phone in range(2 * rooms.TRIES):
        with pytest.raises(Refused):
            rooms.look_up(old, "10.0.0.9")

    tries = db.session.scalar(sa.select(sa.func.count()).where(Attempt.key == rooms.key_of("room", "10.0.0.9")))

    assert tries == 1


def test_guessing_stays_hopeless(app: Any) -> None:
    codes, an_hour = len(rooms.LETTERS) ** rooms.LENGTH, rooms.TRIES * 60 // rooms.MINUTES

    assert codes / an_hour > 70_000


@pytest.mark.parametrize("state", ["planned", "voting", "closed", "reported"])
def test_a_room_is_opened_at_an_open_clinic_only(app: Any, state: str) -> None:
    clinic = make.clinic(state)

    with pytest.raises(Refused):
        rooms.open_room(runs(clinic), clinic)


# Phones


def test_a_token_is_kept_as_a_digest_and_ends_some_days_after_the_clinic(app: Any) -> None:
    actor, clinic, code = opened()
    device, token = joined(clinic, code)
    commands.close_clinic(actor, clinic)
    closed = now()

    with time_machine.travel(closed + dt.timedelta(days=13), tick=False):
        still = rooms.find_device(token)
    with time_machine.travel(closed + dt.timedelta(days=15), tick=False):
        over = rooms.find_device(token)

    assert token not in device.token_digest
    assert (still, over) == (device, None)


def test_a_phone_that_is_shut_out_captures_nothing_more(app: Any) -> None:
    actor, clinic, code = opened()
    device, token = joined(clinic, code)

    rooms.shut_out_device(actor, clinic, device_id=device.id)

    assert rooms.find_device(token) is None
    assert device.revoked_by_id == actor.person_id


def test_a_phone_captures_at_its_own_clinic_only(app: Any) -> None:
    _actor, clinic, code = opened()
    device, _token = joined(clinic, code)
    other = make.clinic()

    with pytest.raises(Forbidden):
        room_capture.capture_in_room(
            rooms.actor_of(clinic, device),
            other,
            answers=ANSWERS,
            owner=Owner("Demo owner"),
            agreed=room_capture.Agreed(1, "en", ()),
            import_key="form:1",
        )


# Capturing


def test_what_was_shown_given_and_withheld_is_kept_with_the_idea(app: Any) -> None:
    _actor, clinic, code = opened()
    device, _token = joined(clinic, code)

    idea = captured(clinic, device).idea

    noted = db.session.get_one(NoticeShown, idea.id)
    assert (noted.device_id, noted.version, noted.language) == (device.id, 1, "en")
    assert (noted.given, noted.withheld) == (["public_name", "share_with_funders"], ["contact", "photo"])
    consents = db.session.scalars(sa.select(Consent).filter_by(idea_id=idea.id)).all()
    assert {(c.purpose, c.notice_version, c.notice_language) for c in consents} == {
        ("public_name", 1, "en"),
        ("share_with_funders", 1, "en"),
    }


def test_a_phone_that_was_away_delivers_under_the_notice_that_it_has_shown(app: Any) -> None:
    actor, clinic, code = opened()
    device, _token = joined(clinic, code)
    programme = make.programme()
    programme.notice = "The first notice."
    told = {"name": programme.name, "responsible_party": "", "notice": "The second notice."}
    programmes.change_programme(make.actor(make.staff("manager")), programme, **told)
    commands.close_clinic(actor, clinic)

    idea = captured(clinic, device).idea

    first = db.session.scalars(sa.select(NoticeText)).one()
    assert (first.version, first.text, programme.notice_version) == (1, "The first notice.", 2)
    assert db.session.get_one(NoticeShown, idea.id).version == 1


def test_a_notice_that_never_was_is_refused(app: Any) -> None:
    _actor, clinic, _code = opened()

    with pytest.raises(Refused, match="notice"):
        captured(clinic, agreed=room_capture.Agreed(7, "en", ()))


def test_the_same_idea_sent_again_is_one_idea_with_the_same_secret_even_when_the_clinic_is_over(app: Any) -> None:
    actor, clinic, code = opened()
    device, _token = joined(clinic, code)
    key = f"form:{uuid.uuid4()}"
    first = captured(clinic, device, import_key=key)
    next_steps.record_next_steps(actor, clinic, steps={first.idea.id: ("Ask two schools", None)})
    commands.close_clinic(actor, clinic)
    clinic.state = "reported"

    again = captured(clinic, device, import_key=key)

    assert (again.idea.id, again.secret, again.is_new) == (first.idea.id, first.secret, False)


def test_the_same_idea_with_other_words_changes_nothing_and_says_where_the_first_is(app: Any) -> None:
    _actor, clinic, _code = opened()
    key = f"form:{uuid.uuid4()}"
    first = captured(clinic, import_key=key)

    with pytest.raises(SentBefore) as refused:
        captured(clinic, import_key=key, answers={**ANSWERS, "title": "Another title"})

    assert refused.value.reference == first.idea.reference
    assert db.session.scalars(sa.select(Idea.title)).all() == [ANSWERS["title"]]


def test_a_clinic_that_is_reported_takes_nothing_from_phones(app: Any) -> None:
    _actor, clinic, code = opened()
    device, _token = joined(clinic, code)
    clinic.state = "reported"

    with pytest.raises(Refused, match="reported"):
        captured(clinic, device)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 0


def test_a_phone_makes_no_idea_that_of_somebody_with_a_sign_in_until_they_open_their_letter(app: Any) -> None:
    _actor, clinic, code = opened()
    known = make.person("Demo owner", email="owner@gatehouse.example")
    make.account(known)
    named = Owner("Demo owner", "owner@gatehouse.example", "072 345 6789")
    agreed = room_capture.Agreed(1, "en", ("contact",))

    idea = captured(clinic, joined(clinic, code)[0], owner=named, agreed=agreed).idea

    link = db.session.scalars(sa.select(Token).filter_by(subject_id=idea.id)).one()
    assert (idea.owner_id != known.id, idea.claimed_at, known.phone) == (True, None, None)
    assert claims.adopt_idea(make.actor(known), link).owner_id == known.id


def test_of_a_child_a_first_name_and_a_school_are_kept_and_who_agreed(app: Any) -> None:
    _actor, clinic, _code = opened()
    agreed = room_capture.Agreed(1, "en", ("contact", "photo"))

    idea = captured(clinic, young=CHILD, agreed=agreed).idea

    owner = db.session.get_one(Person, idea.owner_id)
    assert (owner.name, owner.email, owner.phone) == ("Lindiwe", None, None)
    kept = db.session.get_one(CompetentConsent, idea.id)
    assert (kept.school, kept.name, kept.relation, kept.how) == ("Demo Primary", "Demo mother", "parent", "in_person")
    assert db.session.scalars(sa.select(Consent.purpose).filter_by(idea_id=idea.id)).all() == ["photo"]


def test_a_child_for_whom_nobody_agreed_stays_without_a_name_and_agrees_to_nothing(app: Any) -> None:
    _actor, clinic, _code = opened()

    idea = captured(clinic, young=Young()).idea

    assert db.session.get_one(Person, idea.owner_id).name == "A learner"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 0


@pytest.mark.parametrize(
    "young",
    [
        Young(name="Lindiwe"),
        Young(name="Lindiwe Demo", agreed_by="Demo mother", relation="parent", how="phone"),
        Young(phone="072 345 6789"),
        Young(email="child@gatehouse.example"),
        Young(name="Lindiwe", agreed_by="Demo mother", relation="friend", how="phone"),
    ],
)
def test_nothing_else_of_a_child_is_taken(app: Any, young: Young) -> None:
    _actor, clinic, _code = opened()

    with pytest.raises(Refused):
        captured(clinic, young=young)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.name.contains("Lind"))) == 0


def test_nobody_adds_an_address_to_the_idea_of_a_child_later(app: Any) -> None:
    _actor, clinic, _code = opened()
    idea = captured(clinic, young=CHILD).idea

    with pytest.raises(Refused, match="under 18"):
        claims.begin_claim(STRANGER, idea, email="child@gatehouse.example")
