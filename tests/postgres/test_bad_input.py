"""What PostgreSQL minds and SQLite does not: nothing of it that people can send is an error of ours."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.ideas.models import Idea
from tests import make

LISTS = ("/?q={}", "/search?q={}", "/people?q={}", "/schools?q={}", "/schools?province={}", "/reviews?q={}")


def test_a_list_ignores_what_no_text_can_hold(client: FlaskClient) -> None:
    make.idea()
    make.sign_in(client, make.staff("manager"))

    answers = {address: client.get(address.format("%00"), follow_redirects=True).status_code for address in LISTS}

    assert answers == dict.fromkeys(LISTS, 200)


@pytest.mark.parametrize("address", ["/ideas/{}", "/clinics/{}", "/programmes/{}", "/funders/{}", "/static/0/{}"])
def test_no_address_holds_it(client: FlaskClient, address: str) -> None:
    make.sign_in(client, make.staff("manager"))

    assert client.get(address.format("LP%00")).status_code == 404


def test_a_form_is_taken_without_it(app: Flask, client: FlaskClient) -> None:
    owner = make.person()
    idea = make.idea(owner)
    make.sign_in(client, owner)
    sent = {"based_on": "1", "title": "Water\x00tanks", "problem": "No\x00 water", "summary": "A tank"}

    answer = client.post(f"/ideas/{idea.reference}/canvas", data=sent)

    assert answer.status_code == 302
    assert make.first(Idea, id=idea.id).title == "Watertanks"
