"""Lists of ideas: filters, sorting, search results, the counts of the line, and ideas that are alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.db import COUNT_LIMIT, MOST_PAGES, Page, bounded_count, db, page_of
from innovation.ideas import search
from innovation.ideas.models import Idea, Tally
from innovation.ideas.queries.filters import Filters, conditions
from innovation.ideas.queries.one import hosted_ways, unindexed, visible, walled, walls
from innovation.ideas.queries.reach import (
    hosted_regions,
    is_empty,
    own_ids,
    seen,
    staffed_regions,
    wide_conditions,
)
from innovation.permission import Actor
from innovation.statements import ago, prepared_for_few
from workflows import STANDINGS, UNDER_WAY

ENDED = sa.case((Idea.standing.in_(UNDER_WAY), 0), else_=1)
# Each order ends with the id, and has its index. The usual one puts what has ended behind, either way round.
SORTS: dict[str, tuple[Any, ...]] = {
    "place_since": (Idea.place_since,),
    "captured": (Idea.captured_at,),
    "title": (Idea.title,),
    "due": (Idea.due_on, Idea.place_since),
    "updated": (Idea.updated_at,),
    "reference": (Idea.reference,),
}


class Counts(NamedTuple):
    """Parts of a query: how many ideas a list has, and how many of these have waited long.

    Where a list is found by its words, it has at most ``search.CANDIDATES`` ideas and one more, ``with_words`` says how
    many of all ideas were looked at where fewer were found, and ``page`` gives the ids of a page with their places: as
    many as ``before`` is bound to come before it.
    """

    counted: sa.ColumnElement[int]
    waiting: sa.ColumnElement[int]
    with_words: sa.ColumnElement[int] | None = None
    page: sa.Select[int, int] | None = None


def list_ideas(
    actor: Actor,
    filters: Filters | None = None,
    *,
    sort: str = "-place_since",
    page: int = 1,
    size: int = 20,
    counted: int | None = None,
) -> Page[Idea]:
    """One page of the ideas that the person may see, with all that a row shows loaded.

    The rows are read once it is known which ones they are: what is sorted is no more than their ids.
    """
    by, number = filters or Filters(), max(1, min(page, MOST_PAGES))
    if counted is None:
        counted = db.session.scalar(sa.select(count_ideas(actor, by))) or 0
    rows = list(db.session.scalars(_page(actor, by, sort, size + 1), {"before": (number - 1) * size}))
    return page_of(rows, number, size, counted)


def list_ids(actor: Actor, filters: Filters, *, sort: str, most: int) -> list[int]:
    """The ids of these ideas in their order, the plan of an export: of those with words all, up to ``most``."""
    return list(db.session.scalars(page_ids(actor, filters, sort, most), {"before": 0}))


def still_visible(actor: Actor, ids: Collection[int]) -> set[int]:
    """Those of these ideas that the person may see."""
    return set(db.session.scalars(sa.select(Idea.id).where(Idea.id.in_(ids), visible(actor))))


def seen_references(actor: Actor, references: Collection[str]) -> set[str]:
    """Those of these references whose ideas the person may see."""
    return set(db.session.scalars(sa.select(Idea.reference).where(Idea.reference.in_(references), visible(actor))))


@prepared_for_few
def _page(actor: Actor, by: Filters, sort: str, most: int) -> sa.Select[Idea]:
    listed = page_ids(actor, by, sort, most).subquery().select()
    return row_query().where(Idea.id.in_(listed)).order_by(*row_order(sort))


def page_ids(actor: Actor, by: Filters, sort: str, most: int) -> sa.Select[int]:
    """The ids of the next ``most`` ideas of the list after the first ones, as many as ``before`` is bound to."""
    before = sa.bindparam("before", type_=sa.Integer)
    each = walks(actor, by, sort, most if most > COUNT_LIMIT else None)
    ids = each[0].with_only_columns(each[0].selected_columns[0])
    if len(each) > 1:
        first = sa.union_all(*(walk.limit(before + most).subquery().select() for walk in each)).subquery()
        ids = sa.select(first.c.id).order_by(*row_order(sort, (first.c.ended, first.c.place_since, first.c.id)))
    return ids.offset(before).limit(most)


def walks(actor: Actor, by: Filters, sort: str, most: int | None = None) -> list[sa.Select[Any]]:
    """The list in parts, each in the order of an index: the first ones of each are enough for the first ones of all.

    In the usual order these are its standings, so that what has ended does not stand in the way of what is alive.
    """
    if _holds_words(actor, by):
        listed = _newest(actor, by, SORTS[_key(sort)], most).subquery()
        return [sa.select(listed.c.id).order_by(*row_order(sort, (listed.c.ended, *list(listed.c)[2:], listed.c.id)))]
    if _key(sort) != "place_since" or _are_few(actor, by):
        return [_in_order(sa.select(Idea.id), actor, by, sort)]
    walk = sa.select(Idea.id, Idea.place_since, ENDED.label("ended"))
    alone = not by.standing and (by.place or by.waiting)
    if by.standing not in ("", "any"):
        parts = [_in_order(walk, actor, by, sort)]
    else:
        each = UNDER_WAY if alone else STANDINGS
        parts = [_in_order(walk, actor, replace(by, standing=standing), sort) for standing in each]
    return [part.order_by(None).order_by(*row_order(sort)[1:]) for part in parts]


def _in_order(query: sa.Select[Any], actor: Actor, by: Filters, sort: str) -> sa.Select[Any]:
    """The query narrowed to the list, in its order.

    What an index answers is decided here and not by the database, which knows a table's shape only sometimes. Few rows
    are found by what makes them few, and then sorted; many are read in their order, up to the end of the page.
    """
    key = _key(sort)
    leading = _leading(by) if key == "place_since" else {"programme"}
    if _are_few(actor, by) or key == "reference":  # references are in order across programmes
        leading = set()
    words = [search.matching(by.q)] if by.q.strip() else []
    narrow = (seen(actor, by.programme, leading), *conditions(actor, by, leading), *words)
    return query.where(*narrow).order_by(*row_order(sort))


def _holds_words(actor: Actor, by: Filters) -> bool:
    """Whether the list is found by its words; few ideas are found by what makes them few, and read for words."""
    return bool(by.q.strip()) and not _are_few(actor, by)


def _newest(actor: Actor, by: Filters, columns: Iterable[Any], most: int | None = None) -> sa.Select[Any]:
    """The newest ideas of a list that is found by its words: the id, whether it has ended, and some columns."""
    query = sa.select(Idea.id, ENDED.label("ended"), *columns).select_from(Idea)
    query = query.where(seen(actor, by.programme), *conditions(actor, by))
    part = by.programme is None or staffed_regions(actor, by.programme) is not None
    return search.newest(query, by.q, most, is_narrowed=part or replace(by, programme=None, q="") != Filters())


def _leading(by: Filters) -> set[str]:
    """The filters that an index answers together; it has what they find in the usual order."""
    in_order = {"programme", "standing", "waiting"}
    if by.district is not None:  # the fewest ideas, and their indexes hold the place
        return {*in_order, "district"}
    if by.topic:
        return {*in_order, "topic"}
    if by.place:
        return {*in_order, "place", *(["theme"] if by.theme else [])}
    for subject in ("theme", "region"):
        if getattr(by, subject):
            return {*in_order, subject}
    return in_order


def _key(sort: str) -> str:
    key = sort.removeprefix("-")
    return key if key in SORTS else "place_since"


def row_order(sort: str, columns: Iterable[Any] = ()) -> list[sa.ColumnElement[Any]]:
    """What has no date comes last, turned round first: as the index has it, whatever the database."""
    key, turned = _key(sort), sort.startswith("-")
    usual, *rest = columns or (ENDED, *SORTS[key], Idea.id)
    first = [usual] if key == "place_since" else []
    return [*first, *(_turned(column) if turned else _straight(column) for column in rest)]


def _straight(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column.asc().nulls_last() if column.key == "due_on" else column.asc()


def _turned(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column.desc().nulls_first() if column.key == "due_on" else column.desc()


def _are_few(actor: Actor, by: Filters) -> bool:
    """Whether the ideas are at most some thousands that an index gives at once, however large the programme is."""
    narrow = by.clinic is not None or by.owner == "me"
    return narrow or (actor.person_id is not None and not wide_conditions(actor, by.programme))


def count_ideas(actor: Actor, filters: Filters) -> sa.ColumnElement[int]:
    """How many ideas are in the list, counted up to just above ``COUNT_LIMIT``, as a part of a query.

    Of a region, its own index is counted, and beside it what the person sees elsewhere.
    """
    if _holds_words(actor, filters):
        return _number(_newest(actor, filters, ()).subquery())
    regions = None if filters.programme is None else staffed_regions(actor, filters.programme)
    if not regions or _are_few(actor, filters) or hosted_ways(actor):
        return bounded_count(_in_order(sa.select(Idea), actor, filters, "place_since"))
    inside = sa.select(Idea).where(Idea.region_id.in_(sorted(regions)), *conditions(actor, filters, _leading(filters)))
    outside = sa.select(Idea).where(unindexed(Idea.region_id).not_in(sorted(regions)))
    outside = outside.where(Idea.id.in_(own_ids(actor).subquery().select()), *conditions(actor, filters, ()))
    return bounded_count(inside.where(~walled(actor))) + bounded_count(outside.where(~walled(actor)))


def count_list(actor: Actor, filters: Filters, days: int, sort: str, most: int) -> Counts:
    """How many ideas are in the list, and how many of it have waited for more than so many ``days``.

    What holds words is looked for once, so that the next ``most`` ideas of it are found here as well.
    """
    waiting = replace(filters, waiting=days)
    if not _holds_words(actor, filters):
        return Counts(count_ideas(actor, filters), count_ideas(actor, waiting))
    columns = {column.key: column for column in (Idea.standing, Idea.place_since, *SORTS[_key(sort)])}
    found = _newest(actor, filters, columns.values()).cte("found").prefix_with("MATERIALIZED")  # it is asked four times
    order = row_order(sort, (found.c.ended, *(found.c[column.key] for column in SORTS[_key(sort)]), found.c.id))
    page = sa.select(found.c.id, sa.func.row_number().over(order_by=order).label("at")).order_by(sa.text("at"))
    page = page.offset(sa.bindparam("before", type_=sa.Integer)).limit(most)
    counted = _number(found)
    with_words = sa.case((counted > search.CANDIDATES, 0), else_=search.count_matches(filters.q))
    if filters.waiting:
        return Counts(counted, counted, with_words, page)
    under_way = [] if filters.standing else [found.c.standing.in_(UNDER_WAY)]
    return Counts(counted, _number(found, found.c.place_since < ago(days=days), *under_way), with_words, page)


def _number(found: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(found).where(*conditions).scalar_subquery()


def row_query() -> sa.Select[Idea]:
    """Ideas with what a row shows, and nothing that would be loaded later."""
    shown = (Idea.theme, Idea.topic, Idea.district, Idea.region, Idea.workflow_version, Idea.owner)
    return sa.select(Idea).options(*(joinedload(each) for each in shown), raiseload("*"))


def search_ideas(
    actor: Actor, text: str, filters: Filters | None = None, *, page: int = 1, size: int = 20
) -> Page[Idea]:
    """The ideas that fit best, of the newest ``search.CANDIDATES`` that match and that the person may see."""
    by = filters or Filters(standing="any")
    within = sa.and_(seen(actor, by.programme), *conditions(actor, by))
    found = [*db.session.execute(sa.select(search.ranked(text, within)))]
    best = [idea_id for idea_id, _score in sorted(found, key=lambda each: (each.score, each.id), reverse=True)]
    number = max(1, min(page, MOST_PAGES))
    shown = best[: search.CANDIDATES][(number - 1) * size : number * size + 1]
    ideas = {idea.id: idea for idea in db.session.scalars(row_query().where(Idea.id.in_(shown)))}
    return page_of([ideas[idea_id] for idea_id in shown], number, size, len(best), limit=search.CANDIDATES)


# The counts of the line


def count_places(actor: Actor, programme_id: int, *, standings: Sequence[str] = UNDER_WAY) -> dict[str, int]:
    """How many ideas the person may see at each place of a programme."""
    counts: dict[str, int] = {}
    for place, n in db.session.execute(sa.union_all(*place_counts(actor, programme_id, standings=standings))):
        counts[place] = counts.get(place, 0) + int(n or 0)
    return {place: n for place, n in counts.items() if n}


def place_counts(
    actor: Actor, programme_id: int, *, standings: Sequence[str] = UNDER_WAY
) -> list[sa.Select[*tuple[Any, ...]]]:
    """Queries of places with numbers; those of each place together are how many ideas the person may see there.

    Who sees a whole programme or region reads the kept counts, and so does who facilitates its clinics, less what came
    from none; both less the ideas behind their walls. What they see beside it is counted.
    """
    staffed, hosted = staffed_regions(actor, programme_id), hosted_regions(actor, programme_id)
    if is_empty(staffed) and is_empty(hosted):
        return [_grouped(programme_id, standings, seen(actor, programme_id))]
    kept = sa.select(Tally.place, sa.func.sum(Tally.n)).where(
        Tally.programme_id == programme_id, Tally.standing.in_(standings)
    )
    if staffed is not None and hosted is not None:
        kept = kept.where(Tally.region_id.in_(sorted(staffed | hosted)))
    parts = [kept.group_by(Tally.place)]
    if actor.is_system:
        return parts
    inside = sa.or_(*wide_conditions(actor, programme_id))
    parts.append(_grouped(programme_id, standings, sa.and_(inside, walled(actor)), sign=-1))
    if staffed is not None:
        if not is_empty(hosted):
            parts.append(_unhosted(programme_id, standings, staffed, hosted))
        own = sa.except_(own_ids(actor).subquery().select(), walls(actor))  # found first: nothing else is to lead
        parts.append(_grouped(programme_id, standings, sa.and_(Idea.id.in_(own.subquery().select()), ~inside)))
    return parts


def _grouped(
    programme_id: int, standings: Sequence[str], condition: sa.ColumnElement[bool], *, sign: int = 1
) -> sa.Select[*tuple[Any, ...]]:
    """The numbers of the few ideas that meet a condition."""
    return (
        sa.select(Idea.place, sa.func.count() * sign)
        .where(unindexed(Idea.programme_id) == programme_id, unindexed(Idea.standing).in_(standings), condition)
        .group_by(Idea.place)
    )


def _unhosted(
    programme_id: int, standings: Sequence[str], staffed: set[int], hosted: set[int] | None
) -> sa.Select[*tuple[Any, ...]]:
    """The ideas of the regions whose clinics the person facilitates, and does no more, that came from no clinic."""
    there = [unindexed(Idea.region_id).not_in(sorted(staffed))] if staffed else []
    there += [unindexed(Idea.region_id).in_(sorted(hosted))] if hosted else []
    condition = sa.and_(Idea.clinic_id.is_(None), *there)
    return _grouped(programme_id, standings, condition, sign=-1)
