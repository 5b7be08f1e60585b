"""What stands between people and ideas, for many of both at once: nobody is suggested where something does."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.gates.models import Review, Seat
from innovation.gates.queries.flags import flags_between
from innovation.ideas.models import Contributor, Wall
from innovation.values import dataclass


@dataclass(frozen=True)
class Conflict:
    """An interest of somebody in an idea: its kind, and words that follow the name of the person.

    One that ``bars`` keeps them from any seat; with another one they may sit once they have declared it, if asked to.
    """

    kind: str
    words: str
    bars: bool = False


BARRING = {
    "owner": Conflict("owner", "owns this idea", bars=True),
    "contributor": Conflict("contributor", "contributed to this idea", bars=True),
    "declared": Conflict("declared", "has declared a conflict of interest in this idea", bars=True),
    "recused": Conflict("recused", "was recused from this idea", bars=True),
}
# By the rule of a flag. The district alone is left out: everybody of a regional panel would share it with its ideas.
FLAGGED = {
    "captured": Conflict("captured", "helped to capture this idea"),
    "facilitator": Conflict("facilitator", "facilitates at the clinic of this idea"),
    "school": Conflict("school", "shares a school with this idea"),
    "organisation": Conflict("organisation", "shares an organisation with this idea"),
    "domain": Conflict("domain", "shares an e-mail domain with somebody behind this idea"),
    "funder": Conflict("funder", "is bound to a funder of this idea"),
    "relative": Conflict("relative", "has a relative behind this idea"),
}


def conflicts_between(
    people_ids: Collection[int], idea_ids: Collection[int]
) -> dict[tuple[int, int], tuple[Conflict, ...]]:
    """The conflicts of each person (first) with each idea (second) where there are any, what bars first."""
    found: dict[tuple[int, int], list[Conflict]] = {}
    for pair, conflict in _all(list(people_ids), list(idea_ids)):
        if conflict not in found.setdefault(pair, []):
            found[pair].append(conflict)
    return {pair: tuple(sorted(each, key=lambda one: not one.bars)) for pair, each in found.items()}


def _all(people: list[int], idea_ids: list[int]) -> Iterator[tuple[tuple[int, int], Conflict]]:
    for pair, flags in flags_between(people, idea_ids).items():
        for flag in flags:
            conflict = BARRING[flag.rule] if flag.bars else FLAGGED.get("relative" if flag.relative else flag.rule)
            if conflict is not None:
                yield pair, conflict
    recused = (
        sa.select(Seat.person_id, Review.idea_id)
        .join(Seat.review)
        .where(Review.idea_id.in_(idea_ids), Seat.person_id.in_(people), Seat.stance == "recused")
    )
    known: dict[str, Any] = {
        "contributor": _pairs(Contributor, people, idea_ids),  # also those who are none any more
        "declared": _pairs(Wall, people, idea_ids),
        "recused": recused,
    }
    for kind, query in known.items():
        yield from (((person_id, idea_id), BARRING[kind]) for person_id, idea_id in db.session.execute(query))


def _pairs(model: Any, people: list[int], idea_ids: list[int]) -> sa.Select[Any, Any]:
    return sa.select(model.person_id, model.idea_id).where(model.idea_id.in_(idea_ids), model.person_id.in_(people))
