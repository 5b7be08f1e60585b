"""What the worker would have done while the story of the demonstration happened."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation import reactions
from innovation.db import db, now
from innovation.events import Delivery, Event
from innovation.notifications.models import Message, Notice

TOLD_FOR = dt.timedelta(days=45)
READ_AFTER = dt.timedelta(days=6)
SENT_AFTER = dt.timedelta(days=2)


def react(today: dt.datetime) -> None:
    """Do at once what the events of this step owe, unless they are long past; ``tidy_up`` notes all of it as done."""
    owed = db.session.info.pop("owed_deliveries", [])
    if not owed or now() <= today - TOLD_FOR:
        return
    db.session.flush()
    query = sa.select(Delivery).where(Delivery.id.in_(owed)).options(joinedload(Delivery.event)).order_by(Delivery.id)
    for delivery in db.session.scalars(query):
        reactions.named(delivery.reaction)(delivery.event)
    db.session.flush()


def tidy_up(today: dt.datetime) -> None:
    """What was owed is done, older notices have been read, and older messages have gone out."""
    at = sa.select(Event.at).where(Event.id == Delivery.event_id).scalar_subquery()
    owed = sa.update(Delivery).where(Delivery.done_at.is_(None))
    db.session.execute(owed.values(done_at=at).execution_options(synchronize_session=False))
    db.session.execute(sa.update(Notice).where(Notice.made_at < today - READ_AFTER).values(read_at=Notice.made_at))
    db.session.execute(
        sa.update(Message).where(Message.made_at < today - SENT_AFTER).values(sent_at=Message.made_at, attempts=1)
    )
