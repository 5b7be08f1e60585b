"""Lists of ideas: filters, sorting, search results, the counts of the line, and ideas that are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.db import Page, db, paginate
from innovation.ideas import search
from innovation.ideas.models import Idea, Tally
from innovation.ideas.queries.one import own_ways, visible, walled, wide_ways
from innovation.ideas.similarity import Candidate, alike
from innovation.permission import Actor, Grant
from innovation.programmes.models import Region, Theme, Topic
from innovation.statements import FOR_EVER, ago, prepared

ON_THE_LINE = ("active", "held")
SORTS: dict[str, Any] = {
    "place_since": Idea.place_since,
    "captured": Idea.captured_at,
    "title": Idea.title,
    "due": sa.func.coalesce(Idea.due_on, FOR_EVER),
    "updated": Idea.updated_at,
    "reference": Idea.reference,
}


@dataclass(frozen=True)
class Filters:
    """What a list of ideas is narrowed to; empty values narrow nothing. ``standing`` "any" takes every standing."""

    programme: int | None = None
    place: str = ""
    standing: str = ""
    clinic: int | None = None
    theme: str = ""
    topic: str = ""
    district: int | None = None
    region: str = ""
    waiting: int | None = None
    owner: str = ""
    q: str = ""

    def without(self, name: str) -> Filters:
        """The same filters but for one."""
        values: dict[str, Any] = {name: getattr(Filters(), name)}
        return replace(self, **values)


def list_ideas(
    actor: Actor,
    filters: Filters | None = None,
    *,
    sort: str = "-place_since",
    page: int = 1,
    size: int = 20,
    counted: int | None = None,
) -> Page[Idea]:
    """One page of the ideas that the person may see, with all that a row shows loaded."""
    return paginate(ideas_query(actor, filters, sort=sort), page=page, size=size, counted=counted)


@prepared
def ideas_query(actor: Actor, filters: Filters | None = None, *, sort: str = "-place_since") -> sa.Select[Idea]:
    """The query behind the list, also for exports. ``sort`` is a key of SORTS; "-" before it turns it round."""
    column = SORTS.get(sort.lstrip("-"), Idea.place_since)
    order = column.desc() if sort.startswith("-") else column.asc()
    by = filters or Filters()
    turn = Idea.id.desc() if sort.startswith("-") else Idea.id.asc()
    return row_query().where(seen(actor, by.programme), *conditions(actor, by)).order_by(order, turn)


def seen(actor: Actor, programme_id: int | None) -> sa.ColumnElement[bool]:
    """What ``visible`` says, in the form that keeps long lists quick: one index gives the order and the rows.

    Who sees a whole programme needs no other way; who sees a region walks the programme in its order; who sees only
    what is their own starts from their few ideas.
    """
    if actor.is_system or actor.person_id is None:
        return visible(actor)
    if programme_id is not None and _scope(actor, programme_id) == (True, None):
        return sa.and_(Idea.programme_id == programme_id, ~walled(actor))
    own = Idea.id.in_(own_ids(actor).subquery().select())
    wide = [_in_scope_unindexed(grant) for grant in actor.scopes("manager", "coordinator")]
    return sa.and_(sa.or_(*wide, own) if wide else own, ~walled(actor))


def own_ids(actor: Actor) -> sa.CompoundSelect[Any]:
    """The ids of the ideas that are this person's own to see, each way by its index."""
    return sa.union(*(sa.select(Idea.id).where(way) for way in own_ways(actor)))


def _in_scope_unindexed(grant: Grant) -> sa.ColumnElement[bool]:
    # An index for each part of an OR would gather every row of the scope before sorting a page of twenty.
    parts: list[sa.ColumnElement[bool]] = [sa.true()]
    if grant.programme_id is not None:
        parts.append(sa.func.coalesce(Idea.programme_id, 0) == grant.programme_id)
    if grant.region_id is not None:
        parts.append(sa.func.coalesce(Idea.region_id, 0) == grant.region_id)
    return sa.and_(*parts)


def row_query() -> sa.Select[Idea]:
    """Ideas with what a row shows, and nothing that would be loaded later."""
    shown = (Idea.theme, Idea.topic, Idea.district, Idea.region, Idea.workflow_version, Idea.owner)
    return sa.select(Idea).options(*(joinedload(each) for each in shown), raiseload("*"))


def conditions(actor: Actor, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on ``Idea``."""
    found: list[sa.ColumnElement[bool]] = []
    if filters.programme is not None:
        found.append(Idea.programme_id == filters.programme)
    if filters.place:
        found.append(Idea.place == filters.place)
    if filters.standing:
        found += [] if filters.standing == "any" else [Idea.standing == filters.standing]
    elif filters.place or filters.waiting:
        found.append(Idea.standing.in_(ON_THE_LINE))
    if filters.clinic is not None:
        found.append(Idea.clinic_id == filters.clinic)
    if filters.theme:
        found.append(Idea.theme_id.in_(sa.select(Theme.id).where(Theme.key == filters.theme)))
    if filters.topic:
        found.append(Idea.topic_id.in_(sa.select(Topic.id).where(Topic.key == filters.topic)))
    if filters.district is not None:
        found.append(Idea.district_id == filters.district)
    if filters.region:
        found.append(Idea.region_id.in_(sa.select(Region.id).where(Region.prefix == filters.region)))
    if filters.waiting:
        found.append(Idea.place_since < ago(days=filters.waiting))
    if filters.owner == "me":
        found.append(Idea.owner_id == actor.person_id)
    if filters.q.strip():
        found.append(search.matching(filters.q))
    return found


def search_ideas(
    actor: Actor, text: str, filters: Filters | None = None, *, page: int = 1, size: int = 20
) -> Page[Idea]:
    """The ideas that fit best, of the newest 500 that match and that the person may see."""
    by = filters or Filters(standing="any")
    within = sa.and_(seen(actor, by.programme), *conditions(actor, by))
    best = search.ranked(text, within)
    query = row_query().join(best, best.c.id == Idea.id).order_by(best.c.score.desc(), Idea.id.desc())
    return paginate(query, page=page, size=size)


# The counts of the line


def count_places(actor: Actor, programme_id: int, *, standings: Sequence[str] = ON_THE_LINE) -> dict[str, int]:
    """How many ideas the person may see at each place of a programme."""
    counts: dict[str, int] = {}
    for place, n in db.session.execute(sa.union_all(*place_counts(actor, programme_id, standings=standings))):
        counts[place] = counts.get(place, 0) + int(n or 0)
    return {place: n for place, n in counts.items() if n}


def place_counts(
    actor: Actor, programme_id: int, *, standings: Sequence[str] = ON_THE_LINE
) -> list[sa.Select[*tuple[Any, ...]]]:
    """Queries of places with numbers; those of each place together are how many ideas the person may see there.

    Who sees a whole programme or region reads the kept counts, less the ideas behind their walls; what they see
    beside it is counted.
    """
    covered, regions = _scope(actor, programme_id)
    if not covered:
        return [_grouped(programme_id, standings, seen(actor, None))]
    kept = sa.select(Tally.place, sa.func.sum(Tally.n)).where(
        Tally.programme_id == programme_id, Tally.standing.in_(standings)
    )
    if regions is not None:
        kept = kept.where(Tally.region_id.in_(regions))
    parts = [kept.group_by(Tally.place)]
    if actor.is_system:
        return parts
    inside = sa.or_(*wide_ways(actor))
    parts.append(_grouped(programme_id, standings, sa.and_(inside, walled(actor)), sign=-1))
    if regions is not None:
        outside = sa.and_(Idea.id.in_(own_ids(actor).subquery().select()), ~inside, ~walled(actor))
        parts.append(_grouped(programme_id, standings, outside))
    return parts


def _scope(actor: Actor, programme_id: int) -> tuple[bool, set[int] | None]:
    """Whether kept counts answer for this person, and for which regions (None: all of them)."""
    if actor.is_system:
        return True, None
    grants: list[Grant] = [
        grant for grant in actor.scopes("manager", "coordinator") if grant.programme_id in (None, programme_id)
    ]
    if any(grant.region_id is None for grant in grants):
        return True, None
    regions = {grant.region_id for grant in grants if grant.region_id is not None}
    return bool(regions), regions


def _grouped(
    programme_id: int, standings: Sequence[str], condition: sa.ColumnElement[bool], *, sign: int = 1
) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Idea.place, sa.func.count() * sign)
        .where(Idea.programme_id == programme_id, Idea.standing.in_(standings), condition)
        .group_by(Idea.place)
    )


# Alike


@dataclass(frozen=True)
class Alike:
    idea: Idea
    likeness: int


def find_alike(
    actor: Actor, title: str, problem: str = "", *, programme_id: int | None = None, exclude: int | None = None
) -> list[Alike]:
    """Up to five ideas that the person may see and that read alike, the most alike first; two queries."""
    query = (
        sa.select(Idea.id, Idea.title, Idea.search_text)
        .where(Idea.id.in_(search.sharing_words(f"{title} {problem}").subquery().select()), visible(actor))
        .where(Idea.standing != "withdrawn", Idea.id != (exclude or 0))
    )
    if programme_id is not None:
        query = query.where(Idea.programme_id == programme_id)
    candidates = [
        Candidate(i, name, text[:600]) for i, name, text in db.session.execute(query.limit(search.CANDIDATES))
    ]
    scores = dict(alike(title, problem, candidates))
    if not scores:
        return []
    found = {idea.id: idea for idea in db.session.scalars(row_query().where(Idea.id.in_(scores)))}
    return [Alike(found[idea_id], score) for idea_id, score in scores.items()]
