"""Reading the home of an idea in the system, and what its hand-over must know."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Account, Person
from innovation.db import db
from innovation.ideas.models import Idea, Wall
from innovation.permission import Actor, NotThere
from innovation.replication import policy
from innovation.replication.codes import IN_HAND
from innovation.replication.models import Rollout
from innovation.replication.queries.playbooks import list_versions, published
from innovation.replication.system_models import BudgetLine, HandoverStep, HomeReference, SystemHome
from workflows import UNDER_WAY, HandoverFacts, is_tracked, tracked_gate

ROWS: dict[str, type[Any]] = {"reference": HomeReference, "budget_line": BudgetLine, "step": HandoverStep}
MOST_ROWS = 60


def find_home(actor: Actor, reference: str) -> SystemHome:
    """The home of the idea, for whoever may see how it spreads: an empty one where nothing has been written yet.

    Whoever speaks for the post that takes it over sees it, too, and not the idea.
    """
    idea = db.session.scalar(sa.select(Idea).where(Idea.reference == reference.upper()))
    if idea is None or tracked_gate(idea.definition) is None:
        raise NotThere
    home = home_of(idea) or SystemHome(idea=idea, idea_id=idea.id, state="planned", **EMPTY)
    if not policy.may_see_home.allows(actor, home):
        raise NotThere
    return home


EMPTY: dict[str, Any] = dict.fromkeys(
    ("unit", "post", "official", "licence", "from_role", "to_role", "note", "reopened_because"), ""
)


def is_going_on(idea: Idea) -> bool:
    """True until the idea has ended."""
    return idea.standing in UNDER_WAY


def is_taken_up(idea: Idea) -> bool:
    """True once others take the idea up: from then on the tracker and its home in the system are kept."""
    return is_tracked(idea.definition, idea.place)


def home_of(idea: Idea) -> SystemHome | None:
    """What is written of an idea's home; None where that is nothing."""
    many = (SystemHome.references, SystemHome.budget_lines, SystemHome.steps)
    load = (*(selectinload(each) for each in many), joinedload(SystemHome.contact), joinedload(SystemHome.idea))
    return db.session.scalars(sa.select(SystemHome).where(SystemHome.idea_id == idea.id).options(*load)).first()


def find_row(home: SystemHome, kind: str, row_id: int) -> Any:
    """A row of the home that was not taken out."""
    found = db.session.get(ROWS[kind], row_id) if kind in ROWS else None
    if found is None or not home.is_written or found.home_id != home.id or found.removed_at is not None:
        raise NotThere
    return found


def facts_of_handover(home: SystemHome) -> HandoverFacts:
    """What the hand-over must know."""
    return HandoverFacts(
        has_post=bool(home.unit and home.post),
        has_sides=bool(home.from_role and home.to_role),
        has_day=home.agreed_for is not None,
        references=len(home.references),
        budget_lines=len(home.budget_lines),
        steps=len(home.steps),
        steps_open=sum(step.done_on is None for step in home.steps),
    )


def licence_of(home: SystemHome) -> str:
    """The licence under which others may use it: the playbook says it, else the home."""
    newest = next(iter(published(list_versions(home.idea)).values()), None)
    return newest.licence if newest else home.licence


def spokespeople(idea: Idea) -> dict[int, str]:
    """Who could speak for the post, by id: contacts of adopters who sign in; each with their part and name."""
    walled = sa.select(Wall.person_id).where(Wall.idea_id == idea.id)
    query = (
        sa.select(Person.id, Person.name, Rollout.organisation)
        .join(Rollout, Rollout.contact_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(Rollout.idea_id == idea.id, Rollout.state.in_(IN_HAND), Account.disabled_at.is_(None))
        .where(Person.id.not_in(walled))
        .order_by(Person.name, Person.id)
    )
    return {row.id: f"{row.name}, {row.organisation}" for row in db.session.execute(query)}
