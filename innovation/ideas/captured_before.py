"""Asking, before an idea is written down, whether the same person has just captured it already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from innovation.accounts.models import Person
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

    @cached_property
    def name(self) -> tuple[str, str]:
        """Title and owner, however they are spelt."""
        return fold(self.title or ""), fold(self.owner)

    def is_named_like(self, title: str, owner: str) -> bool:
        return fold(title) == self.name[0] and (not self.owner or fold(owner) == self.name[1])


def require_new(actor: Actor, sent: Sent, besides: str) -> None:
    """Refuse what the person has just captured at the same clinic by another form, as after going back.

    ``besides`` is the reference of the idea that its writer knows to be another one.
    """
    if sent.key is None:
        return
    alike = (
        reference
        for reference, key, title, owner in _just_captured(actor, sent)
        if key != sent.key and sent.is_named_like(title, owner)
    )
    newest = next(alike, None)
    if newest is not None and newest != besides:
        raise ThereAlready(newest, f"You have already captured this: {newest}. Save it again as a second idea?")


def _just_captured(actor: Actor, sent: Sent) -> sa.Result[str, str | None, str, str]:
    """Reference, key, title and owner, the newest first."""
    query = sa.select(Idea.reference, Idea.import_key, Idea.title, Person.name).join(Idea.owner)
    query = query.where(
        Idea.programme_id == sent.programme_id,
        Idea.captured_at > now() - JUST_NOW,
        Idea.captured_by_id == actor.person_id,
        Idea.clinic_id == sent.clinic_id,
    )
    return db.session.execute(query.order_by(Idea.captured_at.desc(), Idea.id.desc()).limit(MOST))
