"""Reading what a suggestion of reviewers needs, and the suggestions themselves: each only for whoever asked for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.db import Page, db, page_of, paginate
from innovation.gates.assigning import CHAIR, CHAIRS, POINTS, Candidate, Need, Reviewer, Waiting, fits
from innovation.gates.assignment_models import Assignment, Expertise
from innovation.gates.deadlines import today_of
from innovation.gates.models import GONE, LEADING_ROLES, SCORING_ROLES, Panel, PanelMember, Review, Seat
from innovation.gates.queries.conflicts import Conflict, conflicts_between
from innovation.gates.queries.desk import to_convene
from innovation.gates.queries.panels import list_panels_at, nearest, serving_members
from innovation.gates.queries.standing import OPEN_STATES, STAFF, contributes, covered, not_walled
from innovation.ideas.models import Idea
from innovation.permission import Actor, Grant, NotThere
from innovation.programmes.models import Programme, Theme, Topic
from innovation.values import dataclass
from workflows import Gate

MOST_ASSIGNED = 1000  # ideas in one suggestion
CAPTURING = ("captured", "facilitator")
CLOSED = Conflict("closed", "cannot sign in any more", bars=True)
NO_VOTE = Conflict("coordinator", "coordinates the gates of this idea, and so has no vote", bars=True)


@dataclass(frozen=True)
class Seatable:
    """A member of an idea's panel who would score, and what they share with it.

    ``barred`` says why they cannot sit; ``flagged`` why they are not suggested, though they may be pinned.
    """

    person_id: int
    role: str
    shared: tuple[str, ...]
    barred: str = ""
    flagged: str = ""

    @property
    def is_free(self) -> bool:
        return not self.barred and not self.flagged

    @property
    def fit(self) -> int:
        return sum(POINTS[what] for what in self.shared)


@dataclass(frozen=True)
class Problem:
    """Ideas that wait and people who could review them, as the programme reads them, with the panel of each idea."""

    ideas: list[Idea]
    waiting: list[Waiting]
    reviewers: list[Reviewer]
    panels: dict[int, int] = field(default_factory=dict)
    members: dict[int, tuple[Seatable, ...]] = field(default_factory=dict)


# What a person knows


def expertise_of(programme_id: int, people: Iterable[int]) -> dict[int, Expertise]:
    """What each of these people knows, as far as it has been said."""
    query = sa.select(Expertise).where(Expertise.programme_id == programme_id, Expertise.person_id.in_(list(people)))
    return {known.person_id: known for known in db.session.scalars(query)}


def find_member(panel: Panel, person_id: int) -> PanelMember:
    """Somebody who is on the panel now."""
    member = next((m for m in panel.members if m.until is None and m.person_id == person_id), None)
    if member is None:
        raise NotThere
    return member


# Suggestions


def find_assignment(actor: Actor, assignment_id: int) -> Assignment:
    """The person's own suggestion; ``NotThere`` for anybody else's, and for whoever runs no gates any more."""
    found = db.session.get(Assignment, assignment_id)
    if found is None or found.asked_by_id != actor.person_id or not actor.has(*STAFF):
        raise NotThere
    return found


def list_assignments(actor: Actor, *, page: int = 1, size: int = 20) -> Page[Assignment]:
    """The person's own suggestions, the newest first."""
    query = sa.select(Assignment).where(Assignment.asked_by_id == actor.person_id).order_by(Assignment.id.desc())
    return paginate(query, page=page, size=size)


def count_to_assign(actor: Actor) -> dict[str, int]:
    """How many ideas wait for a panel at each gate, of those for which the person may convene one."""
    waiting = _to_assign(actor).with_only_columns(Idea.place, sa.func.count()).order_by(None).group_by(Idea.place)
    return {place.removeprefix("at_"): number for place, number in db.session.execute(waiting)}


def list_to_assign(actor: Actor, gate_key: str, among: Collection[str] | None = None) -> list[Idea]:
    """The ideas that wait for a panel at a gate, the most urgent first; of those with some references, if given."""
    query = _to_assign(actor).where(Idea.place == f"at_{gate_key}")
    if among is not None:
        query = query.where(Idea.reference.in_(list(among)))
    return list(db.session.scalars(query.options(joinedload(Idea.workflow_version)).limit(MOST_ASSIGNED)))


def gates_of(actor: Actor, references: Collection[str]) -> set[str]:
    """The gates at which these ideas wait for a panel."""
    query = _to_assign(actor).where(Idea.reference.in_(list(references))).with_only_columns(Idea.place).order_by(None)
    return {place.removeprefix("at_") for place in db.session.scalars(query.distinct())}


def _to_assign(actor: Actor) -> sa.Select[Any]:
    """Ideas for which the person may convene a panel: none in which they have a part."""
    return to_convene(actor).where(*_apart(actor))


def _apart(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return Idea.owner_id != actor.person_id, ~contributes(actor)


def assigned_in_sight(actor: Actor, assignment: Assignment) -> list[int]:
    """The ideas of a suggestion that its reader may act for now, in their order."""
    query = sa.select(Idea.id).where(
        Idea.id.in_(assignment.ideas), covered(actor, *STAFF), not_walled(actor), *_apart(actor)
    )
    seen = set(db.session.scalars(query))
    return [idea_id for idea_id in assignment.ideas if idea_id in seen]


def assigned_page(idea_ids: list[int], *, page: int, size: int = 30) -> Page[Idea]:
    """One page of ideas that are known to be in sight, in this order."""
    number = max(1, page)
    wanted = idea_ids[(number - 1) * size : number * size + 1]
    query = sa.select(Idea).where(Idea.id.in_(wanted)).options(raiseload("*"), joinedload(Idea.workflow_version))
    found = {idea.id: idea for idea in db.session.scalars(query)}
    return page_of([found[idea_id] for idea_id in wanted], number, size, len(idea_ids))


def names_of_people(people: Iterable[int]) -> dict[int, str]:
    query = sa.select(Person.id, Person.name).where(Person.id.in_(list(people)))
    return _pairs(query)


def references_of(idea_ids: Iterable[int]) -> dict[int, str]:
    """The references of ideas that are known to be in sight."""
    query = sa.select(Idea.id, Idea.reference).where(Idea.id.in_(list(idea_ids)))
    return _pairs(query)


# The problem


def assignment_problem(actor: Actor, assignment: Assignment, *, only: int | None = None) -> Problem:
    """What the programme solves: the ideas of a suggestion that still wait, or one of them, and who may review them."""
    wanted = assignment.ideas if only is None else [only]
    query = _to_assign(actor).where(Idea.place == f"at_{assignment.gate_key}", Idea.id.in_(wanted))
    found = {idea.id: idea for idea in db.session.scalars(query.options(joinedload(Idea.workflow_version)))}
    ideas = [found[idea_id] for idea_id in wanted if idea_id in found]
    panels = list_panels_at(assignment.programme_id, assignment.gate_key)
    panel_of = {idea.id: nearest(panels, idea) for idea in ideas}
    today = today_of(db.session.get_one(Programme, assignment.programme_id))
    sitting = {panel.id: panel for panel in panel_of.values() if panel is not None}
    scoring = {
        panel_id: [member for member in serving_members(panel, today) if member.role in SCORING_ROLES]
        for panel_id, panel in sitting.items()
    }
    people = {member.person_id for members in scoring.values() for member in members}
    known = expertise_of(assignment.programme_id, people)
    against = _against(people, ideas)
    keys = _keys(assignment.programme_id)
    members: dict[int, tuple[Seatable, ...]] = {}
    for idea in ideas:
        panel, about = panel_of[idea.id], (keys[Theme].get(idea.theme_id, ""), keys[Topic].get(idea.topic_id, ""))
        members[idea.id] = tuple(
            _seatable(member, known.get(member.person_id), (*about, idea.phases), against[member.person_id, idea.id])
            for member in (scoring[panel.id] if panel else ())
        )
    waiting = [_waiting(idea, members[idea.id], assignment) for idea in ideas]
    loads = _open_with(people)
    caps = {person_id: each.cap for person_id, each in known.items()}
    reviewers = [Reviewer(person_id, loads.get(person_id, 0), caps.get(person_id)) for person_id in sorted(people)]
    chosen = {idea_id: panel.id for idea_id, panel in panel_of.items() if panel is not None}
    return Problem(ideas, waiting, reviewers, chosen, members)


def _against(people: Collection[int], ideas: list[Idea]) -> dict[tuple[int, int], list[Conflict]]:
    """What stands between people and ideas: their conflicts, closed sign-ins, and roles that have no vote."""
    found: dict[tuple[int, int], list[Conflict]] = defaultdict(list)
    closed = sa.select(Account.person_id).where(Account.person_id.in_(people), Account.disabled_at.is_not(None))
    for person_id in db.session.scalars(closed):
        for idea in ideas:
            found[person_id, idea.id].append(CLOSED)
    coordinating = sa.select(RoleGrant).where(
        RoleGrant.person_id.in_(people), RoleGrant.role == "coordinator", RoleGrant.ended_at.is_(None)
    )
    for held in db.session.scalars(coordinating):
        grant = Grant(held.role, held.programme_id, held.region_id)
        for idea in ideas:
            if grant.covers(idea):
                found[held.person_id, idea.id].append(NO_VOTE)
    for pair, conflicts in conflicts_between(people, [idea.id for idea in ideas]).items():
        found[pair] += conflicts
    return found


def _keys(programme_id: int) -> dict[type[Theme] | type[Topic], dict[int | None, str]]:
    """The keys of the programme's themes and topics, by their ids."""
    lists: tuple[type[Theme] | type[Topic], ...] = (Theme, Topic)
    return {
        model: {
            row.id: row.key
            for row in db.session.execute(sa.select(model.id, model.key).filter_by(programme_id=programme_id))
        }
        for model in lists
    }


def _seatable(
    member: PanelMember, known: Expertise | None, about: tuple[str, str, Sequence[str]], against: list[Conflict]
) -> Seatable:
    """The member for one idea; whoever helped to capture it does not chair its panel."""
    shared = fits(known.themes, known.topics, known.phases, idea=about) if known else ()
    chairs = member.role in LEADING_ROLES
    barred = [each.words for each in against if each.bars or (chairs and each.kind in CAPTURING)]
    flagged = [each.words for each in against if not barred]
    return Seatable(member.person_id, member.role, shared, next(iter(barred), ""), next(iter(flagged), ""))


def _waiting(idea: Idea, members: tuple[Seatable, ...], assignment: Assignment) -> Waiting:
    gate: Gate = idea.once("gate", assignment.gate_key)
    ruled = {int(person_id): ruling for person_id, ruling in assignment.rulings.get(str(idea.id), {}).items()}
    pinned = {m.person_id for m in members if not m.barred and ruled.get(m.person_id) == "pin"}
    candidates = [m for m in members if m.person_id in pinned or (m.is_free and ruled.get(m.person_id) != "forbid")]
    needs = [Need(rule.kind, frozenset({rule.kind}), rule.at_least) for rule in gate.composition]
    return Waiting(
        idea.id,
        number=max(assignment.reviewers or gate.panel_size, gate.quorum),
        quorum=gate.quorum,
        candidates=tuple(Candidate(m.person_id, m.role, m.fit) for m in candidates),
        needs=tuple(needs) if any(need.roles <= CHAIRS for need in needs) else (CHAIR, *needs),
        pinned=frozenset(pinned),
    )


def _open_with(people: Collection[int]) -> dict[int, int]:
    """How many ideas are open with each of these people now: reviews at which they score and that are not decided."""
    query = (
        sa.select(Seat.person_id, sa.func.count())
        .join(Seat.review)
        .where(
            Seat.person_id.in_(list(people)),
            Seat.role.in_(SCORING_ROLES),
            Seat.stance.not_in(GONE),
            Review.state.in_(OPEN_STATES),
        )
        .group_by(Seat.person_id)
    )
    return _pairs(query)


def _pairs(query: sa.Select[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in db.session.execute(query)}  # noqa: C416
