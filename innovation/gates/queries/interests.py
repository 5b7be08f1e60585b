"""The interests of a panel in one idea: what was noticed, what was said of it, and who chairs because of it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import policy
from innovation.gates.interests import Flag, from_kept
from innovation.gates.models import CHAIRING_ROLES, Declaration, Review, Seat
from innovation.gates.queries.flags import flags_and_funders
from innovation.permission import Actor
from innovation.values import dataclass

Employers = dict[int, tuple[str, ...]]


@dataclass(frozen=True)
class Said:
    """Something that was said of a seat: a declaration, an answer to it, or a ruling."""

    level: str
    text: str
    who: str
    at: dt.datetime
    noticed: tuple[Flag, ...]


@dataclass(frozen=True)
class SeatInterests:
    """How a member stands; ``flags`` are those of today, ``fresh`` what nobody has been asked about yet."""

    seat: Seat
    flags: tuple[Flag, ...]
    fresh: tuple[Flag, ...]
    said: tuple[Said, ...]
    may_settle: bool
    may_overrule: bool


@dataclass(frozen=True)
class Claim:
    """Somebody who could chair, in the order in which they do; ``now`` is true for whoever does."""

    seat: Seat
    now: bool


def flags_of_panel(review: Review) -> tuple[dict[int, tuple[Flag, ...]], Employers]:
    """What may tie the members of a panel to its idea today, and who of them works for a funder, both by person.

    For whoever may see it.
    """
    flags, employers = flags_and_funders([seat.person_id for seat in review.seats], [review.idea_id])
    return {person_id: found for (person_id, _idea_id), found in flags.items()}, employers


def list_panel_interests(actor: Actor, review: Review) -> tuple[list[SeatInterests], Employers]:
    """Every seat of a review with what may tie its member to the idea, and who works for a funder: five statements."""
    (flags, employers), said = flags_of_panel(review), _said([seat.id for seat in review.seats])
    return [_interests(actor, seat, flags.get(seat.person_id, ()), said) for seat in review.seats], employers


def _interests(actor: Actor, seat: Seat, flags: tuple[Flag, ...], all_said: dict[int, list[Said]]) -> SeatInterests:
    said = tuple(all_said.get(seat.id, ()))
    known = {flag for each in said for flag in each.noticed}
    is_open = seat.review.is_open
    return SeatInterests(
        seat=seat,
        flags=flags,
        fresh=tuple(flag for flag in flags if flag not in known) if said else (),
        said=said,
        may_settle=is_open and seat.stance == "declared" and policy.may_settle_interest.allows(actor, seat),
        may_overrule=is_open
        and seat.stance in ("none", "accepted", "recused")
        and policy.may_overrule_interest.allows(actor, seat),
    )


def _said(seat_ids: list[int]) -> dict[int, list[Said]]:
    query = (
        sa.select(Declaration, Person.name)
        .outerjoin(Person, Person.id == Declaration.made_by_id)
        .where(Declaration.seat_id.in_(seat_ids))
        .order_by(Declaration.id)
    )
    found: dict[int, list[Said]] = {}
    for row, who in db.session.execute(query):
        said = Said(row.level, row.text, who or "", row.made_at, from_kept(row.noticed))
        found.setdefault(row.seat_id, []).append(said)
    return found


def chairing(review: Review) -> list[Claim]:
    """Whoever could chair the review: chair and co-chairs first, then the deputies."""
    leading = review.leading
    order = [seat for role in CHAIRING_ROLES for seat in review.seats if seat.role == role]
    return [Claim(seat, seat in leading) for seat in order]
