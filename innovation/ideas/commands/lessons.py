"""The lesson of an idea that ended: given with the ending or owed after it, corrected, and opened to everybody."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas import policy, queries
from innovation.ideas.events import (
    LessonClosed,
    LessonCorrected,
    LessonGiven,
    LessonOffered,
    LessonOwed,
    LessonReleased,
    LessonVoided,
)
from innovation.ideas.lesson_models import Lesson, LessonVersion
from innovation.ideas.lesson_words import OF_REASONS
from innovation.ideas.models import Idea
from innovation.ideas.teaching import NO_NAMES, lesson_faults, names_somebody
from innovation.permission import Actor
from innovation.programmes.workdays import today_of, working_days_after
from workflows import Refused

DAYS = 20  # working days until a lesson that is owed is due


# With the ending, as a part of the command that ends the idea


def keep_lesson(actor: Actor, idea: Idea, ended: str, *, place: str | None = None, **said: str) -> Lesson:
    """Write down what was learnt from an ending; where nothing is said, it is owed by the owner."""
    lesson = Lesson(
        idea=idea,
        programme_id=idea.programme_id,
        ended=ended,
        place=place or idea.place,
        number=0,
        theme_id=idea.theme_id,
        phases="".join(f" {phase}" for phase in idea.phases) + " " if idea.phases else "",
    )
    db.session.add(lesson)
    if said.get("otherwise", "").strip():
        _write(actor, lesson, **said)
        record(actor, LessonGiven(idea.id, lesson.id, lesson.cause))
    else:
        lesson.due_on = working_days_after(today_of(idea.programme), DAYS, idea.programme.country)
        db.session.flush()
        record(actor, LessonOwed(idea.id, lesson.id))
    return lesson


def keep_stop_lesson(actor: Actor, idea: Idea, details: dict[str, Any], *, place: str | None = None) -> Lesson:
    """The same from what a stop says: its reason tells the cause."""
    texts = {"tried": details.get("tried", ""), "happened": details.get("happened", "")}
    cause = OF_REASONS.get(details.get("stop_reason", ""), "other")
    return keep_lesson(actor, idea, "stopped", place=place, cause=cause, otherwise=details.get("lesson", ""), **texts)


def void_lesson(actor: Actor, idea: Idea, *, place: str) -> None:
    """The last ending of the idea at this place was undone, so nothing was learnt from it; earlier ones hold."""
    query = sa.select(Lesson).where(Lesson.idea_id == idea.id, Lesson.place == place, Lesson.void_at.is_(None))
    newest = query.where(Lesson.ended == "stopped").order_by(Lesson.id.desc()).limit(1)
    for lesson in db.session.scalars(newest):
        lesson.void_at = now()
        record(actor, LessonVoided(idea.id, lesson.id))


@command(policy.may_owe_lesson)
def owe_lesson(actor: Actor, idea: Idea) -> Lesson:
    """An idea has lapsed by the clock: its owner owes the lesson. It is asked for once."""
    there = queries.lesson_of(idea)
    if there is not None and there.ended == "lapsed":
        return there
    return keep_lesson(actor, idea, "lapsed")


# After it


@command(policy.may_write_lesson)
def write_lesson(
    actor: Actor,
    lesson: Lesson,
    *,
    cause: str,
    tried: str,
    happened: str,
    otherwise: str,
    theme_id: int | None = None,
    phases: tuple[str, ...] | list[str] = (),
) -> Lesson:
    """Give the lesson that is owed, or correct it: what stood before stays on record. The same again changes nothing.

    A correction that changes the words takes the release back: somebody looks at it again.
    """
    if lesson.void_at is not None:
        raise Refused(("The ending that this was learnt from has been undone.",))
    said = {"tried": tried.strip(), "happened": happened.strip(), "otherwise": otherwise.strip()}
    faults = lesson_faults(lesson.idea, cause=cause, **said)
    if faults or names_somebody(lesson.idea, said.values()):
        raise Refused(faults or (NO_NAMES,))
    lesson.theme_id = theme_id
    lesson.phases = f" {' '.join(sorted(set(phases)))} " if phases else ""
    if (lesson.cause, lesson.tried, lesson.happened, lesson.otherwise) == (cause, *said.values()):
        return lesson
    corrected = lesson.is_given
    _write(actor, lesson, cause=cause, **said)
    if not corrected:
        record(actor, LessonGiven(lesson.idea_id, lesson.id, cause))
        return lesson
    record(actor, LessonCorrected(lesson.idea_id, lesson.id, cause, lesson.number))
    if lesson.released_at is not None:
        lesson.released_at = lesson.released_by_id = None
        record(actor, LessonClosed(lesson.idea_id, lesson.id))
    return lesson


def _write(actor: Actor, lesson: Lesson, *, cause: str, tried: str, happened: str, otherwise: str) -> None:
    lesson.cause, lesson.tried, lesson.happened, lesson.otherwise = cause, tried, happened, otherwise
    lesson.number += 1
    lesson.search_text = "\n".join(part for part in (otherwise, tried, happened) if part)
    lesson.given_at = lesson.given_at or now()
    lesson.due_on = None
    db.session.flush()
    version = LessonVersion(lesson_id=lesson.id, number=lesson.number, written_by_id=actor.person_id, cause=cause)
    version.tried, version.happened, version.otherwise = tried, happened, otherwise
    db.session.add(version)


# For everybody


@command(policy.may_offer_lesson)
def offer_lesson(actor: Actor, lesson: Lesson) -> Lesson:
    """The owner lets everybody read it; it is shown to nobody else until somebody has released it."""
    _require_given(lesson)
    if lesson.agreed_at is None:
        lesson.agreed_at = now()
        record(actor, LessonOffered(lesson.idea_id, lesson.id))
    return lesson


@command(policy.may_release_lesson)
def release_lesson(actor: Actor, lesson: Lesson) -> Lesson:
    """Everybody may read it from here on, without an account."""
    _require_given(lesson)
    if lesson.agreed_at is None:
        raise Refused(("The owner has not agreed that everybody may read it.",))
    if names_somebody(lesson.idea, (lesson.tried, lesson.happened, lesson.otherwise)):
        raise Refused((NO_NAMES,))
    if lesson.released_at is None:
        lesson.released_at, lesson.released_by_id = now(), actor.person_id
        record(actor, LessonReleased(lesson.idea_id, lesson.id))
    return lesson


@command(policy.may_close_lesson)
def close_lesson(actor: Actor, lesson: Lesson) -> Lesson:
    """Only the programme's people read it from here on; where the owner says so, they no longer agree either."""
    if policy.owns.holds(actor, lesson):
        lesson.agreed_at = None
    if lesson.released_at is not None:
        lesson.released_at = lesson.released_by_id = None
        record(actor, LessonClosed(lesson.idea_id, lesson.id))
    return lesson


def _require_given(lesson: Lesson) -> None:
    if not lesson.is_given:
        raise Refused(("The lesson has not been written yet.",))
