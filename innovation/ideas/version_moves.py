"""Moving ideas under way to another version of their process: rehearsed, applied one by one, and put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.ideas import moves, policy
from innovation.ideas.events import IdeaChangedVersion, VersionMovePlanned
from innovation.ideas.models import Handin, Idea
from innovation.ideas.moved import MovedIdea, VersionMove
from innovation.ideas.queries.one import REVIEW, visible
from innovation.jobs.commands import ask_job
from innovation.jobs.models import Job
from innovation.permission import Actor, NotThere
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.values import dataclass
from workflows import UNDER_WAY, Refused, moving

KIND = "move_ideas"
MOST = 5000  # ideas in one job; whoever has more asks again
OPEN = ("convened", "scoring")
# Waivers are an area above, as panels are: by name.
WAIVER = sa.table("waiver", *(sa.column(name) for name in ("id", "idea_id", "gate_key", "key")))
GONE_ON = "It has moved on since, and stays where it is."


# Rehearsing


@dataclass(frozen=True)
class Rehearsed:
    """What a plan would make of one idea."""

    reference: str
    title: str
    prospect: moving.Prospect

    @property
    def can_move(self) -> bool:
        return not self.prospect.hindrances


@dataclass(frozen=True)
class Rehearsal:
    """What a plan would make of every idea that the person may see and that travels under the older version."""

    ideas: tuple[Rehearsed, ...]
    more: bool

    @property
    def ready(self) -> list[str]:
        return [each.reference for each in self.ideas if each.can_move]

    @property
    def hindered(self) -> list[Rehearsed]:
        return [each for each in self.ideas if not each.can_move]

    @property
    def changes(self) -> list[tuple[str, int]]:
        """What would change, with how many ideas it is for, the most first."""
        return Counter(text for each in self.ideas if each.can_move for text in each.prospect.changes).most_common()

    @property
    def hindrances(self) -> list[tuple[str, int]]:
        return Counter(text for each in self.ideas for text in each.prospect.hindrances).most_common()


def rehearse(
    actor: Actor, programme: Programme, plan: moving.Plan, old: WorkflowVersion, *, limit: int = MOST
) -> Rehearsal:
    """Nothing is changed: what the plan would do, idea by idea, in three queries for any number of them."""
    under_way = sa.and_(
        Idea.programme_id == programme.id,
        Idea.workflow_version_id == old.id,
        Idea.standing.in_(UNDER_WAY),
        visible(actor),
    )
    said = (Idea.id, Idea.reference, Idea.title, Idea.place, Idea.standing, Idea.track, Idea.evidence_level)
    columns = (*said, Idea.waived)
    rows = db.session.execute(sa.select(*columns).where(under_way).order_by(Idea.id).limit(limit + 1)).all()
    known = _known(sa.select(Idea.id).where(under_way))
    return Rehearsal(
        tuple(
            Rehearsed(row.reference, row.title, moving.prospect(plan, _in_flight(row, known))) for row in rows[:limit]
        ),
        more=len(rows) > limit,
    )


@dataclass
class Known:
    """What else must be known of ideas: deliverables by idea, and whose panel sits."""

    accepted: dict[int, set[str]]
    handed_in: dict[int, set[str]]
    reviewed: set[int]


def _known(ids: Any) -> Known:
    known = Known({}, {}, set())
    states = sa.select(Handin.idea_id, Handin.deliverable, Handin.state).where(Handin.idea_id.in_(ids)).distinct()
    for idea_id, key, state in db.session.execute(states):
        known.handed_in.setdefault(idea_id, set()).add(key)
        if state == "accepted":
            known.accepted.setdefault(idea_id, set()).add(key)
    # Panels are an area above: their tables are read by name.
    sits = sa.select(REVIEW.c.idea_id).where(REVIEW.c.idea_id.in_(ids), REVIEW.c.state.in_(OPEN))
    known.reviewed = set(db.session.scalars(sits))
    return known


def _in_flight(idea: Any, known: Known) -> moving.InFlight:
    return moving.InFlight(
        idea.place,
        idea.standing,
        idea.track,
        idea.evidence_level,
        frozenset(known.accepted.get(idea.id, ())),
        frozenset(known.handed_in.get(idea.id, ())),
        open_review=idea.id in known.reviewed,
        waived=frozenset(idea.waived.split()),
    )


# Asking


@command(policy.may_move_ideas)
def plan_move(
    actor: Actor, programme: Programme, *, old: WorkflowVersion, new: WorkflowVersion, said: Mapping[str, Any]
) -> VersionMove:
    """Keep a plan; ``Refused`` with everything that is wrong with it."""
    plan = moving.Plan(old.definition, new.definition, said)
    faults = [f"{fault.place}: {fault.message}." for fault in plan.faults()]
    if old.id == new.id:
        faults.append("Choose two different versions.")
    if faults:
        raise Refused(tuple(faults))
    kept = {part: dict(keys) for part, keys in said.items() if keys}
    move = VersionMove(programme=programme, from_version=old, to_version=new, plan=kept, made_by_id=actor.person_id)
    return _noted(actor, move)


def _noted(actor: Actor, move: VersionMove) -> VersionMove:
    db.session.add(move)
    db.session.flush()
    planned = VersionMovePlanned(move.programme_id, move.id, move.from_version_id, move.to_version_id)
    record(actor, planned)
    return move


@command(policy.may_move_ideas)
def ask_move(
    actor: Actor, programme: Programme, *, old: WorkflowVersion, new: WorkflowVersion, said: Mapping[str, Any]
) -> Job:
    """Let the worker move every idea that can; the rest is listed with why it cannot."""
    move = plan_move(actor, programme, old=old, new=new, said=said)
    references = [each.reference for each in rehearse(actor, programme, move.as_plan, old).ideas]
    return _asked(actor, move, references)


@command(policy.may_move_ideas)
def plan_reversal(actor: Actor, move: VersionMove) -> VersionMove:
    """Keep the plan that puts the ideas of a move back; one that reverses another is not itself reversed."""
    if move.reverses_id is not None:
        raise Refused(("This put ideas back already. Move them again instead.",))
    back = {part: {new: old for old, new in keys.items() if new} for part, keys in move.plan.items()}
    return _noted(
        actor,
        VersionMove(
            programme_id=move.programme_id,
            from_version=move.to_version,
            to_version=move.from_version,
            plan=back,
            reverses_id=move.id,
            made_by_id=actor.person_id,
        ),
    )


@command(policy.may_move_ideas)
def ask_reversal(actor: Actor, move: VersionMove) -> Job:
    """Let the worker put back every idea that has not moved on since; the rest is listed."""
    references = list_moved(actor, move)
    return _asked(actor, plan_reversal(actor, move), references)


def _asked(actor: Actor, move: VersionMove, references: list[str]) -> Job:
    if not references:
        raise Refused(("No idea is there to be moved.",))
    told = {"move": move.id, "ideas": references}
    job: Job = ask_job(actor, kind=KIND, payload=told, total=len(references), form_key=f"move {move.id}")
    return job


# Reading


def find_move(actor: Actor, programme: Programme, move_id: int) -> VersionMove:
    move = db.session.get(VersionMove, move_id)
    if move is None or move.programme_id != programme.id or not policy.may_move_ideas.allows(actor, move):
        raise NotThere
    return move


def list_moves(programme: Programme) -> list[VersionMove]:
    """The newest moves of a programme."""
    query = sa.select(VersionMove).where(VersionMove.programme_id == programme.id).order_by(VersionMove.id.desc())
    versions = (sa.orm.joinedload(VersionMove.from_version), sa.orm.joinedload(VersionMove.to_version))
    return list(db.session.scalars(query.options(*versions).limit(20)))


def list_moved(actor: Actor, move: VersionMove, limit: int = MOST) -> list[str]:
    """The references of the ideas that a move has moved, as far as the person may see them."""
    query = sa.select(Idea.reference).join(MovedIdea, MovedIdea.idea_id == Idea.id)
    mine = query.where(MovedIdea.move_id == move.id, visible(actor))
    return list(db.session.scalars(mine.order_by(MovedIdea.id).limit(limit)))


# Moving one idea


@command(policy.may_move_idea)
def move_idea(actor: Actor, idea: Idea, *, move: VersionMove) -> MovedIdea | None:
    """Carry one idea over as a move says; None where it travels under that version already."""
    if idea.workflow_version_id == move.to_version_id:
        return None
    if idea.workflow_version_id != move.from_version_id or idea.programme_id != move.programme_id:
        raise Refused(("It does not travel under the version that this plan begins with.",))
    before, waived = _as_it_is(idea), _waived_before(idea, move)
    if move.reverses_id is None:
        after = _carried(idea, move)
    else:
        after = _put_back(idea, move)
    _keep_version_of_reviews(idea, move)
    moved = MovedIdea(
        move_id=move.id, idea_id=idea.id, before=before | waived | {"handins": after.pop("handins")}, after=after
    )
    db.session.add(moved)
    is_back = move.reverses_id is not None
    fact = IdeaChangedVersion(idea.id, move.id, move.from_version_id, move.to_version_id, idea.place, is_back)
    record(actor, fact)
    return moved


def _keep_version_of_reviews(idea: Idea, move: VersionMove) -> None:
    """What was decided stays under the version that it was decided under (reviews are an area above: by name)."""
    held = sa.update(REVIEW).where(REVIEW.c.idea_id == idea.id, REVIEW.c.workflow_version_id.is_(None))
    db.session.execute(held.values(workflow_version_id=move.from_version_id))


def _as_it_is(idea: Idea) -> dict[str, Any]:
    return {
        "place": idea.place,
        "standing": idea.standing,
        "track": idea.track,
        "evidence_level": idea.evidence_level,
    }


def _carried(idea: Idea, move: VersionMove) -> dict[str, Any]:
    found = moving.prospect(move.as_plan, _in_flight(idea, _known([idea.id])))
    if found.hindrances:
        raise Refused(found.hindrances)
    idea.track, idea.evidence_level = found.track, found.evidence_level
    _rename_waived(idea, move.as_plan)
    renamed = _rename(idea, found.handins)
    moves.take_over(idea, move.to_version, found.place)
    return _as_it_is(idea) | {"handins": renamed}


def _put_back(idea: Idea, move: VersionMove) -> dict[str, Any]:
    """As the move found it, unless something has happened since."""
    query = sa.select(MovedIdea).filter_by(move_id=move.reverses_id, idea_id=idea.id)
    moved = db.session.scalars(query).one()
    if _known([idea.id]).reviewed:
        raise Refused((moving.OPEN_REVIEW,))
    if _as_it_is(idea) != moved.after:
        raise Refused((GONE_ON,))
    was = moved.before
    idea.track, idea.evidence_level = was["track"], was["evidence_level"]
    renamed = _name_back(idea, move.as_plan, was["handins"])
    _rename_waived(idea, move.as_plan, was)
    moves.take_over(idea, move.to_version, was["place"])
    return _as_it_is(idea) | {"handins": renamed}


def _waived_before(idea: Idea, move: VersionMove) -> dict[str, Any]:
    """How each waiver is called, and what becomes of each that the idea has: two gates may become one."""
    rows = db.session.execute(sa.select(WAIVER).where(WAIVER.c.idea_id == idea.id)).all()
    pairs = {each: "/".join(_waived_as(idea, move.as_plan, *each.split("/", 1))) for each in idea.waived.split()}
    return {"waivers": {str(row.id): [row.gate_key, row.key] for row in rows}, "waived": pairs}


def _rename_waived(idea: Idea, plan: moving.Plan, was: Mapping[str, Any] | None = None) -> None:
    """Let what was waived for a gate that lies ahead be waived under its new keys; what lies behind keeps its own.

    ``was`` says how waivers were called that an earlier move has renamed: those go back to their own names.
    """
    waivers, pairs = ((was or {}).get(part, {}) for part in ("waivers", "waived"))
    query = sa.select(WAIVER).where(WAIVER.c.idea_id == idea.id)
    for number, _idea_id, gate, key in db.session.execute(query).all():
        to = waivers.get(str(number)) or _waived_as(idea, plan, gate, key)
        db.session.execute(sa.update(WAIVER).where(WAIVER.c.id == number).values(gate_key=to[0], key=to[1]))
    there = set(idea.waived.split())
    back = {old for old, new in pairs.items() if new in there}
    others = {"/".join(_waived_as(idea, plan, *each.split("/", 1))) for each in there - set(pairs.values())}
    idea.waived = " ".join(sorted(back | others))


def _waived_as(idea: Idea, plan: moving.Plan, gate_key: str, key: str) -> tuple[str, str]:
    gate = next((gate for gate in plan.old.gates if gate.key == gate_key), None)
    to = plan.to("gates", gate_key) if gate is not None else None
    if gate is None or to is None or plan.old.place_index(gate.place) < plan.old.place_index(idea.place):
        return gate_key, key
    return to, plan.to("deliverables", key) or key


def _name_back(idea: Idea, plan: moving.Plan, was: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give what was handed in the names that it had, and what came since the older name of its deliverable."""
    handins = {str(handin.id): handin for handin in _handins(idea)}
    to = dict(was)
    for number, handin in handins.items():
        key = plan.to("deliverables", handin.deliverable)
        if number not in was and key and key != handin.deliverable:
            last = max((version for name, version in to.values() if name == key), default=0)
            to[number] = [key, last + 1]
    before = {number: [handins[number].deliverable, handins[number].number] for number in to}
    for number, (key, version) in to.items():
        handins[number].deliverable, handins[number].number = key, version
    return before


def _handins(idea: Idea) -> Iterable[Handin]:
    return db.session.scalars(sa.select(Handin).where(Handin.idea_id == idea.id).order_by(Handin.number))


def _rename(idea: Idea, names: Mapping[str, str]) -> dict[str, list[Any]]:
    """Let what was handed in under one key count under another; how each was called before, by its id."""
    handins = list(_handins(idea)) if names else []
    last = {key: max((h.number for h in handins if h.deliverable == key), default=0) for key in names.values()}
    before: dict[str, list[Any]] = {}
    for handin in handins:
        if handin.deliverable in names:
            before[str(handin.id)] = [handin.deliverable, handin.number]
            to = names[handin.deliverable]
            handin.deliverable, handin.number = to, handin.number + last[to]
    return before
