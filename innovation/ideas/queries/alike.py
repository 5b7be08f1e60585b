"""Ideas that read alike, of those that a person may see, and what people have said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from innovation.db import db
from innovation.ideas import lesson_search, search, word_counts
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Idea
from innovation.ideas.queries.lessons import readable
from innovation.ideas.queries.one import visible
from innovation.ideas.relation_models import IdeaRelation
from innovation.ideas.similarity import ALIKE_FROM, MOST, Likeness, Rarity, Text, rank
from innovation.ideas.wordforms import related, stem_of, words
from innovation.permission import Actor
from innovation.programmes import definitions
from innovation.programmes.models import WorkflowVersion
from innovation.statements import ask, worded
from workflows import Gate, Stage

SLOTS = 24  # words by which ideas are looked for
EACH = 500  # newest ideas that one word brings
ENOUGH = 3_000  # ideas that all words together bring, by what has been counted
COMPARED = 120
MOST_LEARNT = 3
READ = 700  # signs of the text of each
LONG = 1_500  # signs of a draft
NEAR = 0.75
NONE = sa.literal_column("0.0", sa.Float)
TOO_COMMON = 0.02  # of all ideas: a word that means nearly the same is not looked for when it is said so often


class Alike(NamedTuple):
    """An idea that reads alike, where it is, and why."""

    id: int
    reference: str
    title: str
    where: Stage | Gate
    likeness: int
    why: Likeness
    clinic_id: int | None


class Learnt(NamedTuple):
    """A lesson of an idea that reads alike and has ended; the idea itself may be one that the reader may not see."""

    id: int
    cause: str
    ended: str
    otherwise: str


class Found(NamedTuple):
    """What reads like a draft: ideas, and what was learnt from some that ended."""

    alike: list[Alike]
    learnt: list[Learnt]


def find_alike(actor: Actor, title: str, problem: str = "", **more: Any) -> list[Alike]:
    """The ideas of ``find_alike_and_learnt``."""
    return find_alike_and_learnt(actor, title, problem, **more).alike


def find_alike_and_learnt(
    actor: Actor,
    title: str,
    problem: str = "",
    *,
    programme_id: int | None = None,
    exclude: int | None = None,
    marks: Mapping[str, object] | None = None,
) -> Found:
    """Up to five ideas that the person may see and that read alike, and up to three lessons of such; one query.

    ``marks`` are the school, district and theme of the idea, by these names. An idea that the person may not see counts
    by the words of its lesson alone, which they may read.
    """
    draft = Text(exclude or 0, title[:200], problem[:LONG], marks or {})
    rarity = word_counts.rarity()
    slots = list(_slots(draft, rarity))
    if not slots:
        return Found([], [])
    asked: dict[str, Any] = {"but": exclude or 0}
    for at in range(SLOTS):
        asked[f"word_{at}"], asked[f"worth_{at}"] = slots[at] if at < len(slots) else (search.NOTHING, 0.0)
    rows = {row.id: row for row in ask(_candidates(actor, programme_id), asked)}
    texts = [_text(row) for row in rows.values()]
    counted = rarity if rarity.n > len(texts) else None
    found = rank(draft, texts, rarity=counted, limit=MOST + MOST_LEARNT, least=ALIKE_FROM)
    alike = [_alike(rows[each.id], each) for each in found if rows[each.id].seen]
    taught = [rows[each.id] for each in found if rows[each.id].lesson_id is not None]
    learnt = [Learnt(row.lesson_id, row.cause, row.ended, row.otherwise) for row in taught]
    return Found(alike[:MOST], learnt[:MOST_LEARNT])


def _text(row: Any) -> Text:
    return Text(row.id, row.title, row.text, _marks(row)) if row.seen else Text(row.id, "", row.learnt)


def marks_of(idea: Idea) -> dict[str, object]:
    return {"school": idea.school_emis, "district": idea.district_id, "theme": idea.theme_id}


def _marks(row: Any) -> dict[str, object]:
    return {"school": row.school_emis, "district": row.district_id, "theme": row.theme_id}


def _alike(row: Any, why: Likeness) -> Alike:
    where = definitions.of(row.checksum).place(row.place)
    return Alike(row.id, row.reference, row.title, where, why.score, why, row.clinic_id)


# Where to look


def _slots(draft: Text, rarity: Rarity) -> Iterator[tuple[str, float]]:
    """What the index is asked for, the rarest words first, and what each is worth; until they bring enough."""
    forms: dict[str, set[str]] = {}
    for word in words(draft.whole):
        if stem := stem_of(word):
            forms.setdefault(stem, set()).add(word)
    brought = 0.0
    for stem in sorted(forms, key=rarity.of, reverse=True)[:SLOTS]:
        brought += rarity.counts.get(stem, rarity.unknown)
        if brought > ENOUGH and brought > rarity.counts.get(stem, rarity.unknown):
            return
        beginnings = {_beginning(stem, word) for word in forms[stem]} | set(_near(stem, rarity))
        yield search.beginning_with_any(sorted(beginnings)), rarity.of(stem) or 1.0


def _beginning(stem: str, word: str) -> str:
    """What a word and its other forms begin with: ``stories`` and ``story`` with ``stor``."""
    shared = 0
    while shared < min(len(stem), len(word)) and stem[shared] == word[shared]:
        shared += 1
    return word[:shared] if shared >= 4 else word


def _near(stem: str, rarity: Rarity) -> Iterator[str]:
    for way, near in related(stem):
        if near >= NEAR and len(way) >= 4 and rarity.counts.get(way, 0.0) <= TOO_COMMON * rarity.n:
            yield way


@worded
def _candidates(actor: Actor, programme_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    """The ideas that hold most of the words, each word weighed, of those that the person may see; and of others those
    whose lesson holds most of them: by no word of such an idea does its lesson come, or stay away."""
    weighed, heard = _weighed(search.sharing), _weighed(lesson_search.sharing)
    text = sa.func.substr(Idea.search_text, 1, READ).label("text")
    shown = (Idea.id, Idea.title, text, Idea.reference, Idea.place, Idea.clinic_id)
    seen = sa.and_(visible(actor), Idea.standing != "withdrawn")
    newest = sa.select(sa.func.max(Lesson.id)).where(
        Lesson.idea_id == Idea.id, Lesson.given_at.is_not(None), Lesson.void_at.is_(None)
    )
    said = sa.func.substr(Lesson.search_text, 1, READ).label("learnt")
    taught = (Lesson.id.label("lesson_id"), Lesson.cause, Lesson.ended, Lesson.otherwise, said)
    marks = (Idea.school_emis, Idea.district_id, Idea.theme_id)
    taught_by = aliased(Lesson)
    both = sa.union_all(
        sa.select(weighed.c.id, weighed.c.worth, NONE.label("heard")),
        sa.select(taught_by.idea_id, NONE, heard.c.worth).join(heard, heard.c.id == taught_by.id),
    ).subquery()
    worth, told = sa.func.sum(both.c.worth).label("worth"), sa.func.sum(both.c.heard).label("heard")
    brought = sa.select(both.c.id, worth, told).group_by(both.c.id).subquery()
    query = (
        sa.select(*shown, *marks, WorkflowVersion.checksum, *taught, sa.case((seen, 1), else_=0).label("seen"))
        .select_from(brought)
        .join(Idea, Idea.id == brought.c.id)
        .outerjoin(Lesson, sa.and_(Lesson.id == newest.correlate(Idea).scalar_subquery(), readable(actor)))
        .join(WorkflowVersion, WorkflowVersion.id == Idea.workflow_version_id)
        .where(
            sa.or_(sa.and_(brought.c.worth > NONE, seen), sa.and_(brought.c.heard > NONE, Lesson.id.is_not(None))),
            Idea.id != sa.bindparam("but"),
        )
        .order_by(sa.case((seen, brought.c.worth), else_=brought.c.heard).desc(), Idea.id.desc())
    )
    if programme_id is not None:
        query = query.where(Idea.programme_id == programme_id)
    return query.limit(COMPARED)


def _weighed(sharing: Callable[..., sa.Select[Any]]) -> sa.Subquery:
    """What the index brings for each word, and what all the words of one are worth together."""
    brought = sa.union_all(
        *(
            sa.select(found.c[0].label("id"), sa.bindparam(f"worth_{at}", type_=sa.Float).label("worth"))
            for at in range(SLOTS)
            for found in [sharing(sa.bindparam(f"word_{at}", type_=sa.String), EACH).subquery()]
        )
    ).subquery()
    return sa.select(brought.c.id, sa.func.sum(brought.c.worth).label("worth")).group_by(brought.c.id).subquery()


# What people have said


def newest_relation(one: int, two: int) -> IdeaRelation | None:
    """What was said last of two ideas, from whichever of them."""
    pair = sa.or_(
        sa.and_(IdeaRelation.idea_id == one, IdeaRelation.other_id == two),
        sa.and_(IdeaRelation.idea_id == two, IdeaRelation.other_id == one),
    )
    return db.session.scalars(sa.select(IdeaRelation).where(pair).order_by(IdeaRelation.id.desc())).first()


class Related(NamedTuple):
    """An idea of which somebody has said how another one stands to it; ``here`` if it was said from that one."""

    reference: str
    title: str
    relation: str
    here: bool
    clinic_id: int | None


def list_related(actor: Actor, idea: Idea) -> list[Related]:
    """How an idea stands to others that the person may see, by what was said last of each two."""
    rows = db.session.connection().execute(sa.union_all(*_related(actor, idea.id))).all()
    newest = sorted(rows, key=lambda row: row.said, reverse=True)
    return [Related(row.reference, row.title, row.relation, row.idea_id == idea.id, row.clinic_id) for row in newest]


def _related(actor: Actor, idea_id: int) -> list[sa.Select[*tuple[Any, ...]]]:
    later = aliased(IdeaRelation)
    same_pair = sa.or_(
        sa.and_(later.idea_id == IdeaRelation.idea_id, later.other_id == IdeaRelation.other_id),
        sa.and_(later.idea_id == IdeaRelation.other_id, later.other_id == IdeaRelation.idea_id),
    )
    holds = ~sa.exists().where(same_pair, later.id > IdeaRelation.id)
    said = (IdeaRelation.id.label("said"), IdeaRelation.relation, IdeaRelation.idea_id)
    ways = ((IdeaRelation.idea_id, IdeaRelation.other_id), (IdeaRelation.other_id, IdeaRelation.idea_id))
    return [
        sa.select(*said, Idea.reference, Idea.title, Idea.clinic_id)
        .join(Idea, Idea.id == theirs)
        .where(mine == idea_id, visible(actor), holds)
        for mine, theirs in ways
    ]
