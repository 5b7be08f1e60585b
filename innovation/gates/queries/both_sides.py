"""Who of a panel works for a funder, too: their seat is flagged to whoever leads the panel and to themselves."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from innovation.accounts.models import RoleGrant
from innovation.db import db
from innovation.gates.models import Review
from innovation.gates.policy import may_see_panel_interests
from innovation.gates.queries.flags import FUNDER
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
