"""Few cards are printed at once; many are set by the worker, pile by pile."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import RoleGrant
from innovation.clinics import card_job, card_paper, cards
from innovation.db import db
from innovation.jobs import running
from innovation.jobs.models import Job
from innovation.programmes.models import Programme
from innovation.typesetting import setting
from tests import make
from tests.clinics.test_cards import TOLD, with_cards


@pytest.fixture
def quick_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are set elsewhere; here only which cards they are for."""
    monkeypatch.setattr(
        card_paper, "set_pages", lambda _template, paper: ",".join(card["number"] for card in paper["cards"]).encode()
    )


def with_many(client: FlaskClient, many: int, **more: Any) -> Any:
    clinic = make.clinic(**more)
    person = make.staff("facilitator", clinic_id=clinic.id)
    cards.make_cards(make.actor(person), clinic, many=many)
    db.session.commit()
    make.sign_in(client, person)
    return clinic, make.actor(person)


def piles_of(client: FlaskClient, address: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(client.get(f"{address}/file").data)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def numbers(first: int, last: int) -> str:
    return ",".join(map(str, range(first, last + 1)))


@pytest.mark.usefixtures("quick_setting")
def test_few_cards_come_at_once_and_many_are_asked_for(client: FlaskClient) -> None:
    clinic, _actor = with_many(client, 21, language="zu")
    address = f"/clinics/{clinic.code}/cards/paper"

    few = client.get(f"{address}?last=20")
    many = client.get(address)

    assert (few.mimetype, few.text) == ("application/pdf", numbers(1, 20))
    assert (many.mimetype, "Cards 1 to 21 in isiZulu" in many.text) == ("text/html", True)


def test_cards_that_cannot_be_set_in_time_are_asked_for_again(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic, _actor = with_many(client, 25)
    monkeypatch.setattr(setting, "PRESS", tmp_path / "press.py")
    setting.PRESS.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(setting, "SECONDS", 0.5)

    few = client.get(f"/clinics/{clinic.code}/cards/paper?last=20")
    many = client.post(f"/clinics/{clinic.code}/cards/paper").location
    begun = time.monotonic()
    running.run_owed()

    assert (few.status_code, few.headers["Retry-After"], setting.TOO_LONG in few.text) == (503, "5", True)
    assert "Somebody" not in few.text
    assert "Nothing was changed" not in few.text
    assert time.monotonic() - begun < 5  # each pile has waited once, and not each of its cards
    report = client.get(many).text
    assert (setting.TOO_LONG in report, db.session.scalar(sa.select(Job.failed))) == (True, 25)
    assert ("No file was made" in report, "no longer kept" in report) == (True, False)


@pytest.mark.usefixtures("quick_setting")
def test_the_worker_sets_many_cards_pile_by_pile(client: FlaskClient) -> None:
    clinic, _actor = with_many(client, 45)
    page = client.post(f"/clinics/{clinic.code}/cards/paper", data={"first": "3", "language": "ve"}).location

    running.run_owed()

    assert "43 of 43" in client.get(page).text
    assert piles_of(client, page) == {
        "cards-0003-0022.pdf": numbers(3, 22),
        "cards-0023-0042.pdf": numbers(23, 42),
        "cards-0043-0045.pdf": numbers(43, 45),
    }


@pytest.mark.usefixtures("quick_setting")
def test_a_pile_with_a_card_that_became_an_idea_is_not_given_out_again(client: FlaskClient) -> None:
    clinic, actor = with_many(client, 25)
    cards.type_in_card(actor, clinic, number=1, **TOLD)
    page = client.post(f"/clinics/{clinic.code}/cards/paper").location
    running.run_owed()
    cards.type_in_card(actor, clinic, number=24, **{**TOLD, "answers": {**TOLD["answers"], "title": "Another one"}})

    piles = piles_of(client, page)

    assert piles.pop("left-out.txt").endswith("\n\ncards-0022-0025.pdf\n")
    assert piles == {"cards-0002-0021.pdf": numbers(2, 21)}


@pytest.mark.usefixtures("quick_setting")
def test_who_no_longer_runs_the_clinic_fetches_no_cards(client: FlaskClient) -> None:
    clinic, actor = with_many(client, 21)
    page = client.post(f"/clinics/{clinic.code}/cards/paper").location
    running.run_owed()
    db.session.execute(sa.delete(RoleGrant).where(RoleGrant.person_id == actor.person_id))
    db.session.commit()

    assert client.get(f"{page}/file").status_code == 404


def test_a_pile_is_as_much_as_one_waits_for() -> None:
    assert card_job.KIND.batch == card_job.PILE


def test_the_front_is_left_to_what_an_idea_needs(app: Flask) -> None:
    clinic, _actor = with_cards(1)
    programme = db.session.get_one(Programme, clinic.programme_id)

    with app.test_request_context():
        wide = [part for part in card_paper.parts_of(programme) if part.kind != "line"]

    front, back = ([part.name for part in wide if part.back is side] for side in (False, True))
    assert front == ["Problem", "The idea in one sentence", "The owner agrees", "Theme"]
    assert "School phase" in back


def test_a_card_is_typed_in_as_it_is_read(client: FlaskClient) -> None:
    clinic, _actor = with_many(client, 1)

    page = client.get(f"/clinics/{clinic.code}/cards/1").text

    names = ("title", "problem", "summary", "owner_name", "where_school", "next_step", "who_has_it", "phases", "photo")
    assert sorted(names, key=lambda name: page.index(f'name="{name}"')) == list(names)
