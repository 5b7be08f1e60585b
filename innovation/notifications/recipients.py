"""Who is told: an idea's team, its coordinators, its panel; never anybody behind a wall."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.db import db
from innovation.gates.after_models import Reconsideration
from innovation.gates.models import Condition, Review, Seat
from innovation.gates.queries import AskedWaiver
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.replication.models import Rollout


def team(idea: Idea) -> list[Person]:
    """The owner and those who contribute now."""
    contributes = sa.select(Contributor.person_id).where(Contributor.idea_id == idea.id, Contributor.ended_at.is_(None))
    return _people(idea, sa.or_(Person.id == idea.owner_id, Person.id.in_(contributes)))


def team_beside(idea: Idea, other: Idea) -> list[Person]:
    """The team, for a letter that names another idea besides: nobody from whom that one is walled off."""
    walled = set(db.session.scalars(sa.select(Wall.person_id).where(Wall.idea_id == other.id)))
    return [person for person in team(idea) if person.id not in walled]


def owner(idea: Idea) -> list[Person]:
    return _people(idea, Person.id == idea.owner_id)


def coordinators(idea: Idea) -> list[Person]:
    """Those who coordinate the idea's gates; its programme's managers where there is no coordinator."""
    return _holding(idea, "coordinator") or _holding(idea, "manager")


def who_runs(idea: Idea) -> list[Person]:
    """The coordinators of an idea, else its managers, as far as it is not their own: the team never reads along."""
    return _running(idea)


def who_runs_money(idea: Idea) -> list[Person]:
    """The same for what funds do with an idea: nobody who works for one hears of another."""
    works = sa.select(RoleGrant.person_id).where(RoleGrant.funder_id.is_not(None), RoleGrant.ended_at.is_(None))
    return _running(idea, Person.id.not_in(works))


def _running(idea: Idea, *apart: sa.ColumnElement[bool]) -> list[Person]:
    own = {person.id for person in team(idea)}
    for role in ("coordinator", "manager"):
        found = [person for person in _holding(idea, role, *apart) if person.id not in own]
        if found:
            return found
    return []


def owing(condition: Condition) -> list[Person]:
    """Whoever is to meet a condition, unless the idea has been closed to them since; else its owner."""
    named = condition.owner_id
    return owner(condition.idea) if named is None else _people(condition.idea, Person.id == named)


def seated(review: Review, seat_ids: Iterable[int] | None = None) -> list[Person]:
    """The people at a review's seats, or at some of them; nobody who was recused or excused."""
    seats = sa.select(Seat.person_id).where(Seat.review_id == review.id, Seat.stance.not_in(("recused", "excused")))
    if seat_ids is not None:
        seats = seats.where(Seat.id.in_(list(seat_ids)))
    return _people(review.idea, Person.id.in_(seats))


def of_decision(review: Review) -> list[Person]:
    """Whoever is told of a decision: the team, the panel as far as it has declared, and the coordinators."""
    panel = seated(review, [seat.id for seat in review.seats if seat.cleared])
    people = [*team(review.idea), *panel, *coordinators(review.idea)]
    return list({person.id: person for person in people}.values())


def answering(asked: Reconsideration) -> list[Person]:
    """Who is to look at a decision again: whoever has taken it on, else all who are asked, as far as they still can."""
    people = [asked.taken_by_id] if asked.state == "taken" else [each.person_id for each in asked.answerers]
    own = {person.id for person in team(asked.idea)}
    found = _people(asked.idea, sa.and_(Person.id.in_(people), _signs_in()))
    return [person for person in found if person.id not in own]


def to_waive(asked: AskedWaiver) -> list[Person]:
    """Whoever the process names to answer a request for a waiver."""
    role = asked.idea.definition.waivers.role_for(asked.kind)
    if role == "chair":
        return _people(asked.idea, sa.and_(Person.id.in_(asked.chairs), _signs_in()))
    return _holding(asked.idea, role)


def of_funder(funder_id: int, idea: Idea) -> list[Person]:
    """Everybody with a role and an open sign-in at a funder, as far as they may hear of the idea."""
    held = sa.select(RoleGrant.person_id).where(RoleGrant.funder_id == funder_id, RoleGrant.ended_at.is_(None))
    return _people(idea, sa.and_(Person.id.in_(held), _signs_in()))


def signing_in(idea: Idea, person_id: int | None) -> list[Person]:
    """One person, where they sign in and nothing stands between them and the idea."""
    return _people(idea, sa.and_(Person.id == person_id, _signs_in())) if person_id is not None else []


def of_rollout(rollout: Rollout) -> list[Person]:
    """Whoever speaks for an adopter, and its mentor."""
    return _people(rollout.idea, Person.id.in_([rollout.contact_id, rollout.mentor_id]))


def keepers(funder_id: int) -> list[Person]:
    """Those who administer a funder; where none of them signs in, the programmes' managers, who keep it for them."""
    own = sa.select(RoleGrant.person_id).where(
        RoleGrant.funder_id == funder_id, RoleGrant.role == "funder_admin", RoleGrant.ended_at.is_(None)
    )
    managers = sa.select(RoleGrant.person_id).where(RoleGrant.role == "manager", RoleGrant.ended_at.is_(None))
    return _signing_in(own) or _signing_in(managers)


def _signing_in(people: sa.Select[int]) -> list[Person]:
    query = sa.select(Person).where(Person.id.in_(people), _signs_in()).order_by(Person.id)
    return list(db.session.scalars(query))


def _holding(idea: Idea, role: str, *narrowed: sa.ColumnElement[bool]) -> list[Person]:
    held = sa.select(RoleGrant.person_id).where(
        RoleGrant.role == role,
        RoleGrant.ended_at.is_(None),
        sa.or_(RoleGrant.programme_id.is_(None), RoleGrant.programme_id == idea.programme_id),
        sa.or_(RoleGrant.region_id.is_(None), RoleGrant.region_id == idea.region_id),
    )
    return _people(idea, sa.and_(Person.id.in_(held), _signs_in(), *narrowed))


def _signs_in() -> sa.ColumnElement[bool]:
    return sa.exists().where(Account.person_id == Person.id, Account.disabled_at.is_(None))


def _people(idea: Idea, condition: sa.ColumnElement[bool]) -> list[Person]:
    walled = sa.select(Wall.person_id).where(Wall.idea_id == idea.id)
    return list(db.session.scalars(sa.select(Person).where(condition, Person.id.not_in(walled)).order_by(Person.id)))
