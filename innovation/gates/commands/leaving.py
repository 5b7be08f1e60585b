"""What becomes of the seats of somebody who cannot sign in any more, or can again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from innovation.accounts.models import Account, Person
from innovation.command import command
from innovation.db import db
from innovation.events import record_all
from innovation.gates import policy
from innovation.gates.events import PowersPassedOn, PowersReturned
from innovation.gates.models import CHAIRING_ROLES, GONE, Review, Seat
from innovation.gates.queries.standing import OPEN_STATES
from innovation.permission import Actor


@command(policy.may_note_absence)
def note_absence(actor: Actor, person: Person) -> list[Seat]:
    """Let the seats of the person say whether they can act at all: who cannot leads no review, and the deputy does.

    Their cards stay and count, and whoever runs the gate may put somebody else in their place. Gives back the seats at
    open reviews whose powers have passed on, or come back.
    """
    since = db.session.scalar(sa.select(Account.disabled_at).where(Account.person_id == person.id))
    changed = Seat.away_since.is_(None) if since else Seat.away_since.is_not(None)
    leading = (
        sa.select(Seat)
        .join(Seat.review)
        .where(Seat.person_id == person.id, changed, Seat.role.in_(CHAIRING_ROLES), Seat.stance.not_in(GONE))
        .where(Review.state.in_(OPEN_STATES))
        .options(contains_eager(Seat.review))
    )
    seats = list(db.session.scalars(leading.order_by(Seat.id)))
    mine = sa.update(Seat).where(Seat.person_id == person.id, changed).values(away_since=since)
    db.session.execute(mine, execution_options={"synchronize_session": "fetch"})
    fact = PowersPassedOn if since else PowersReturned
    if seats:
        record_all(actor, [fact(seat.review.idea_id, seat.review_id, seat.id) for seat in seats])
    return seats
