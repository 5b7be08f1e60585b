"""A whole site for stories: forms with their tokens, mail over a real SMTP server, and the worker's own rounds."""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from innovation import worker
from innovation.accounts.models import Person
from innovation.accounts.passwords import hash_password
from innovation.app import create_app
from innovation.db import db
from innovation.gates.models import Panel, PanelMember
from innovation.ideas.models import Idea
from tests import make
from tests.conftest import FAST
from tests.stories import people
from tests.stories.visitor import Visitor
from workflows import library_definition


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Post:
    """What the mail server of the story has taken in."""

    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 Taken"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    def subjects(self, address: str) -> list[str]:
        return [letter["Subject"] for letter in self.to(address)]

    def link(self, address: str, path: str) -> str:
        """The newest link that was mailed to an address and has this in its path."""
        for letter in reversed(self.to(address)):
            body = letter.get_body(("plain",))
            found = re.search(rf"https?://[^/\s]+(\S*{re.escape(path)}\S*)", body.get_content() if body else "")
            if found:
                return found.group(1).rstrip(".")
        raise AssertionError(f"No letter to {address} has a link with {path}; there are {self.subjects(address)}")


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that is really there."""
    taken = Post()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    taken.port = controller.port  # type: ignore[attr-defined]
    yield taken
    controller.stop()


@pytest.fixture
def site(database: dict[str, Any], post: Post) -> Iterator[Flask]:
    """The application with every safeguard on, as people meet it."""
    app = create_app(**database, **FAST, smtp_host="127.0.0.1", smtp_port=post.port)  # type: ignore[attr-defined]
    app.config.update(TESTING=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def member(role: str, name: str, **scope: Any) -> str:
    """Somebody with a role and a password; their address."""
    person = make.staff(role, name, **scope) if role else make.person(name)
    return with_password(person)


def with_password(person: Person) -> str:
    make.account(person, hash_password(make.PASSWORD))
    assert person.email
    return person.email


def work(site: Flask) -> None:
    """Let the worker do what has come up, until nothing is left to do."""
    for _round in range(4):
        worker.work_once(site)


def visitor(site: Flask, email: str) -> Visitor:
    return Visitor.signed_in(site, email)


ROLES = ("chair", "cochair", "government", "practitioner", "member", "member")


@dataclass
class Cast:
    """Everybody who takes part, each at a browser of their own."""

    site: Flask
    post: Post
    facilitator: Visitor
    coordinator: Visitor
    clinic: str
    panel: list[Visitor] = field(default_factory=list)

    @property
    def chair(self) -> Visitor:
        return self.panel[0]

    def capture(self, title: str, email: str) -> tuple[str, Visitor]:
        """An idea from the room to its owner's own sign-in, by the link in the mail."""
        reference = people.capture(self.facilitator, self.clinic, title, "Demo owner", email)
        work(self.site)
        return reference, people.claim(self.site, self.post.link(email, "/claim/"), email)

    def decide(self, reference: str, outcome: str, mark: int, **told: str) -> None:
        """A panel sits: everybody declares, everybody scores, the chair decides, the worker delivers."""
        review = people.convene(self.coordinator, reference, self.panel)
        for person in self.panel:
            people.score(person, review, mark)
        people.decide(self.chair, review, outcome, **told)
        if second := self.second_signer(review):
            second.open(f"{review}/signature")
            second.fill("/signature")
        work(self.site)

    def second_signer(self, review: str) -> Visitor | None:
        second = self.panel[1]
        return second if f"{review}/signature" in set(second.open(review).inside()) else None

    def state(self, reference: str) -> tuple[str, str]:
        with self.site.app_context():
            found = db.session.execute(sa.select(Idea.place, Idea.standing).where(Idea.reference == reference)).one()
            return found.place, found.standing


@pytest.fixture
def process() -> str:
    """The definition by which the story's programme runs."""
    return "education"


@pytest.fixture
def cast(site: Flask, post: Post, process: str) -> Cast:
    with site.app_context():
        programme = make.programme(workflow_key=process)
        region, clinic = make.region(), make.clinic()
        make.school()
        facilitator = member("facilitator", "Facilitator", clinic_id=clinic.id)
        coordinator = member("coordinator", "Coordinator")
        sitting = [make.person(f"Panel {role} {n}") for n, role in enumerate(ROLES)]
        addresses = [with_password(person) for person in sitting]
        for gate in library_definition(process).gates:
            panel = make.add(
                Panel(programme_id=programme.id, region_id=region.id, gate_key=gate.key, name=f"{gate.name} panel")
            )
            for person, role in zip(sitting, ROLES, strict=True):
                make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
        code = clinic.code
        db.session.commit()
    cast = Cast(site, post, visitor(site, facilitator), visitor(site, coordinator), code)
    cast.panel = [visitor(site, address) for address in addresses]
    return cast
