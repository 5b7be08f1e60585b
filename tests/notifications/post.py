"""A mail server of a test, and what is sent to it."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
from email.message import EmailMessage

import sqlalchemy as sa
from aiosmtpd.smtp import Envelope

from innovation.db import db, now
from innovation.notifications.models import Message
from tests import make


class Postbox:
    """A mail server's handler that keeps what it takes, and refuses when told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.verdicts: list[str] = []
        self.goodbye = "221 Bye"
        self.dies_after_taking = False
        self.thinks_for = 0.0  # seconds over each letter

    async def handle_RCPT(
        self, server: object, session: object, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: object, session: object, envelope: Envelope) -> str:
        return self.goodbye

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        await asyncio.sleep(self.thinks_for)
        if self.verdicts:
            return self.verdicts.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        if self.dies_after_taking:
            server.transport.close()  # type: ignore[attr-defined]
        return "250 OK"


def message(**more: str) -> Message:
    values = {"to_address": "reader@gatehouse.example", "subject": "Choose a new password", "text": "Open the link.\n"}
    made = make.add(Message(why=f"test:{next(make.numbers)}", html="<p>Open the link.</p>", **(values | more)))
    db.session.commit()
    return made


def due_again(found: Message) -> None:
    db.session.execute(sa.update(Message).values(next_at=now() - dt.timedelta(seconds=1)))
    db.session.commit()
    db.session.refresh(found)
