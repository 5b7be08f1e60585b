"""Reading one's own inbox, and the post."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import Page, db, paginate
from innovation.ideas.models import Wall
from innovation.notifications.models import Message, MessageIdea, Notice
from innovation.permission import Actor, NotThere

STATES = ("owed", "sent", "given_up")


def list_notices(actor: Actor, *, unread: bool = False, page: int = 1) -> Page[Notice]:
    """The person's notices, newest first; none of an idea that has been walled off from them since."""
    query = sa.select(Notice).where(_own(actor))
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return paginate(query.order_by(Notice.made_at.desc(), Notice.id.desc()), page=page, size=20)


def unread(actor: Actor) -> sa.ScalarSelect[int]:
    """How many notices the person has not read yet, counted up to 100, as a part of a query."""
    first = sa.select(Notice.id).where(_own(actor), Notice.read_at.is_(None)).limit(100)
    return sa.select(sa.func.count()).select_from(first.subquery()).scalar_subquery()


def find_notice(actor: Actor, notice_id: int) -> Notice:
    """The person's own notice; ``NotThere`` for anybody else's."""
    notice = db.session.scalar(sa.select(Notice).where(Notice.id == notice_id, _own(actor)))
    if notice is None:
        raise NotThere
    return notice


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    open_to_them = sa.or_(Notice.idea_id.is_(None), Notice.idea_id.not_in(_walled_off(actor)))
    return sa.and_(Notice.person_id == actor.person_id, open_to_them)


def list_messages(actor: Actor, *, state: str = "", page: int = 1) -> Page[Message]:
    """The post, newest first; ``state`` is one of STATES, or empty for all."""
    query = _post(actor)
    if state == "owed":
        query = query.where(Message.sent_at.is_(None), Message.given_up_at.is_(None))
    elif state == "sent":
        query = query.where(Message.sent_at.is_not(None))
    elif state == "given_up":
        query = query.where(Message.sent_at.is_(None), Message.given_up_at.is_not(None))
    return paginate(query.order_by(Message.id.desc()), page=page, size=20)


def find_message(actor: Actor, message_id: int) -> Message:
    """One message; ``NotThere`` when there is none in the post that they are shown."""
    message = db.session.scalar(_post(actor).where(Message.id == message_id))
    if message is None:
        raise NotThere
    return message


def _post(actor: Actor) -> sa.Select[Message]:
    """What administrators are shown of the post: no mail that tells of an idea which is walled off from them."""
    if not actor.has("administrator"):
        raise NotThere
    told = sa.select(MessageIdea.message_id).where(MessageIdea.idea_id.in_(_walled_off(actor)))
    return sa.select(Message).where(Message.id.not_in(told))


def _walled_off(actor: Actor) -> sa.Select[int]:
    return sa.select(Wall.idea_id).where(Wall.person_id == actor.person_id)
