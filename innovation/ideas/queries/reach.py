"""What of a programme a person sees, in the form that keeps long lists quick."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from innovation.ideas.models import Idea
from innovation.ideas.queries.one import hosted_ways, in_scope, own_ways, unindexed, visible, walled
from innovation.permission import Actor, Grant


def seen(actor: Actor, programme_id: int | None, leading: Collection[str] = ()) -> sa.ColumnElement[bool]:
    """What ``visible`` says, in the form that keeps long lists quick: one index gives the order and the rows.

    Who sees a whole programme needs no other way; who sees a part of it walks the programme in its order; who sees only
    what is their own starts from their few ideas.
    """
    if actor.is_system or actor.person_id is None:
        return visible(actor)
    if programme_id is not None and staffed_regions(actor, programme_id) is None:
        return sa.and_(named(Idea.programme_id, "programme", leading) == programme_id, ~walled(actor))
    own = Idea.id.in_(own_ids(actor).subquery().select())
    wide = wide_conditions(actor, programme_id)
    return sa.and_(sa.or_(*wide, own) if wide else own, ~walled(actor))


def own_ids(actor: Actor) -> sa.CompoundSelect[Any]:
    """The ids of the ideas that are this person's own to see, each way by its index."""
    return sa.union(*(sa.select(Idea.id).where(way) for way in own_ways(actor)))


def wide_conditions(actor: Actor, programme_id: int | None) -> list[sa.ColumnElement[bool]]:
    """The conditions that open many ideas of a programme to the person, or of any; none is asked of an index."""
    ways = [in_scope(grant, unindexed) for grant in _staffing(actor, programme_id)]
    return [*ways, *hosted_ways(actor, unindexed)]


def _staffing(actor: Actor, programme_id: int | None) -> list[Grant]:
    """The roles that open a programme, or any where it is None, to the person."""
    staff = actor.scopes("manager", "coordinator")
    return [grant for grant in staff if programme_id is None or grant.programme_id in (None, programme_id)]


def staffed_regions(actor: Actor, programme_id: int) -> set[int] | None:
    """The regions of a programme that these roles open; None for all of them."""
    return None if actor.is_system else _regions(_staffing(actor, programme_id))


def hosted_regions(actor: Actor, programme_id: int) -> set[int] | None:
    """The regions of a programme whose every clinic the person facilitates; None for all of them."""
    grants = [grant for grant in actor.scopes("facilitator") if grant.programme_id in (None, programme_id)]
    return _regions(grant for grant in grants if grant.clinic_id is None)


def _regions(grants: Iterable[Grant]) -> set[int] | None:
    regions = {grant.region_id for grant in grants}
    return None if None in regions else {region for region in regions if region is not None}


def is_empty(regions: set[int] | None) -> bool:
    return regions is not None and not regions


def named(column: Any, name: str, leading: Collection[str]) -> Any:
    """The column by its name where an index answers what is asked of it, or else in other words."""
    return column if name in leading else unindexed(column)
