"""The navigation offers nothing that does not open, and the bar of filters nothing that is not theirs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from tests import make


def regional(role: str) -> dict[str, Any]:
    return {"role": role, "region_id": make.region().id}


WHO: dict[str, Any] = {
    "administrator": lambda: make.staff("administrator"),
    "manager": lambda: make.staff("manager"),
    "manager of a region": lambda: make.staff(**regional("manager")),
    "coordinator of a region": lambda: make.staff(**regional("coordinator")),
    "facilitator of a region": lambda: make.staff(**regional("facilitator")),
    "facilitator of a clinic": lambda: make.staff("facilitator", clinic_id=make.clinic().id),
    "funder": lambda: make.funder_person(make.funder()),
    "owner": lambda: make.idea().owner,
    "nobody": make.person,
}


@pytest.mark.parametrize("who", WHO)
def test_every_entry_of_the_navigation_opens(client: FlaskClient, who: str) -> None:
    make.programme()
    make.sign_in(client, WHO[who]())
    inner = re.search(r'<nav aria-label="Main">.*?</nav>', client.get("/account").text, re.DOTALL)
    assert inner is not None

    answers = {
        link: client.get(link, follow_redirects=True).status_code for link in re.findall(r'href="(/[^"]*)"', inner[0])
    }

    assert answers
    assert {link for link, status in answers.items() if status != 200} == set()


def test_the_bar_offers_only_clinics_at_which_the_person_works(client: FlaskClient) -> None:
    mine, other = make.clinic(title="A clinic of mine"), make.clinic(title="Somebody else's clinic")
    idea = make.idea(clinic_id=mine.id)
    facilitator = make.staff("facilitator", clinic_id=mine.id)
    db.session.commit()

    works_there = make.sign_in(client, facilitator).get("/?place=captured").text
    owns = make.sign_in(client, idea.owner).get("/?place=captured").text

    assert mine.title in works_there
    assert [title in works_there for title in (other.title, "Somebody else")] == [False, False]
    assert "Somebody else" not in owns
