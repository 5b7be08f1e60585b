"""The blockers that the database can see, so that what they rule out is not even read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from innovation.funders.choosing import SEVERAL
from innovation.funders.facts import places_of
from innovation.funders.fitting import Wanted
from innovation.ideas.models import Ask, Idea
from innovation.values import dataclass
from workflows import Definition

Blocks = list[tuple[sa.ColumnElement[bool], str]]


@dataclass(frozen=True)
class SimplyBlocked:
    """For all that a funder wants: the condition of being ruled out by every part of it, and the reason as a key."""

    condition: sa.ColumnElement[bool]
    why: Any  # empty where nothing rules it out; None where nothing ever can


def simply_blocked(wanted: Sequence[Wanted], definitions: Collection[Definition]) -> SimplyBlocked:
    each = [_blocks(one, definitions) for one in wanted]
    if not each or not all(each):
        return SimplyBlocked(sa.false(), None)
    if len(each) == 1:
        return SimplyBlocked(sa.or_(*(condition for condition, _key in each[0])), sa.case(*each[0], else_=""))
    everywhere = sa.and_(*(sa.or_(*(condition for condition, _key in blocks)) for blocks in each))
    shared = [(sa.and_(*(_by(key, blocks) for blocks in each)), key) for key in ("stage", "ticket")]
    return SimplyBlocked(everywhere, sa.case(*shared, (everywhere, SEVERAL), else_=""))


def _by(key: str, blocks: Blocks) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(condition for condition, name in blocks if name == key))


def _blocks(wanted: Wanted, definitions: Collection[Definition]) -> Blocks:
    """In the order in which they are told."""
    found: Blocks = []
    if wanted.appetite:
        places = places_of(definitions, wanted.appetite)
        found.append((Idea.place.not_in(sorted(places)), "stage"))
    if wanted.ticket_min is not None:
        found.append((Ask.amount_cents < wanted.ticket_min, "ticket"))
    if wanted.ticket_max is not None and not wanted.co_fund:
        found.append((Ask.amount_cents > 4 * wanted.ticket_max, "ticket"))
    return found
