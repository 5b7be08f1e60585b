"""What people do with their inbox, and an administrator with the post."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.notifications import policy
from innovation.notifications.events import SentAgain
from innovation.notifications.models import Message, Notice
from innovation.once import repeatable
from innovation.permission import Actor
from workflows import Refused


@command(policy.may_mark_notice)
@repeatable
def mark_read(actor: Actor, notice: Notice) -> Notice:
    """Mark one notice read; a second time changes nothing."""
    notice.read_at = notice.read_at or now()
    return notice


@command(policy.may_read_inbox)
@repeatable
def mark_all_read(actor: Actor) -> None:
    """Mark every notice of the person read."""
    db.session.execute(
        sa.update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None)).values(read_at=now())
    )


@command(policy.may_send_again)
def send_again(actor: Actor, message: Message) -> Message:
    """Let a message that was given up be sent once more; of two who ask, one is told that it is on its way.

    ``attempts`` goes on counting: a worker that once had the message must never match a new attempt.
    """
    asked = db.session.scalar(
        sa.update(Message)
        .where(Message.id == message.id, Message.given_up_at.is_not(None), Message.sent_at.is_(None))
        .values(given_up_at=None, handing_over_at=None, error=None, next_at=now())
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    if asked is None:
        raise Refused(("This message is not given up: it has been sent, or it is on its way.",))
    record(actor, SentAgain(message.id))
    db.session.refresh(message)
    return message
