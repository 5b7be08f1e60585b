"""Reading interest: an idea's, a funder's own, and what waits for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.accounts.models import Account, Person
from innovation.db import Page, db, now, paginate
from innovation.funders import policy
from innovation.funders.commitment_models import Talk
from innovation.funders.models import Funder, Interest
from innovation.ideas.models import Idea
from innovation.ideas.queries import walled, wide_ways
from innovation.permission import Actor, NotThere
from innovation.values import dataclass

NEWS_DAYS, MOST_EARLIER = 14, 20
ALREADY = {
    "shown": "Your fund has shown interest already. The owner has not answered yet.",
    "accepted": "Your fund and the owner have been introduced already.",
    "declined": "The owner has declined your fund's interest in this idea.",
    "ended": "The owner has ended the talks with your fund.",
}
SORTS: dict[str, Any] = {"shown": Interest.shown_at, "answered": Interest.answered_at, "state": Interest.state}


@dataclass(frozen=True)
class Contact:
    """How to reach a person; shown after both sides agreed."""

    name: str
    position: str
    email: str
    phone: str


@dataclass(frozen=True)
class Waiting:
    """``answer``: the owner is asked; ``answered``: the funder has an answer to read."""

    kind: str
    interest: Interest


def is_resting(interest: Interest) -> bool:
    """True while an interest cannot be answered with yes, because the idea is not shared with funders."""
    return interest.state == "shown" and not is_open(interest.idea)


def is_open(idea: Idea) -> bool:
    """True while funders may see the idea."""
    return idea.listed_at is not None and idea.standing == "active"


def interests_of(idea: Idea) -> list[Interest]:
    """Every interest shown in an idea, those that wait first, then the newest."""
    query = (
        sa.select(Interest)
        .where(Interest.idea_id == idea.id)
        .options(joinedload(Interest.funder))
        .order_by((Interest.state == "shown").desc(), Interest.shown_at.desc(), Interest.id.desc())
        .limit(200)
    )
    return list(db.session.scalars(query))


def find_interest(actor: Actor, idea: Idea, interest_id: int) -> Interest:
    """An interest in the idea, for whoever may see the idea's interests."""
    found = db.session.get(Interest, interest_id, options=[joinedload(Interest.funder), joinedload(Interest.idea)])
    if found is None or found.idea_id != idea.id or not policy.may_see_interests.allows(actor, idea):
        raise NotThere
    return found


def newest_interest(funder: Funder, idea: Idea) -> Interest | None:
    """What the funder last showed in the idea."""
    return newest_interests(funder, [idea.id]).get(idea.id)


def newest_interests(funder: Funder, idea_ids: Iterable[int]) -> dict[int, Interest]:
    """The funder's newest interest in each of the ideas, in one query."""
    query = (
        sa.select(Interest)
        .where(Interest.funder_id == funder.id, Interest.idea_id.in_(list(idea_ids)))
        .order_by(Interest.id)
        .options(joinedload(Interest.idea))
    )
    return {interest.idea_id: interest for interest in db.session.scalars(query)}


def why_not_again(newest: Interest) -> str:
    """Why the funder cannot show interest anew after this one; empty where it ended without a no of the owner."""
    if newest.state == "accepted" and talks_over([newest]):
        return ""  # all that was committed is released or withdrawn, and there can be a second round
    again = newest.state in ("withdrawn", "expired") or (
        newest.state in ("declined", "ended") and not newest.is_refused
    )
    return "" if again else ALREADY[newest.state]


def earlier_interests(interest: Interest) -> list[Interest]:
    """What the funder showed in the idea before, the newest first."""
    query = sa.select(Interest).where(
        Interest.funder_id == interest.funder_id, Interest.idea_id == interest.idea_id, Interest.id < interest.id
    )
    return list(db.session.scalars(query.order_by(Interest.id.desc()).limit(MOST_EARLIER)))


def find_own_interest(funder: Funder, reference: str, *states: str) -> Interest | None:
    """What the funder last showed in the idea with this reference, whether or not it is still shown to funders."""
    query = sa.select(Interest).join(Interest.idea)
    query = query.where(Interest.funder_id == funder.id, Idea.reference == reference.upper())
    if states:
        query = query.where(Interest.state.in_(states))
    return db.session.scalar(query.options(joinedload(Interest.idea)).order_by(Interest.id.desc()).limit(1))


def contacts_of(person_ids: list[int | None]) -> dict[int, Contact]:
    """How to reach people, by their ids; the e-mail that they sign in with comes first."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name, Person.position, Account.email, Person.email, Person.phone)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_([key for key in person_ids if key is not None]))
    )
    return {
        key: Contact(name, position, login or email or "", phone or "")
        for key, name, position, login, email, phone in rows
    }


def talks_over(interests: Iterable[Interest]) -> dict[int, str]:
    """How the talks ended, by the interest that they began with, where they are over; one query."""
    met = [each.id for each in interests if each.state == "accepted"]
    over = sa.select(Talk.interest_id, Talk.state).where(Talk.interest_id.in_(met), Talk.ended_at.is_not(None))
    return {row.interest_id: row.state for row in db.session.execute(over)} if met else {}


# Lists


def interests_query(
    actor: Actor, funder: Funder | None, *, state: str = "", q: str = "", sort: str = "-shown"
) -> sa.Select[Any]:
    """The interests of a funder, for its people; else those in the ideas that staff look after."""
    query = sa.select(Interest).join(Interest.idea).join(Interest.funder).where(~walled(actor))
    query = query.options(
        joinedload(Interest.funder).raiseload("*"),
        joinedload(Interest.idea).joinedload(Idea.workflow_version),
        raiseload("*"),
    )
    if funder is not None:
        query = query.where(Interest.funder_id == funder.id)
    elif policy.may_list_interests.allows(actor) and actor.has("manager", "coordinator"):
        query = query.where(sa.or_(*wide_ways(actor)))
    else:
        raise NotThere
    if state:
        query = query.where(Interest.state == state)
    if q.strip():
        query = query.where(_named(q.strip(), funder))
    column = SORTS.get(sort.removeprefix("-"), Interest.shown_at)
    return query.order_by(column.desc() if sort.startswith("-") else column.asc(), Interest.id.desc())


def _named(text: str, funder: Funder | None) -> sa.ColumnElement[bool]:
    """By reference; by title only where the title may be read; by the funder's name for staff."""
    titled = sa.func.lower(Idea.title).contains(text.lower(), autoescape=True)
    reference = Idea.reference == text.upper()
    if funder is not None:
        return sa.or_(reference, sa.and_(titled, Idea.listed_at.is_not(None), Idea.standing == "active"))
    return sa.or_(reference, titled, sa.func.lower(Funder.name).contains(text.lower(), autoescape=True))


def list_interests(
    actor: Actor, funder: Funder | None, *, state: str = "", q: str = "", sort: str = "-shown", page: int = 1
) -> Page[Interest]:
    return paginate(interests_query(actor, funder, state=state, q=q, sort=sort), page=page)


# What waits


def to_answer(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Interest`` joined with ``Idea`` for those that wait for the person's answer."""
    return sa.and_(
        Interest.state == "shown",
        Idea.owner_id == actor.person_id,
        Idea.listed_at.is_not(None),
        Idea.standing == "active",
        ~walled(actor),
    )


def waiting_for(actor: Actor, limit: int = 50) -> list[Waiting]:
    """Interests that the person is asked to answer, then answers of late for the funders they work for."""
    asked = _with_both(to_answer(actor), limit)
    lately = now() - dt.timedelta(days=NEWS_DAYS)
    answered = _with_both(
        sa.and_(
            Interest.funder_id.in_(sorted(actor.funder_ids)),
            Interest.state.in_(("accepted", "declined")),
            Interest.answered_at > lately,
            Idea.listed_at.is_not(None),
            Idea.standing == "active",
            ~walled(actor),
        ),
        limit,
    )
    return [Waiting("answer", each) for each in asked] + [Waiting("answered", each) for each in answered]


def _with_both(condition: sa.ColumnElement[bool], limit: int) -> list[Interest]:
    return list(
        db.session.scalars(
            sa.select(Interest)
            .join(Interest.idea)
            .where(condition)
            .options(joinedload(Interest.idea), joinedload(Interest.funder))
            .order_by(Interest.shown_at, Interest.id)
            .limit(limit)
        )
    )
