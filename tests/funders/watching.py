"""What tests of the funders' pages share: a fund with its people, and counting what the database is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.funders import commands
from innovation.funders.models import Funder, Interest
from innovation.ideas.models import Idea
from tests import make


@dataclass
class Fund:
    """A funder with its mandate, somebody who works for it and somebody who administers it."""

    funder: Funder
    member: Person
    admin: Person

    def interested(self, idea: Idea, message: str = "We would like to help you start.") -> Interest:
        return commands.show_interest(make.actor(self.member), self.funder, idea=idea, message=message)


def fund(name: str = "Demo CSI fund", **mandate: Any) -> Fund:
    make.programme()
    funder = make.funder(name, **mandate)
    made = Fund(funder, make.funder_person(funder), make.funder_person(funder, "funder_admin"))
    db.session.commit()
    return made


def listed(**more: Any) -> Idea:
    idea = make.listed_idea(**more)
    db.session.commit()
    return idea


def page(client: FlaskClient, whose: Person, address: str) -> tuple[int, str]:
    """The status and text of a page as somebody sees it; closed, so that what follows an answer has happened."""
    with make.sign_in(client, whose).get(address) as response:
        return response.status_code, response.get_data(as_text=True)
