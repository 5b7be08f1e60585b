"""Whether a member reads an idea with the names of its people, or without them until their own marks are in."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from innovation.db import db
from innovation.gates.models import Seat
from innovation.ideas.models import Access


def show_names(seats: Iterable[Seat]) -> None:
    """Let the seats of one review read their idea with the names of its people from now on."""
    nameless = list(seats)
    if nameless and nameless[0].review.gate.hides_names:
        of_seats = Access.why.in_([f"seat:{seat.id}" for seat in nameless])
        idea = nameless[0].review.idea
        db.session.execute(sa.update(Access).where(Access.idea_id == idea.id, of_seats).values(names_hidden=False))
        db.session.expire(idea, ["nameless"])
