"""Paper cards: made in numbers, printed, typed in once each in their order, and accounted for."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from innovation import worker
from innovation.clinics import card_paper, cards
from innovation.clinics.models import Card, Clinic, NextStep
from innovation.db import db
from innovation.events import Event
from innovation.ideas import claims
from innovation.ideas.consent_models import CompetentConsent, NoticeShown
from innovation.ideas.models import Idea
from innovation.ideas.store import store
from innovation.permission import Forbidden
from innovation.programmes.models import Programme
from tests import make
from workflows import CARD, Refused, library_definition

TOLD: dict[str, Any] = {
    "answers": {"title": "Reading clubs", "problem": "Few read.", "summary": "Clubs after school."},
    "owner_name": "A teacher",
}
FORM = {"title": "Reading clubs", "problem": "Few read.", "summary": "Clubs after school.", "owner_name": "A teacher"}


def running(clinic: Clinic) -> Any:
    return make.actor(make.staff("facilitator", clinic_id=clinic.id))


def with_cards(many: int = 3, state: str = "open") -> tuple[Clinic, Any]:
    clinic = make.clinic(state)
    actor = running(clinic)
    cards.make_cards(actor, clinic, many=many)
    db.session.commit()
    return clinic, actor


def picture(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def test_cards_are_numbered_on_and_each_keeps_a_reference(app: Flask) -> None:
    clinic, actor = with_cards(2, "planned")

    cards.make_cards(actor, clinic, many=1)

    made = db.session.scalars(sa.select(Card).order_by(Card.number)).all()
    assert [card.number for card in made] == [1, 2, 3]
    assert [card.reference[-5:] for card in made] == ["-0001", "-0002", "-0003"]


def test_who_does_not_run_the_clinic_makes_no_cards(app: Flask) -> None:
    clinic, other = make.clinic(), make.clinic()

    with pytest.raises(Forbidden):
        cards.make_cards(running(other), clinic, many=1)


def test_a_card_becomes_the_idea_whose_reference_and_secret_stand_on_it(app: Flask) -> None:
    clinic, actor = with_cards()
    card = cards.find_card(clinic, 2)

    captured = cards.type_in_card(actor, clinic, number=2, next_step="Ask two schools", **TOLD)

    assert (captured.idea.reference, card.state, card.idea_id) == (card.reference, "typed", captured.idea.id)
    assert claims.fits(captured.idea, claims.secret_for(clinic.programme_id, card.import_key))
    assert db.session.scalars(sa.select(NextStep.text)).all() == ["Ask two schools"]


def test_a_card_that_is_typed_in_twice_makes_one_idea(app: Flask) -> None:
    clinic, actor = with_cards()
    cards.type_in_card(actor, clinic, number=1, **TOLD)

    with pytest.raises(Refused) as refused:
        cards.type_in_card(actor, clinic, number=1, **TOLD)

    assert "is typed in already" in refused.value.reasons[0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 1


def test_ideas_that_are_captured_otherwise_leave_the_references_of_cards_alone(app: Flask) -> None:
    clinic, actor = with_cards(2)
    cards.type_in_card(actor, clinic, number=2, **TOLD)

    from innovation.ideas import capture

    captured = capture.capture_idea(actor, clinic, **TOLD | {"owner_name": "Another"})

    assert captured.idea.reference.endswith("-0003")


@pytest.mark.parametrize(
    ("state", "steps", "after"),
    [
        ("printed", ("void",), "void"),
        ("printed", ("miss", "type"), "typed"),
        ("missing", ("void", "restore"), "printed"),
    ],
)
def test_a_card_goes_its_way(state: str, steps: tuple[str, ...], after: str) -> None:
    for step in steps:
        state = CARD.fire(state, step)

    assert state == after


def test_the_rest_is_accounted_for_at_once_and_typed_cards_stay(app: Flask) -> None:
    clinic, actor = with_cards(3)
    cards.type_in_card(actor, clinic, number=2, **TOLD)

    cards.mark_cards(actor, clinic, step="miss")

    assert cards.count_cards(clinic) == {"printed": 0, "typed": 1, "void": 0, "missing": 2}
    with pytest.raises(Refused):
        cards.mark_cards(actor, clinic, step="void", numbers=[2])


def test_the_pile_goes_on_in_its_order_and_comes_round(app: Flask) -> None:
    clinic, actor = with_cards(3)
    cards.type_in_card(actor, clinic, number=2, **TOLD)

    following = [cards.next_card(clinic, after) for after in (0, 1, 3)]

    assert [card.number for card in following if card] == [1, 3, 1]


# On paper


def test_what_a_card_asks_is_what_the_canvas_says(app: Flask) -> None:
    definition = library_definition("classic")

    keys = [field.key for field in card_paper.card_fields(definition)]

    assert keys[:2] == ["title", "problem"]
    assert set(keys) == {field.key for field in definition.canvas if field.quick and field.type != "file"}
    assert keys[-3:] == ["who_has_it", "evidence", "first_test"]  # on the back: what can wait


def test_cards_are_a_tagged_pdf_and_leave_out_what_is_typed_in(app: Flask) -> None:
    clinic, actor = with_cards(2)
    cards.type_in_card(actor, clinic, number=1, **TOLD)
    clinic.title = "#panic(1) *clinic* \U0001f600"
    programme = db.session.get_one(Programme, clinic.programme_id)

    left = cards.cards_to_print(clinic, 1, 9)
    with app.test_request_context():
        pdf = card_paper.cards_as_pdf(programme, clinic, left)

    assert [card.number for card in left] == [2]
    assert (pdf[:5], b"/StructTreeRoot" in pdf) == (b"%PDF-", True)


# Pages


def test_save_and_next_brings_the_next_card_with_what_is_often_the_same(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    district = make.district().id
    make.school()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))
    where = {"where_district": str(district), "where_school": "930320001"}

    saved = client.post(f"/clinics/{clinic.code}/cards/1", data=FORM | where)
    page = client.get(saved.location)

    assert saved.location.startswith(f"/clinics/{clinic.code}/cards/2?")
    assert 'value="930320001"' in page.text
    assert f'<option value="{district}" selected>' in page.text


def test_a_number_that_no_card_has_leads_back_to_the_card_in_hand(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))

    answer = client.get(f"/clinics/{clinic.code}/cards/next?number=77&here=2&theme=1")
    page = client.get(answer.location)

    assert answer.location == f"/clinics/{clinic.code}/cards/2?theme=1"
    assert "This clinic has no card 77." in page.text


@pytest.mark.parametrize(
    "path",
    [
        "next?number={n}",
        "next?after={n}",
        "next?number=9&here={n}",
        "{n}",
        "1?theme={n}&district={n}",
        "paper?first={n}",
    ],
)
def test_a_number_that_is_far_too_large_is_no_card(client: FlaskClient, path: str) -> None:
    clinic, _actor = with_cards(2)
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    answer = client.get(f"/clinics/{clinic.code}/cards/{path.format(n=10**30)}")

    assert answer.status_code < 500


def test_cards_are_asked_for_and_marked_by_numbers_that_are_far_too_large(client: FlaskClient) -> None:
    clinic, _actor = with_cards(2)
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    paper = client.post(f"/clinics/{clinic.code}/cards/paper", data={"first": 10**30, "last": 10**30})
    marked = client.post(f"/clinics/{clinic.code}/cards/marks", data={"number": 10**30, "step": "miss"})

    assert max(paper.status_code, marked.status_code) < 500


def test_an_error_keeps_what_was_typed_and_the_photo(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))
    photo = (io.BytesIO(picture()), "card.png")

    refused = client.post(f"/clinics/{clinic.code}/cards/1", data=FORM | {"title": "", "photo": photo})

    assert refused.status_code == 422
    assert "Clubs after school." in refused.text
    assert client.get(f"/clinics/{clinic.code}/cards/1/photo").mimetype == "image/png"
    assert "A photo of this card is kept." in refused.text


def test_a_newer_photo_takes_the_place_of_one_that_is_deleted(app: Flask, client: FlaskClient) -> None:
    clinic, actor = with_cards()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))
    address, kept = f"/clinics/{clinic.code}/cards/1", []
    for colour in ("red", "white"):
        photo = (io.BytesIO(picture(colour)), "card.png")
        client.post(address, data=FORM | {"title": "", "photo": photo})
        kept.append(db.session.scalar(sa.select(Card.photo_key).where(Card.number == 1)))
        db.session.rollback()

    worker.deliver_owed()

    assert [store().has(key or "") for key in kept] == [False, True]
    assert client.get(f"{address}/photo").mimetype == "image/png"


def test_ideas_that_sound_alike_are_hinted_while_a_card_is_typed_in(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    there = make.idea(title="Reading clubs run by matric leavers", clinic_id=clinic.id)
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))

    page = client.get(f"/clinics/{clinic.code}/cards/1").text
    [asked] = set(re.findall('hx-get="(/ideas[^"]+)"', page))
    hint = client.get(f"{asked}&title=Reading clubs by matric leavers").text

    assert page.count('id="alike"') == 1
    assert there.reference in hint
    assert "Type the card in all the same" in hint
    assert "no need to write it down again" not in hint


def test_what_is_no_picture_is_said_at_its_field(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))

    refused = client.post(
        f"/clinics/{clinic.code}/cards/1", data=FORM | {"photo": (io.BytesIO(b"plain words"), "card.png")}
    )

    assert (refused.status_code, "Choose a picture" in refused.text) == (422, True)
    assert db.session.scalars(sa.select(Idea)).all() == []


def test_the_square_leads_those_who_run_the_clinic_to_typing_in_and_others_to_the_status(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    reference = cards.find_card(clinic, 1).reference

    stranger = client.get(f"/cards/{reference}")
    nothing = client.get("/cards/ZZ99-0001")
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))
    facilitator = client.get(f"/cards/{reference}")

    assert (stranger.location, nothing.location) == (f"/status?reference={reference}", "/status?reference=ZZ99-0001")
    assert facilitator.location == f"/clinics/{clinic.code}/cards/1"


def test_the_slip_torn_off_a_card_says_that_it_is_not_typed_in_yet(client: FlaskClient) -> None:
    clinic, _actor = with_cards()
    card = cards.find_card(clinic, 1)
    secret = claims.secret_for(clinic.programme_id, card.import_key)

    right = client.post("/status", data={"reference": card.reference, "secret": secret})
    wrong = client.post("/status", data={"reference": card.reference, "secret": "WRNG2345"})

    assert (claims.NOT_TYPED_IN in right.text, claims.NO_MATCH in wrong.text) == (True, True)


def test_the_list_marks_cards_and_exports_itself(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))

    client.post(f"/clinics/{clinic.code}/cards/marks", data={"step": "void", "number": "2"})
    page = client.get(f"/clinics/{clinic.code}/cards?state=void")
    table = client.get(f"/clinics/{clinic.code}/cards?export=csv")

    assert ("Card 2" in page.text, "Card 1<" in page.text) == (True, False)
    assert [line.split(",")[2] for line in table.text.splitlines()[1:4]] == ["Not typed in", "Void", "Not typed in"]
    assert db.session.scalars(sa.select(Event.kind).filter_by(kind="cards_marked")).all() == ["cards_marked"]


def test_of_a_child_a_first_name_is_kept_once_somebody_signed(client: FlaskClient) -> None:
    clinic, actor = with_cards()
    make.sign_in(client, db.session.get_one(type(make.person()), actor.person_id))
    child = FORM | {"owner_name": "Naledi", "is_child": "y"}

    refused = client.post(f"/clinics/{clinic.code}/cards/1", data=child)
    saved = client.post(
        f"/clinics/{clinic.code}/cards/1", data=child | {"agreed_by": "Her mother", "relation": "parent"}
    )

    idea = db.session.scalars(sa.select(Idea)).one()
    noted = db.session.get_one(NoticeShown, idea.id)
    assert (refused.status_code, saved.status_code) == (422, 302)
    assert "Write who agreed for the child" in refused.text
    assert (idea.owner.name, noted.under_18, noted.version) == ("Naledi", True, 1)
    assert db.session.get_one(CompetentConsent, idea.id).how == "signed"
