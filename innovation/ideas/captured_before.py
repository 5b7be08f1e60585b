"""Asking, before an idea is written down, whether the same person has just captured it already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db, now
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.places.names import fold
from workflows import Refused

JUST_NOW = dt.timedelta(hours=1)  # whoever goes back and saves again does so within minutes
MOST = 200


class ThereAlready(Refused):
    """The same person has just captured such an idea; ``reference`` is its own."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__((reason,))
        self.reference = reference


@dataclass(frozen=True)
class Sent:
    """What a form says of an idea. Without an ``owner`` it is whoever writes; without a ``key`` it is no form."""

    programme_id: int
    clinic_id: int | None
    title: str | None
    owner: str
    key: str | None

    def is_named_like(self, idea: Idea) -> bool:
        """By the same title and owner, however they are spelt."""
        same_owner = not self.owner or fold(self.owner) == fold(idea.owner.name)
        return same_owner and fold(self.title or "") == fold(idea.title)


def require_new(actor: Actor, sent: Sent, besides: str) -> None:
    """Refuse what the person has just captured at the same clinic by another form, as after going back.

    ``besides`` is the reference of the idea that its writer knows to be another one.
    """
    if sent.key is None:
        return
    alike = (idea for idea in _just_captured(actor, sent) if idea.import_key != sent.key and sent.is_named_like(idea))
    newest = next(alike, None)
    if newest is not None and newest.reference != besides:
        reason = f"You have already captured this: {newest.reference}. Save it again as a second idea?"
        raise ThereAlready(newest.reference, reason)


def _just_captured(actor: Actor, sent: Sent) -> sa.ScalarResult[Idea]:
    """The newest first."""
    query = sa.select(Idea).where(
        Idea.programme_id == sent.programme_id,
        Idea.captured_at > now() - JUST_NOW,
        Idea.captured_by_id == actor.person_id,
        Idea.clinic_id == sent.clinic_id,
    )
    newest_first = query.order_by(Idea.captured_at.desc(), Idea.id.desc())
    return db.session.scalars(newest_first.options(joinedload(Idea.owner)).limit(MOST))
