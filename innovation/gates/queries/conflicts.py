"""What stands between people and ideas, for many of both at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import RoleGrant
from innovation.db import db
from innovation.gates.models import Review, Seat
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.permission import Grant


@dataclass(frozen=True)
class Conflict:
    """An interest of somebody in an idea: its kind, and words that follow the name of the person."""

    kind: str
    words: str


OWNER = Conflict("owner", "owns this idea")
CONTRIBUTOR = Conflict("contributor", "contributed to this idea")
CAPTURED = Conflict("captured", "helped to capture this idea")
DECLARED = Conflict("declared", "has declared a conflict of interest in this idea")
RECUSED = Conflict("recused", "was recused from this idea")


def conflicts_between(
    people_ids: Collection[int], idea_ids: Collection[int]
) -> dict[tuple[int, int], tuple[Conflict, ...]]:
    """The conflicts of each person (first) with each idea (second) where there are any: five queries for any number."""
    found: dict[tuple[int, int], list[Conflict]] = {}
    for person_id, idea_id, conflict in _all(set(people_ids), list(idea_ids)):
        known = found.setdefault((person_id, idea_id), [])
        if conflict not in known:
            known.append(conflict)
    return {pair: tuple(conflicts) for pair, conflicts in found.items()}


def _all(people: set[int], idea_ids: list[int]) -> Iterator[tuple[int, int, Conflict]]:
    columns = (Idea.id, Idea.owner_id, Idea.captured_by_id, Idea.clinic_id, Idea.programme_id, Idea.region_id)
    ideas = list(db.session.execute(sa.select(*columns).where(Idea.id.in_(idea_ids))))
    facilitating = grants_of(people, "facilitator")
    for idea in ideas:
        if idea.owner_id in people:
            yield idea.owner_id, idea.id, OWNER
        if idea.captured_by_id in people:
            yield idea.captured_by_id, idea.id, CAPTURED
        if idea.clinic_id is not None:
            yield from ((who, idea.id, CAPTURED) for who, grant in facilitating if grant.covers(idea))
    among = list(people)
    for model, conflict in ((Contributor, CONTRIBUTOR), (Wall, DECLARED)):
        pairs: Any = sa.select(model.person_id, model.idea_id).where(
            model.idea_id.in_(idea_ids), model.person_id.in_(among)
        )
        yield from ((who, idea_id, conflict) for who, idea_id in db.session.execute(pairs))
    recused = (
        sa.select(Seat.person_id, Review.idea_id)
        .join(Seat.review)
        .where(Review.idea_id.in_(idea_ids), Seat.person_id.in_(among), Seat.stance == "recused")
    )
    yield from ((who, idea_id, RECUSED) for who, idea_id in db.session.execute(recused))


def grants_of(people: Collection[int], role: str) -> list[tuple[int, Grant]]:
    """The people who hold a role, with the scope of each holding."""
    query = sa.select(RoleGrant).where(
        RoleGrant.person_id.in_(list(people)), RoleGrant.role == role, RoleGrant.ended_at.is_(None)
    )
    return [
        (held.person_id, Grant(role, held.programme_id, held.region_id, held.clinic_id))
        for held in db.session.scalars(query)
    ]
