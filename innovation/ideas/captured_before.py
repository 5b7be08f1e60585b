"""Asking, before an idea is written down, whether the same person has just captured it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property, lru_cache

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.places.names import fold
from innovation.statements import ago, ask, keep
from innovation.values import dataclass
from workflows import Refused

JUST_NOW = dt.timedelta(hours=1)  # whoever goes back and saves again does so within minutes
MOST = 60  # the newest; more than the quickest types in, of whom 40 an hour are asked


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

    def is_called(self, title: str) -> bool:
        return fold(title) == self.name[0]

    def is_owned_by(self, owner: str) -> bool:
        return not self.owner or fold(owner) == self.name[1]


def require_new(actor: Actor, sent: Sent, besides: str) -> None:
    """Refuse what the person has just captured at the same clinic by another form, as after going back.

    ``besides`` is the reference of the idea that its writer knows to be another one.
    """
    if sent.key is None:
        return
    alike = [number for number, key, title in _just_captured(actor, sent) if key != sent.key and sent.is_called(title)]
    newest = next((reference for reference, owner in _owned(alike) if sent.is_owned_by(owner)), None)
    if newest is not None and newest != besides:
        raise ThereAlready(newest, f"You have already captured this: {newest}. Save it again as a second idea?")


def _owned(ideas: Sequence[int]) -> Sequence[tuple[str, str]]:
    """Reference and owner of these ideas, in this order."""
    if not ideas:
        return ()
    query = sa.select(Idea.id, Idea.reference, Person.name).join(Idea.owner).where(Idea.id.in_(ideas))
    found = {number: (reference, owner) for number, reference, owner in ask(query)}
    return [found[number] for number in ideas]


def _just_captured(actor: Actor, sent: Sent) -> Sequence[tuple[int, str | None, str]]:
    """Number, key and title, the newest first."""
    return ask(_by(at_clinic=sent.clinic_id is not None), {"by": actor.person_id, **_place(sent)})


def _place(sent: Sent) -> dict[str, int]:
    return {"programme": sent.programme_id} | ({} if sent.clinic_id is None else {"clinic": sent.clinic_id})


@lru_cache(maxsize=2)
def _by(*, at_clinic: bool) -> sa.Select[int, str | None, str]:
    query = sa.select(Idea.id, Idea.import_key, Idea.title).where(
        Idea.programme_id == sa.bindparam("programme"),
        Idea.captured_at > ago(seconds=JUST_NOW.total_seconds()),
        Idea.captured_by_id == sa.bindparam("by"),
        Idea.clinic_id == sa.bindparam("clinic") if at_clinic else Idea.clinic_id.is_(None),
    )
    return keep(query.order_by(Idea.captured_at.desc(), Idea.id.desc()).limit(MOST))
