"""What coordinators work through: ideas to present, to convene for and to remind about, and their people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.accounts.models import Affiliation, Person
from innovation.clinics.models import Clinic
from innovation.db import COUNT_LIMIT, MOST_PAGES, Page, db, page_of
from innovation.gates.models import CLEARED, GONE, SCORING_ROLES, Condition, Decision, Seat
from innovation.gates.queries.both_sides import still_sits
from innovation.gates.queries.standing import (
    STAFF,
    covered,
    has_open_review,
    is_reviewed,
    not_walled,
    submitted_exists,
)
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import AT_GATE, Contributor, Idea
from innovation.ideas.queries import unindexed
from innovation.permission import Actor
from innovation.places.models import School
from innovation.programmes.queries import list_versions
from innovation.values import dataclass

BY_WHAT_IS_DUE = (Idea.due_on.asc().nulls_last(), Idea.place_since, Idea.id)


@dataclass(frozen=True)
class Behind:
    """Somebody behind an idea, as members see them before they declare."""

    name: str
    part: str
    organisations: tuple[str, ...]


def list_for_desk(actor: Actor, act: str, *, page: int = 1, size: int = 30) -> Page[Idea]:
    """Active ideas in the person's scope that can be presented, convened for or reminded about, by what is due."""
    page = max(1, min(page, MOST_PAGES))
    here = _for_desk(actor, act, Idea.id).offset((page - 1) * size).limit(size + 1)  # read from an index alone
    load = (raiseload("*"), joinedload(Idea.workflow_version), joinedload(Idea.region))
    query = sa.select(Idea).where(Idea.id.in_(here.subquery().select())).options(*load).order_by(*BY_WHAT_IS_DUE)
    return page_of(db.session.scalars(query).all(), page, size, _count_for_desk(actor, act))


def _count_for_desk(actor: Actor, act: str) -> int:
    """Counted from what is due last: what is due first has its panel, so from there one would look at more."""
    last = _for_desk(actor, act, Idea.id).order_by(None)
    last = last.order_by(Idea.due_on.desc(), Idea.place_since.desc(), Idea.id.desc()).limit(COUNT_LIMIT + 1)
    return db.session.scalar(sa.select(sa.func.count()).select_from(last.subquery())) or 0


def references_for_desk(actor: Actor, act: str, *, limit: int) -> list[str]:
    """The references of the whole list, as far as the limit."""
    return list(db.session.scalars(_for_desk(actor, act, Idea.reference).limit(limit)))


def to_convene(actor: Actor) -> sa.Select[Any]:
    """The ideas in the person's scope that wait for a panel, by what is due."""
    return _for_desk(actor, "convene", Idea)


def _for_desk(actor: Actor, act: str, what: Any) -> sa.Select[Any]:
    at_gate = sa.text(AT_GATE)
    at_stage = sa.and_(
        unindexed(Idea.standing) == "active", sa.func.substr(Idea.place, 1, 3) != "at_", in_programmes_of(actor)
    )
    if act == "present":
        narrow = sa.and_(at_stage, *_leads_to_a_gate())
    elif act == "convene":
        narrow = sa.and_(at_gate, ~has_open_review())
    else:
        narrow = sa.and_(at_gate, is_reviewed(still_sits(actor)))
    return sa.select(what).where(covered(actor, *STAFF), not_walled(actor), narrow).order_by(*BY_WHAT_IS_DUE)


def _leads_to_a_gate() -> list[sa.ColumnElement[bool]]:
    """Nobody presents from a stage that ends the line, or that something else moves on from."""
    ends: dict[int, list[str]] = {}
    for version in list_versions():
        definition = version.definition
        ends[version.id] = [stage.key for stage in definition.stages if definition.gate_after(stage.key) is None]
    return [
        ~sa.and_(unindexed(Idea.workflow_version_id) == version_id, unindexed(Idea.place).in_(keys))
        for version_id, keys in ends.items()
        if keys
    ]


def in_programmes_of(actor: Actor) -> sa.ColumnElement[bool]:
    """What an index can find of ``covered``: the programmes alone."""
    programmes = {grant.programme_id for grant in actor.scopes(*STAFF)}
    return sa.true() if None in programmes else Idea.programme_id.in_(sorted(p for p in programmes if p))


def titles_of(actor: Actor, references: Iterable[str]) -> dict[str, str]:
    """The titles of ideas that the person may see, by reference."""
    query = sa.select(Idea.reference, Idea.title).where(
        Idea.reference.in_(list(references)), ideas_queries.visible(actor)
    )
    return {reference: title for reference, title in db.session.execute(query)}  # noqa: C416


def count_cards(review_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many of how many have submitted, for each review: one query, and never what they submitted."""
    seated = sa.and_(Seat.role.in_(SCORING_ROLES), Seat.stance.not_in(GONE), Seat.abstained_at.is_(None))
    submitted = sa.case((sa.and_(seated, Seat.stance.in_(CLEARED), submitted_exists()), 1), else_=0)
    query = (
        sa.select(Seat.review_id, sa.func.sum(submitted), sa.func.sum(sa.case((seated, 1), else_=0)))
        .where(Seat.review_id.in_(list(review_ids)))
        .group_by(Seat.review_id)
    )
    return {review_id: (int(done or 0), int(all_of or 0)) for review_id, done, all_of in db.session.execute(query)}


def submitted_by(actor: Actor, review_ids: Iterable[int]) -> set[int]:
    """The reviews on which the person has submitted a scorecard."""
    query = sa.select(Seat.review_id).where(
        Seat.review_id.in_(list(review_ids)), Seat.person_id == actor.person_id, submitted_exists()
    )
    return set(db.session.scalars(query))


def clinic_title(idea: Idea) -> str:
    """The clinic where the idea was captured, or nothing."""
    return db.session.scalar(sa.select(Clinic.title).where(Clinic.id == idea.clinic_id)) or ""


def people_behind(idea: Idea) -> list[Behind]:
    """Owner and contributors with where they belong: what a member needs to know to declare an interest."""
    query = sa.select(Contributor.person_id).where(Contributor.idea_id == idea.id, Contributor.ended_at.is_(None))
    ids = [idea.owner_id, *db.session.scalars(query)]
    names = {p.id: p.name for p in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
    where: dict[int, list[str]] = {}
    belongs = (
        sa.select(Affiliation.person_id, Affiliation.organisation, School.name)
        .outerjoin(School, School.emis == Affiliation.school_emis)
        .where(Affiliation.person_id.in_(ids), Affiliation.ended_on.is_(None))
    )
    for person_id, organisation, school in db.session.execute(belongs):
        where.setdefault(person_id, []).append(school or organisation)
    parts = {idea.owner_id: "owner"}
    return [Behind(names[i], parts.get(i, "contributor"), tuple(where.get(i, ()))) for i in dict.fromkeys(ids)]


def list_conditions(idea: Idea) -> list[Condition]:
    """Every condition that the idea was ever given, open ones first."""
    settled = sa.case((Condition.state.in_(("open", "offered")), 0), else_=1)
    return list(
        db.session.scalars(
            sa.select(Condition)
            .where(Condition.idea_id == idea.id)
            .options(joinedload(Condition.settled_by), joinedload(Condition.offered_attachment))
            .options(joinedload(Condition.owner), joinedload(Condition.decision).joinedload(Decision.review))
            .order_by(settled, Condition.due_on, Condition.id)
        )
    )
