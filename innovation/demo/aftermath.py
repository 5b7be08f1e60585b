"""What the worker would have done while the story of the demonstration happened."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation import reactions
from innovation.db import db, now
from innovation.events import Delivery
from innovation.notifications.models import Message, Notice

TOLD_FOR = dt.timedelta(days=45)
READ_AFTER = dt.timedelta(days=6)
SENT_AFTER = dt.timedelta(days=2)


def react(today: dt.datetime) -> None:
    """Do at once what the events of this step owe; what is long past is only noted as done."""
    owed = db.session.info.pop("owed_deliveries", [])
    if not owed:
        return
    db.session.flush()
    told = now() > today - TOLD_FOR
    query = sa.select(Delivery).where(Delivery.id.in_(owed)).options(joinedload(Delivery.event)).order_by(Delivery.id)
    for delivery in db.session.scalars(query):
        if told:
            reactions.named(delivery.reaction)(delivery.event)
        delivery.done_at = now()
    db.session.flush()


def tidy_up(today: dt.datetime) -> None:
    """Older notices have been read, and older messages have gone out."""
    db.session.execute(sa.update(Notice).where(Notice.made_at < today - READ_AFTER).values(read_at=Notice.made_at))
    db.session.execute(
        sa.update(Message).where(Message.made_at < today - SENT_AFTER).values(sent_at=Message.made_at, attempts=1)
    )
