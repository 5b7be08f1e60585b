"""Who stands on two sides: members of a panel who work for a funder, and whoever administers the site and takes part.

The first are flagged to whoever leads the panel and to themselves.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from innovation.accounts.models import RoleGrant
from innovation.db import db
from innovation.gates.models import GONE, Review, Seat
from innovation.gates.policy import may_see_panel_interests
from innovation.gates.queries.flags import FUNDER
from innovation.gates.queries.standing import OPEN_STATES
from innovation.ideas.models import Contributor, Idea
from innovation.permission import Actor

PEOPLE: sa.BindParameter[int] = sa.bindparam("people", expanding=True)
BOUND = (
    sa.select(RoleGrant.person_id, FUNDER.c.name)
    .join(FUNDER, FUNDER.c.id == RoleGrant.funder_id)
    .where(RoleGrant.person_id.in_(PEOPLE), RoleGrant.ended_at.is_(None))
    .distinct()
    .order_by(FUNDER.c.name)
)


def funders_of(people: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The names of the funders that these people work for, by person; whoever works for none is left out."""
    found: dict[int, tuple[str, ...]] = {}
    for person_id, name in db.session.execute(BOUND, {"people": list(people)}) if people else ():
        found[person_id] = (*found.get(person_id, ()), name)
    return found


def funders_at_table(actor: Actor, review: Review) -> dict[int, tuple[str, ...]]:
    """The same for the seats of a review, as far as the person may know: all of them, or their own."""
    if may_see_panel_interests.allows(actor, review):
        return funders_of([seat.person_id for seat in review.seats])
    own = review.seat_of(actor.person_id) if actor.funder_ids else None
    return funders_of([own.person_id]) if own else {}


def ideas_of(actor: Actor) -> sa.CompoundSelect[int]:
    """The ids of the ideas whose team the person belongs to."""
    contributes = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    return sa.union_all(sa.select(Idea.id).where(Idea.owner_id == actor.person_id), contributes)


def ideas_before(actor: Actor) -> sa.Select[int]:
    """The ids of the ideas for which the person sits on a panel that has not decided."""
    sits = sa.select(Review.idea_id).join(Seat, Seat.review_id == Review.id)
    return sits.where(Seat.person_id == actor.person_id, Seat.stance.not_in(GONE), Review.state.in_(OPEN_STATES))


def of_own_ideas(actor: Actor, review_ids: Collection[int]) -> set[int]:
    """Those of the reviews whose idea is the person's own."""
    query = sa.select(Review.id).where(
        Review.id.in_(review_ids), Review.idea_id.in_(ideas_of(actor).subquery().select())
    )
    return set(db.session.scalars(query)) if review_ids else set()


def still_sits(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Review`` that holds until its panel has decided; of one's own idea, until one is told."""
    return sa.or_(Review.settled_at.is_(None), Review.idea_id.in_(ideas_of(actor).subquery().select()))
