"""Reading one's own inbox, and the post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from innovation.db import Page, db, paginate
from innovation.funders.models import Interest
from innovation.gates import queries as gates
from innovation.ideas.models import Wall
from innovation.notifications.models import OF_A_SEARCH, Message, MessageIdea, Notice
from innovation.permission import Actor, NotThere
from innovation.pipeline.queries import stands_outside

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
    """What administrators are shown of the post: no mail that tells of an idea which is walled off from them.

    Of ideas in which they take part they are shown their own mails, as the others there are; and what a funder looks
    for only where they work for none and have a part in nothing.
    """
    if not actor.has("administrator"):
        raise NotThere
    told = _telling_of(_walled_off(actor))
    query = sa.select(Message).where(Message.id.not_in(told))
    apart = (Message.id.not_in(_telling_of(ids)) for ids in _taking_part(actor))
    of_no_search = sa.or_(Message.why.not_like(f"{OF_A_SEARCH}%"), stands_outside(actor))
    return query.where(sa.or_(Message.person_id == actor.person_id, sa.and_(of_no_search, *apart)))


def _telling_of(ideas: Any) -> sa.Select[int]:
    return sa.select(MessageIdea.message_id).where(MessageIdea.idea_id.in_(ideas))


def _taking_part(actor: Actor) -> Iterator[Any]:
    """The ids of ideas where the person is on the team or the panel; for a funder's people, of all that funders ask."""
    yield gates.ideas_of(actor).subquery().select()
    yield gates.ideas_before(actor)
    if actor.funder_ids:
        yield sa.select(Interest.idea_id)


def _walled_off(actor: Actor) -> sa.Select[int]:
    return sa.select(Wall.idea_id).where(Wall.person_id == actor.person_id)
