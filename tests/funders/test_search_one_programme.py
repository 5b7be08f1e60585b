"""A saved search keeps the grant programme that was chosen, and is judged by it wherever it is used."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.funders.commands import workspace as commands
from innovation.funders.queries import Filters
from innovation.permission import NotThere
from tests import make
from tests.funders.test_save_searches import HOUR, _monday, later, round_of_the_clock
from tests.funders.watching import fund, listed

pytestmark = pytest.mark.usefixtures(_monday.__name__)


def test_a_search_of_one_programme_is_judged_by_it_alone_on_the_page_and_in_its_mails(client: FlaskClient) -> None:
    csi = fund(theme_keys=["t6"], exclusions=["literacy"])
    numbers = make.programme_of(csi.funder, "Numbers")
    make.mandate_of(numbers, theme_keys=["t1"], appetite={"ready": "preferred"}, instruments=["grant"])
    make.account(csi.member)
    db.session.commit()
    own, fund_key = make.sign_in(client, csi.member), csi.funder.key
    page_to_save = own.get(f"/funders/ideas?fund={fund_key}&grant=numbers").text
    to = next(a for a in re.findall(r'href="([^"]+)"', page_to_save) if "save=yes" in a).replace("&amp;", "&")
    own.post(to.partition("#")[0], data={"name": "Numbers only", "often": "instant"})
    small = {"ticket_max_cents": 1_000_00, "co_fund": False}
    later(HOUR)
    idea = listed(title="For numbers")

    (text,) = round_of_the_clock()
    for column, value in small.items():
        setattr(make.first(make.Mandate, programme_id=numbers.id), column, value)
    later(HOUR)
    listed(title="Too dear for numbers")

    assert (idea.reference in text, f"fund={fund_key}&grant=numbers" in text) == (True, True)
    assert round_of_the_clock() == [text]
    assert "By Numbers: Everything that fits" in own.get("/funders/workspace").text
    assert f"fund={fund_key}&amp;grant=numbers" in own.get(f"/funders/workspace?fund={fund_key}").text


def test_a_programme_of_another_funder_is_not_there(app: Flask) -> None:
    csi, other = fund(), fund("Demo trust")
    theirs = make.first(make.GrantProgramme, funder_id=other.funder.id)

    with pytest.raises(NotThere):
        commands.save_search(make.actor(csi.member), csi.funder, name="All", filters=Filters(), grant=theirs)
