"""What has been waived of what gates ask for, who may waive it, and what waits for their answer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.db import db
from innovation.gates import policy
from innovation.gates.after_models import Waiver
from innovation.gates.models import LEADING_ROLES, Panel, PanelMember, Review
from innovation.gates.queries.standing import MOST_LISTED, STAFF, WaitingItem, covered, not_walled
from innovation.ideas import queries as ideas_queries
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere
from innovation.values import dataclass
from workflows import Gate


@dataclass(frozen=True)
class AskedWaiver(OfIdea):
    """A waiver with those who chair panels of its gate for its idea, as the policies look at it."""

    waiver: Waiver
    chairs: frozenset[int]

    @property
    def id(self) -> int:
        return self.waiver.id

    @property
    def version(self) -> int:
        return self.waiver.version

    @property
    def idea(self) -> Idea:
        return self.waiver.idea

    @property
    def kind(self) -> str:
        return self.waiver.kind

    @property
    def gate(self) -> Gate:
        found: Gate = self.idea.once("gate", self.waiver.gate_key)
        return found

    @property
    def label(self) -> str:
        """The name of the deliverable; empty for the day to present by."""
        return str(self.idea.once("deliverable", self.waiver.key).name) if self.kind == "deliverable" else ""


def as_asked(waiver: Waiver) -> AskedWaiver:
    """The waiver with those who chair panels of its gate for its idea: the region's own, and those of all regions."""
    found = _chairing(waiver.gate_key).where(
        Panel.programme_id == waiver.idea.programme_id,
        sa.or_(Panel.region_id.is_(None), Panel.region_id == waiver.idea.region_id),
    )
    return AskedWaiver(waiver, frozenset(db.session.scalars(found)))


def _chairing(gate_key: Any) -> sa.Select[int]:
    return (
        sa.select(PanelMember.person_id)
        .join(PanelMember.panel)
        .where(
            Panel.gate_key == gate_key,
            Panel.retired_at.is_(None),
            PanelMember.until.is_(None),
            PanelMember.role.in_(LEADING_ROLES),
        )
    )


def find_waiver(actor: Actor, number: int) -> AskedWaiver:
    """A waiver, for those who see its idea and for those who may answer it; ``NotThere`` for everybody else."""
    waiver = db.session.scalar(
        sa.select(Waiver)
        .join(Waiver.idea)
        .where(Waiver.id == number, sa.or_(ideas_queries.visible(actor), chairs_there(actor)), not_walled(actor))
        .options(
            joinedload(Waiver.asked_by),
            joinedload(Waiver.answered_by),
            contains_eager(Waiver.idea).options(
                joinedload(Idea.workflow_version), joinedload(Idea.owner), selectinload(Idea.contributors)
            ),
        )
    )
    if waiver is None:
        raise NotThere
    return as_asked(waiver)


def chairs_there(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Waiver`` with ``Idea`` that holds where the person chairs a panel that could sit."""
    chairing = _chairing(Waiver.gate_key).where(
        PanelMember.person_id == actor.person_id,
        Panel.programme_id == Idea.programme_id,
        sa.or_(Panel.region_id.is_(None), Panel.region_id == Idea.region_id),
    )
    return chairing.correlate(Waiver, Idea).exists()


def list_waivers(idea: Idea, gate_key: str | None = None) -> list[Waiver]:
    """Every waiver that was asked for an idea, newest first; with a gate, those that were granted for it."""
    query = sa.select(Waiver).where(Waiver.idea_id == idea.id)
    if gate_key is not None:
        query = query.where(Waiver.gate_key == gate_key, Waiver.state == "granted")
    load = (joinedload(Waiver.asked_by), joinedload(Waiver.answered_by))
    return list(db.session.scalars(query.options(*load).order_by(Waiver.id.desc()).limit(100)))


def has_waivers(idea: Idea, review: Review) -> bool:
    """Whether something was waived for the gate of a review: of most ideas nothing was, and nothing is asked."""
    return bool(idea.waived_at(review.gate_key))


def to_waive(actor: Actor) -> list[WaitingItem]:
    """Waivers that wait for the answer of this person."""
    if actor.person_id is None:
        return []
    query = (
        sa.select(Waiver, chairs_there(actor))
        .join(Waiver.idea)
        .where(
            Waiver.state == "asked",
            sa.or_(chairs_there(actor), covered(actor, *STAFF)),
            not_walled(actor),
            Idea.owner_id != actor.person_id,
            Idea.standing == "active",
            Idea.place.not_like("at\\_%", escape="\\"),
        )
        .options(contains_eager(Waiver.idea).joinedload(Idea.workflow_version))
        .order_by(Waiver.id)
        .limit(MOST_LISTED)
    )
    return [
        WaitingItem("waive", each.idea.due_on, each.idea.reference, each.idea.title, each.gate_key, waiver_id=each.id)
        for each, chairs in db.session.execute(query)
        if _lies_ahead(each.idea, each.gate_key) and _falls_to(actor, each, chairs=chairs)
    ]


def _lies_ahead(idea: Idea, gate_key: str) -> bool:
    """Whether the idea can be presented at the gate from where it stands: later nobody can answer any more."""
    definition = idea.definition
    following = definition.gate_after(idea.place)
    ways = {track.entry for track in definition.tracks} if idea.place == definition.stages[0].key else set()
    return gate_key in ways or (following is not None and following.key == gate_key)


def _falls_to(actor: Actor, waiver: Waiver, *, chairs: bool) -> bool:
    """Whether the person is the one whom the process names, by the word of the policy."""
    known = frozenset({actor.person_id} if chairs and actor.person_id is not None else ())
    return policy.LETS_GO.holds(actor, AskedWaiver(waiver, known))
