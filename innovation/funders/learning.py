"""Learning from past awards, in the worker: anew when awards have changed, and of each listed idea as it reads now."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.events import Event
from innovation.funders.events import AwardsImported
from innovation.funders.models import Award, LearnedFit, LearnedIdea, LearnedModel, Mandate
from innovation.funders.past_awards import Learned
from innovation.funders.past_habits import Habits, Told, habits_of
from innovation.ideas.models import Idea
from innovation.ideas.queries import latest_revision
from innovation.places.models import District
from innovation.places.names import fold
from innovation.values import dataclass

if TYPE_CHECKING:
    from innovation.funders.learner.history import History

ONLY = 1  # the one row of what was learned
PATIENCE = dt.timedelta(minutes=5)  # a worker that says nothing for so long is thought to be gone
SAYS_SO = 60.0  # seconds after which a worker that learns says that it is there
BREATH = 0.05  # seconds of learning, after each of which the other threads of a worker have their turn
TOGETHER = 200  # ideas in a transaction
FITS = 4_000  # of ideas and funders in a transaction
OWN_CURRENCY = "ZAR"  # in which ideas ask


@dataclass(frozen=True)
class Held:
    """What a worker keeps between two runs: the history with its token, and the habits of each funder."""

    token: str
    number: int
    history: History
    habits: Mapping[int, Habits]


_held: dict[str, Held] = {}


def learn(stopping: Callable[[], bool] = lambda: False) -> None:
    """Learn anew if awards have changed, then work out what that says of ideas that have changed, or of all.

    It may take minutes: it runs beside everything else, and stops between two steps.
    """
    begin_reading()  # here as below: what takes its time takes nobody's turn to write
    upto = db.session.scalar(sa.select(sa.func.max(Event.id)).where(Event.kind == AwardsImported.kind()))
    if upto is None:
        return
    if _take(upto):
        try:
            _learn_anew(upto, stopping)
        except BaseException:
            db.session.rollback()
            _give_back()
            raise
    while not stopping() and _look_at_ideas():
        pass


def _take(upto: int) -> bool:
    """Whether there is something new to learn and no other worker does."""
    with transaction():
        row = db.session.get(LearnedModel, ONLY, with_for_update=True)
        if row is None:
            row = LearnedModel(id=ONLY)
            db.session.add(row)
            db.session.flush()
        if row.upto >= upto or (row.taken_at and row.taken_at > now() - PATIENCE):
            return False
        row.taken_at = now()
        return True


def _give_back() -> None:
    with transaction():
        db.session.get_one(LearnedModel, ONLY, with_for_update=True).taken_at = None


def _learn_anew(upto: int, stopping: Callable[[], bool]) -> None:
    from innovation.funders.learner.model import fit
    from innovation.funders.learner.storing import packed

    begin_reading()
    rows = _awards()
    db.session.rollback()  # learning takes seconds or minutes; nobody waits for what was read
    try:
        content = packed(fit([award for award, _row in rows], Pace(stopping).step)) if rows else b""
    except Stopped:
        _give_back()
        return
    with transaction():
        row = db.session.get_one(LearnedModel, ONLY, with_for_update=True)
        row.number, row.upto, row.content, row.taken_at = row.number + 1, upto, content, None
        row.token = secrets.token_hex(16)


class Stopped(Exception):
    """The worker ends: what was not learned is learned after its next start, or by another one."""


class Pace:
    """How a worker learns beside its other work: a breath at a time, and saying now and then that it is there."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self.stopping = stopping
        self.rested = self.told = time.monotonic()

    def step(self) -> None:
        """Called between two steps; ``Stopped`` when the worker ends."""
        if self.stopping():
            raise Stopped
        at = time.monotonic()
        if at - self.rested < BREATH:
            return
        if at - self.told > SAYS_SO:
            self.told = at
            with transaction():
                db.session.get_one(LearnedModel, ONLY, with_for_update=True).taken_at = now()
        time.sleep(0.001)  # the interpreter goes to another thread that waits for it
        self.rested = time.monotonic()


def _awards() -> list[tuple[Any, Any]]:
    """Every award as the learner takes it, with its row; the funder is named by its number."""
    from innovation.funders.learner.awards import Past

    columns = (Award.funder_id, Award.title, Award.description, Award.amount_minor, Award.region)
    query = sa.select(*columns, Award.currency, Award.awarded_on).order_by(Award.id)
    return [
        (
            Past(
                funder=str(row.funder_id),
                title=row.title,
                description=row.description,
                amount=row.amount_minor / 100 or None,
                region=row.region,
                date=row.awarded_on.isoformat() if row.awarded_on else "",
            ),
            row,
        )
        for row in db.session.execute(query)
    ]


def _history() -> Held | None:
    """What was learned last; None before anything was, and while awards are other ones than those it knows of."""
    row = db.session.get(LearnedModel, ONLY)
    if row is None or not row.number:
        return None
    place = str(db.engine.url)
    held = _held.get(place)
    if held is None or held.token != row.token:
        held = _read(row)
        if held is not None:
            _held[place] = held
    return held


def _read(row: LearnedModel) -> Held | None:
    from innovation.funders.learner.awards import shares_of_time
    from innovation.funders.learner.history import History
    from innovation.funders.learner.storing import OtherFormat, unpacked

    try:
        model = unpacked(row.content)
    except OtherFormat:
        with transaction():
            db.session.get_one(LearnedModel, ONLY).upto = 0  # of another release: learned anew at the next run
        return None
    rows = _awards()
    if len(rows) != len(model.near.owner):
        return None
    awards = [award for award, _share in shares_of_time([award for award, _row in rows])]
    return Held(row.token, row.number, History(model, awards), _habits(each for _award, each in rows))


def _habits(rows: Iterable[Any]) -> dict[int, Habits]:
    """The habits of each funder, by all its awards."""
    districts = {
        fold(name): code for name, code in db.session.execute(sa.select(District.name, District.province_code))
    }
    told: dict[int, list[Told]] = {}
    for row in rows:
        amount = row.amount_minor if row.currency == OWN_CURRENCY else None
        told.setdefault(row.funder_id, []).append(Told(f"{row.title} {row.description}", row.region, amount))
    return {funder_id: habits_of(awards, districts) for funder_id, awards in told.items()}


def _look_at_ideas() -> bool:
    """Work out what awards say of some ideas; whether there may be more to do."""
    begin_reading()
    held = _history()
    if held is None:
        return False
    known = {int(funder) for funder in held.history.model.funders}
    funders = [each for each in db.session.scalars(sa.select(Mandate.funder_id).distinct()) if each in known]
    together = max(1, min(TOGETHER, FITS // max(1, len(funders))))
    ideas = _changed(held.number, together)
    if not ideas:
        return False
    fits = [row for idea in ideas for row in _fits(held, idea, sorted(funders))]
    seen = [{"idea_id": idea.id, "number": held.number, "idea_version": idea.version} for idea in ideas]
    ids = [idea.id for idea in ideas]
    with transaction():
        for model in (LearnedFit, LearnedIdea):
            db.session.execute(sa.delete(model).where(model.idea_id.in_(ids)))
        if fits:
            db.session.execute(sa.insert(LearnedFit), fits)
        db.session.execute(sa.insert(LearnedIdea), seen)
    return len(ideas) == together


def _changed(number: int, most: int) -> Sequence[Idea]:
    """Listed ideas of which nothing was worked out with this model, or of another version."""
    same = sa.exists().where(
        LearnedIdea.idea_id == Idea.id, LearnedIdea.number == number, LearnedIdea.idea_version == Idea.version
    )
    listed = sa.select(Idea).where(Idea.listed_at.is_not(None), Idea.standing == "active", ~same)
    return db.session.scalars(listed.order_by(Idea.id).limit(most)).all()


def _fits(held: Held, idea: Idea, funders: Sequence[int]) -> list[dict[str, Any]]:
    """What each funder's awards say of the idea, by what its pack tells of it."""
    from innovation.funders.learner.awards import Past

    answers = latest_revision(idea).answers
    told = " ".join(str(answers.get(key) or "") for key in ("summary", "problem"))
    asked = Past(title=idea.title, description=told or idea.summary)
    return [
        {"funder_id": funder, "idea_id": idea.id, "learned": _learned(held, funder, asked).as_json()}
        for funder in funders
    ]


def _learned(held: Held, funder: int, asked: Any) -> Learned:
    return held.history.learned(str(funder), asked).with_habits(held.habits.get(funder, Habits()))
