"""What people do with their inbox."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.notifications import policy
from innovation.notifications.models import Notice
from innovation.once import repeatable
from innovation.permission import Actor


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
