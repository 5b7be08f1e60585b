"""Whether anything is new on the wall of a clinic, its board or its ballot: tags that cost one small statement each."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.clinics import agenda, rounds, walls
from innovation.clinics.models import Clinic, Room
from innovation.clinics.wall_models import RoomWall, RoundIdea, VotingRound
from innovation.clinics.wall_models import WallIdea as OnWall
from innovation.events import EventHead
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import walled
from innovation.languages import spoken
from innovation.permission import Actor
from innovation.programmes.models import Programme
from innovation.statements import ask, keep
from innovation.values import dataclass


@dataclass(frozen=True)
class Pulse:
    """What a page is right by: its clinic, the language in which its room begins, and all that moves it."""

    clinic_id: int
    language: str
    person_id: int | None
    values: str

    @property
    def tag(self) -> str:
        """In the language that is spoken now."""
        return hashlib.sha256(repr((self.person_id, spoken(), self.values)).encode()).hexdigest()[:20]


def _in_words(*sums: Any) -> sa.ColumnElement[str]:
    """Several sums as one value: of one alone, ideas that come could make up for others that go."""
    texts = [sa.cast(sa.func.coalesce(each, 0), sa.String) for each in sums]
    first, *rest = texts
    whole: Any = first
    for text in rest:
        whole = whole + sa.literal(":") + text
    return whole  # type: ignore[no-any-return]


@lru_cache(maxsize=4)
def _pulse(of_everything: bool, by_code: bool) -> sa.Select[Any]:
    """All that decides whether a wall is still right, in one statement that looks up a few keys.

    Whatever happens to an idea or a clinic moves the head of its chain. Of ideas that nobody may see on the wall
    nothing goes in; and placing dots moves no head at all, so a tag tells nothing of an open round. Owners count where
    their names are shown, and the programme with the words that it has written in other languages.
    """
    own, its = EventHead.__table__.alias("own"), EventHead.__table__.alias("its")
    me = Actor(person_id=sa.bindparam("person", type_=sa.Integer))  # type: ignore[arg-type]
    at_once = sa.func.coalesce(RoomWall.at_once, sa.false())
    seen = Idea.standing.in_(walls.SHOWN) if of_everything else rounds.is_shown(at_once)
    named = sa.case((RoomWall.names, Person.version * Idea.id), else_=0)
    sums = (Idea.id, its.c.seq, its.c.seq * Idea.id, named)
    heads = (
        sa.select(_in_words(sa.func.count(), *(sa.func.sum(each) for each in sums)))
        .select_from(Idea)
        .outerjoin(OnWall, OnWall.idea_id == Idea.id)
        .join(Person, Person.id == Idea.owner_id)
        .outerjoin(its, its.c.subject == sa.literal("idea:") + sa.cast(Idea.id, sa.String))
        .where(Idea.clinic_id == Clinic.id, seen, ~walled(me))
        .correlate(Clinic, RoomWall)
        .scalar_subquery()
    )
    words = sa.select(Programme.version).where(Programme.id == Clinic.programme_id).correlate(Clinic).scalar_subquery()
    known = Clinic.id == sa.bindparam("clinic", type_=sa.Integer)
    coded = sa.and_(Room.code == sa.bindparam("code", type_=sa.String), Clinic.state.in_(agenda.STANDS))
    return keep(
        sa.select(
            *(Clinic.id, Clinic.language, Clinic.version, RoomWall.version, Room.code, own.c.seq),
            *(heads.label("heads"), words.label("words")),
        )
        .outerjoin(RoomWall, RoomWall.clinic_id == Clinic.id)
        .outerjoin(Room, Room.clinic_id == Clinic.id)
        .outerjoin(own, own.c.subject == sa.literal("clinic:") + sa.cast(Clinic.id, sa.String))
        .where(coded if by_code else known)
    )


def pulse_of_clinic(actor: Actor, clinic_id: int, *, of_everything: bool = False) -> Pulse:
    """What changes when the wall does, or all that its facilitator sees."""
    asked = {"person": actor.person_id, "clinic": clinic_id}
    return _read(actor, ask(_pulse(of_everything, by_code=False), asked))


def pulse_of_code(actor: Actor, code: str) -> Pulse | None:
    """The same for the clinic that the code opens now; one cheap statement."""
    asked = {"person": actor.person_id, "code": code}
    rows = ask(_pulse(of_everything=False, by_code=True), asked)
    return _read(actor, rows) if rows else None


@lru_cache(maxsize=1)
def _pulse_of_dots() -> Any:
    older = sa.orm.aliased(VotingRound)
    newest = sa.select(sa.func.max(older.id)).where(older.clinic_id == Clinic.id).correlate(Clinic).scalar_subquery()
    return keep(
        sa.select(
            Clinic.id, Clinic.language, VotingRound.id, VotingRound.state, Idea.id, Idea.version, OnWall.hidden_at
        )
        .join(Room, Room.clinic_id == Clinic.id)
        .outerjoin(VotingRound, VotingRound.id == newest)
        .outerjoin(RoundIdea, RoundIdea.round_id == VotingRound.id)
        .outerjoin(Idea, Idea.id == RoundIdea.idea_id)
        .outerjoin(OnWall, OnWall.idea_id == Idea.id)
        .where(Room.code == sa.bindparam("code", type_=sa.String), Clinic.state.in_(agenda.STANDS))
        .order_by(Idea.id)
    )


def pulse_of_dots(actor: Actor, code: str) -> Pulse | None:
    """The same for what can be voted on at the clinic that the code opens now."""
    rows = ask(_pulse_of_dots(), {"code": code})
    return _read(actor, rows) if rows else None


def _read(actor: Actor, rows: Any) -> Pulse:
    clinic_id, language = rows[0][0], rows[0][1]
    return Pulse(clinic_id, language, actor.person_id, repr([tuple(row) for row in rows]))
