"""The ideas that fit, ranked once: kept by a process for as long as nothing has changed that they were ranked by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.command import transaction
from innovation.db import db
from innovation.funders.facets import Filters, Tally
from innovation.funders.models import ListingChange
from innovation.funders.queries.browsing import Browsing, Found
from innovation.funders.workspace_models import Passed, Shortlisted
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.statements import ask, keep
from innovation.traces import tracing

MOST = 10_000  # matches that a process keeps: about 20 MB
OF_ITSELF = 50  # as many matches weigh what a ranking takes that found nothing
KEPT_CHANGES = 500
CHANGES = keep(sa.select(sa.func.count(ListingChange.id), sa.func.coalesce(sa.func.sum(ListingChange.id), 0)))
PERSON, FUNDER = sa.bindparam("person_id", type_=sa.Integer()), sa.bindparam("funder_id", type_=sa.Integer())
# What walls the person off, what they own or take part in, and what their funder's people have put aside or passed on.
THEIRS = keep(
    sa.union_all(
        sa.select(sa.literal("wall"), Wall.idea_id).where(Wall.person_id == PERSON),
        sa.select(sa.literal("own"), Idea.id).where(Idea.owner_id == PERSON),
        sa.select(sa.literal("part"), Contributor.idea_id).where(
            Contributor.person_id == PERSON, Contributor.ended_at.is_(None)
        ),
        sa.select(sa.literal("list"), Shortlisted.idea_id).where(
            Shortlisted.funder_id == FUNDER, Shortlisted.ended_at.is_(None)
        ),
        sa.select(sa.literal("pass"), Passed.idea_id).where(Passed.funder_id == FUNDER, Passed.ended_at.is_(None)),
    ).order_by(sa.text("1, 2"))
)


class Ranked(NamedTuple):
    """The ideas found, and how many each value of each facet would bring."""

    found: Found
    tally: Tally


class Kept(NamedTuple):
    ranked: Ranked
    changes: tuple[int, int]


class Rankings:
    """What a process keeps: the rankings that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()
        self.weight = 0

    def find(self, key: Hashable, changes: tuple[int, int]) -> Ranked | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.changes != changes:
                return None
            self._kept.move_to_end(key)
            return kept.ranked

    def keep(self, key: Hashable, changes: tuple[int, int], ranked: Ranked) -> None:
        with self._lock:
            if key in self._kept:
                self.weight -= _weight(self._kept[key])
            self._kept[key] = Kept(ranked, changes)
            self._kept.move_to_end(key)
            self.weight += _weight(self._kept[key])
            while len(self._kept) > 1 and self.weight > MOST:
                self.weight -= _weight(self._kept.popitem(last=False)[1])


def _weight(kept: Kept) -> int:
    return OF_ITSELF + len(kept.ranked.found.open)


_rankings = Rankings()


def rank(browsing: Browsing, filters: Filters, order: str = "match") -> Ranked:
    """``browsing.find`` and ``browsing.tally``, done anew only when their answer can have changed.

    The database itself notes each change to a listed idea, to an ask of one and to what was learned of one; whatever
    else the answer comes from is read here each time and is part of the key.
    """
    ground, changes = _ground(browsing), _changes()
    ranked = _rankings.find((*ground, filters, order), changes)
    if ranked is None:
        with tracing(None):  # a page that is given again asks for the changes instead
            ranked = _rank(browsing, filters, order)
            if _ground(browsing) == ground:  # else somebody has changed it meanwhile
                _rankings.keep((*ground, filters, order), changes, ranked)
    return ranked


def _changes() -> tuple[int, int]:
    return tuple(ask(CHANGES)[0])


def _rank(browsing: Browsing, filters: Filters, order: str) -> Ranked:
    found = browsing.find(filters, order)
    return Ranked(found, browsing.tally(filters, found))


def _ground(browsing: Browsing) -> tuple[Any, ...]:
    theirs = ask(THEIRS, {"person_id": browsing.actor.person_id, "funder_id": browsing.funder.id})
    return (
        str(db.engine.url),
        browsing.funder.id,
        browsing.wanted,
        browsing.today,
        tuple(browsing.themes.items()),
        tuple(browsing.province_of.items()),
        tuple(browsing.definitions.items()),
        tuple((row[0], row[1]) for row in theirs),
    )


def forget_old_changes() -> None:
    """Only how many changes there are and which is the newest is ever asked: all but the last may go."""
    newest = sa.select(sa.func.max(ListingChange.id)).scalar_subquery()
    with transaction():
        db.session.execute(sa.delete(ListingChange).where(ListingChange.id < newest - KEPT_CHANGES))
