"""What the wall of a clinic shows, what its facilitator sees of it besides, and whether anything of it is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.clinics import agenda, dots, rounds, walls
from innovation.clinics.models import Clinic
from innovation.clinics.rounds import Result
from innovation.clinics.wall_models import RoomWall, RoundIdea, Shortlist, VotingRound, WallTopic
from innovation.clinics.wall_models import WallIdea as OnWall
from innovation.db import db
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.models import Access, Consent, Idea
from innovation.ideas.queries.one import walled
from innovation.permission import Actor
from innovation.statements import ask, keep
from innovation.values import dataclass

FEW, SOME = 8, 18  # up to which number of ideas letters are largest, and summaries are shown
BEST = 10  # lines of a result that are projected
MOST_SHOWN = 40  # notes of one topic that are projected, the newest


@dataclass(frozen=True)
class Note:
    """An idea as the wall has it; ``who`` only where names are shown and its owner agreed. ``dots``: of a result."""

    idea_id: int
    reference: str
    title: str
    summary: str
    topic_id: int | None
    is_shown: bool
    is_hidden: bool
    who: str = ""
    dots: int | None = None
    heat: int = 0


@dataclass(frozen=True)
class Column:
    """A topic with its notes; no ``topic_id`` for those that are under none."""

    topic_id: int | None
    name: str
    notes: tuple[Note, ...]
    more: int = 0  # older ones, for which there is no room


@dataclass(frozen=True)
class Line:
    """An idea in the order of a result; ``share`` is its part of the highest, of 100."""

    rank: int
    tied: bool
    note: Note
    dots: int
    share: int


@dataclass(frozen=True)
class Clock:
    """The part of the run sheet in hand. It ends at ``ends_ms`` while it runs, else so many seconds are left."""

    number: int
    of: int
    what: str
    minutes: int
    is_running: bool
    ends_ms: int
    left: int
    following: str


@dataclass(frozen=True)
class Ballot:
    """A round that is open, as everybody may know of it."""

    question: str
    method: str
    dots: int
    most: int


@dataclass(frozen=True)
class Page:
    """The whole wall as values that can be hashed: it is drawn once for them."""

    title: str
    challenge: str
    view: str
    columns: tuple[Column, ...]
    clock: Clock | None = None
    voting: Ballot | None = None
    shows: str = "ranked"
    method: str = "dots"
    question: str = ""
    lines: tuple[Line, ...] = ()
    ballots: int = 0
    chosen: tuple[Note, ...] = ()

    @property
    def shown(self) -> int:
        return sum(len(column.notes) + column.more for column in self.columns)

    @property
    def best(self) -> tuple[Line, ...]:
        """The first lines of the result, as many as can be read from the back of the room."""
        return tuple(line for line in self.lines if line.dots)[:BEST]

    @property
    def size(self) -> str:
        """How much there is to show, and so how large the letters can be."""
        return "few" if self.shown <= FEW else "some" if self.shown <= SOME else "many"


# Notes


def list_notes(actor: Actor, clinic: Clinic, wall: RoomWall) -> list[Note]:
    """Every idea that could be on the wall, the newest first, without those behind a wall to this person."""
    asked = {"clinic": clinic.id, "person": actor.person_id, "at_once": wall.at_once}
    rows = sorted(ask(_notes(wall.names), asked), key=lambda row: (row.since, row.id), reverse=True)
    return [
        Note(key, reference, title, summary, topic_id, bool(is_shown), hidden_at is not None, name or "")
        for key, reference, title, summary, topic_id, is_shown, hidden_at, name, _since in rows
    ]


@lru_cache(maxsize=2)
def _notes(names: bool) -> Any:
    me = Actor(person_id=sa.bindparam("person", type_=sa.Integer))  # type: ignore[arg-type]
    shown = rounds.is_shown(sa.bindparam("at_once", type_=sa.Boolean))
    since = sa.func.coalesce(OnWall.released_at, Idea.captured_at)
    voted_on = sa.exists().where(RoundIdea.idea_id == Idea.id)  # never crowded out by what comes while people vote
    return keep(
        sa.select(
            *(Idea.id, Idea.reference, Idea.title, Idea.summary, OnWall.topic_id, shown.label("shown")),
            *(OnWall.hidden_at, (_name(me) if names else sa.literal("")).label("who"), since.label("since")),
        )
        .join(Person, Person.id == Idea.owner_id)
        .outerjoin(OnWall, OnWall.idea_id == Idea.id)
        .where(Idea.clinic_id == sa.bindparam("clinic", type_=sa.Integer), Idea.standing.in_(walls.SHOWN), ~walled(me))
        .order_by(sa.case((voted_on, 0), else_=1), since.desc(), Idea.id.desc())
        .limit(walls.MOST_IDEAS)
    )


def _name(actor: Actor) -> sa.ColumnElement[Any]:
    """The owner's name where they agreed that it is shown and are no child, for who reads the idea with names."""
    agreed = sa.exists().where(
        *(Consent.idea_id == Idea.id, Consent.person_id == Idea.owner_id, Consent.purpose == "public_name"),
        Consent.withdrawn_at.is_(None),
    )
    child = sa.exists().where(NoticeShown.idea_id == Idea.id, NoticeShown.under_18)
    nameless = sa.exists().where(Access.idea_id == Idea.id, Access.person_id == actor.person_id, Access.names_hidden)
    return sa.case((sa.and_(agreed, ~child, ~nameless), Person.name), else_="")


def columns_of(topics: Iterable[WallTopic], notes: Iterable[Note]) -> tuple[Column, ...]:
    """The notes by topic in the order of topics; those under none first, if there are any."""
    kept = list(notes)
    known = {topic.id for topic in topics}
    loose = tuple(note for note in kept if note.topic_id not in known)
    by_topic = [Column(t.id, t.name, tuple(note for note in kept if note.topic_id == t.id)) for t in topics]
    return (*((Column(None, "", loose),) if loose else ()), *by_topic)


def ballot_notes(actor: Actor, clinic: Clinic, found: VotingRound, joined: Mapping[int, int]) -> list[Note]:
    """The ideas of an open round by topic, and by reference there: the same order on every phone."""
    choices, wall = set(rounds.choices_of(clinic, found, joined)), walls.find_wall(clinic)
    notes = [note for note in list_notes(actor, clinic, wall) if note.idea_id in choices]
    notes.sort(key=lambda note: note.reference)
    return [note for column in columns_of(walls.list_topics(clinic), notes) for note in column.notes]


# The clock


def clock_of(clinic: Clinic, wall: RoomWall) -> Clock | None:
    """Where the run sheet is; None before it has begun."""
    steps = agenda.steps_of(clinic.agenda)
    if wall.step is None or not steps:
        return None
    at = min(wall.step, len(steps) - 1)
    step, later = steps[at], steps[at + 1 :]
    left = step.minutes * 60 - wall.spent
    ends = wall.started_at + dt.timedelta(seconds=left) if wall.started_at else None
    return Clock(
        number=at + 1,
        of=len(steps),
        what=step.what,
        minutes=step.minutes,
        is_running=ends is not None,
        ends_ms=round(ends.timestamp() * 1000) if ends else 0,
        left=0 if ends else max(0, left),
        following=later[0].what if later else "",
    )


# The wall


def wall_page(actor: Actor, clinic: Clinic) -> Page:
    """What is projected now: never what waits, is hidden or has been withdrawn."""
    wall, latest = walls.find_wall(clinic), rounds.find_round(clinic)
    if wall.view == "cover":
        return Page(clinic.title, clinic.challenge, "cover", (), clock_of(clinic, wall))
    notes = [note for note in list_notes(actor, clinic, wall) if note.is_shown]
    result = rounds.result_of(clinic, latest) if latest and latest.state == "closed" else None
    view = wall.view
    if result is not None and view == "results":
        notes = with_dots(notes, result)
    found = rounds.find_shortlist(clinic) if view == "shortlist" else None
    by_id = {note.idea_id: note for note in notes}
    return Page(
        title=clinic.title,
        challenge=clinic.challenge,
        view="ideas" if (view == "results" and not result) or (view == "shortlist" and not found) else view,
        columns=tuple(_newest(column) for column in columns_of(walls.list_topics(clinic), notes)),
        clock=clock_of(clinic, wall),
        voting=_ballot(latest) if latest and latest.state == "open" else None,
        shows=latest.shows if latest else "ranked",
        method=latest.method if latest else "dots",
        question=latest.question if latest else "",
        lines=lines_of(result, by_id) if result and view == "results" else (),
        ballots=result.ballots if result else 0,
        chosen=tuple(by_id[key] for key in found[1] if key in by_id) if found else (),
    )


def _ballot(latest: VotingRound) -> Ballot:
    return Ballot(latest.question, latest.method, latest.dots, latest.most)


def _newest(column: Column) -> Column:
    """As many notes as one can take in, so that a wall which shows everything stays quick and legible."""
    return replace(column, notes=column.notes[:MOST_SHOWN], more=max(0, len(column.notes) - MOST_SHOWN))


def with_dots(notes: Iterable[Note], result: Result) -> list[Note]:
    """The notes with what a closed round has given them."""
    given = {place.idea_id: place.dots for place in result.places}
    highest = max(given.values(), default=0)
    return [
        replace(note, dots=given[note.idea_id], heat=dots.heat(given[note.idea_id], highest))
        if note.idea_id in given
        else note
        for note in notes
    ]


def lines_of(result: Result, notes: Mapping[int, Note]) -> tuple[Line, ...]:
    """The order of a result, as far as these notes go."""
    highest = max((place.dots for place in result.places), default=0)
    return tuple(
        Line(
            *(place.rank, place.tied, notes[place.idea_id], place.dots),
            share=round(100 * place.dots / highest) if highest else 0,
        )
        for place in result.places
        if place.idea_id in notes
    )


# The facilitator's side


@dataclass(frozen=True)
class Board:
    """All that whoever runs a wall sees: what is shown, what waits, what is hidden, rounds and the shortlist."""

    wall: RoomWall
    topics: list[WallTopic]
    notes: list[Note]
    clock: Clock | None
    steps: list[agenda.Step]
    latest: VotingRound | None
    result: Result | None
    lines: tuple[Line, ...]
    ties: list[tuple[Line, ...]]
    broken: list[tuple[Note, str, str]]  # which idea came first, who decided so, and why
    shortlist: Shortlist | None
    chosen: list[Note]

    @property
    def shown(self) -> list[Note]:
        return [note for note in self.notes if note.is_shown]

    @property
    def waiting(self) -> list[Note]:
        return [note for note in self.notes if not note.is_shown and not note.is_hidden]

    @property
    def hidden(self) -> list[Note]:
        return [note for note in self.notes if note.is_hidden]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every topic, also one without ideas, and first those under none."""
        found = columns_of(self.topics, self.shown)
        return found if found and found[0].topic_id is None else (Column(None, "", ()), *found)


def read_board(actor: Actor, clinic: Clinic) -> Board:
    wall, latest = walls.find_wall(clinic), rounds.find_round(clinic)
    notes = list_notes(actor, clinic, wall)
    result = rounds.result_of(clinic, latest) if latest and latest.state == "closed" else None
    by_id = {note.idea_id: note for note in [*_ended_notes(actor, clinic), *notes]}
    groups = dots.tied_groups(result.places) if result else []
    broken = rounds.list_ties(result.round) if result else []
    lines = lines_of(result, by_id) if result else ()
    found = rounds.find_shortlist(clinic)
    return Board(
        wall=wall,
        topics=walls.list_topics(clinic),
        notes=notes,
        clock=clock_of(clinic, wall),
        steps=agenda.steps_of(clinic.agenda),
        latest=latest,
        result=result,
        lines=lines,
        ties=[tuple(line for line in lines if line.note.idea_id in group) for group in groups],
        broken=[(by_id[t.idea_id], t.decided_by, t.reason) for t in broken if t.idea_id in by_id],
        shortlist=found[0] if found else None,
        chosen=[by_id[key] for key in found[1] if key in by_id] if found else [],
    )


def _ended_notes(actor: Actor, clinic: Clinic) -> list[Note]:
    """Ideas that have left the wall for good, for results and shortlists of the day when they were on it."""
    query = sa.select(Idea.id, Idea.reference, Idea.title, Idea.summary).where(
        Idea.clinic_id == clinic.id, Idea.standing.not_in((*walls.SHOWN, "withdrawn")), ~walled(actor)
    )
    return [Note(*row, None, is_shown=False, is_hidden=False) for row in db.session.execute(query)]
