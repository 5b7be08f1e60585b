"""Rows of ideas, as the pipeline, one's own work and a search list them: plain columns, and nothing is loaded later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.clinics.models import Clinic
from innovation.db import MOST_PAGES, Page, now, page_of
from innovation.gates import queries as gates
from innovation.gates.models import Decision
from innovation.ideas import queries as ideas
from innovation.ideas import search
from innovation.ideas.models import Idea
from innovation.ideas.queries import Filters
from innovation.permission import Actor
from innovation.places.models import District
from innovation.programmes import definitions
from innovation.programmes.models import Theme, Topic, WorkflowVersion
from innovation.statements import ask, worded
from innovation.traces import look
from workflows import Definition, Gate, Stage, State

AT_ONCE = 1000
SIZE = 20  # of a page


@dataclass(frozen=True, slots=True)
class Row:
    """An idea as its row shows it, with its clinic and how far its open review is, where it has one.

    Its lists stay the JSON that they were read as, so that rows which show the same are the same to a memo.
    """

    id: int
    reference: str
    title: str
    phases_told: str
    place: str
    standing: str
    track: str
    place_since: dt.datetime
    due_on: dt.date | None
    held_until: dt.date | None
    checksum: str
    theme: str | None
    topic: str | None
    district: str | None
    clinic: str | None
    clinic_on: dt.date | None
    referral_told: str | None
    review_id: int | None
    submitted: int
    expected: int
    quorum: int
    undeclared: int

    @property
    def phases(self) -> list[str]:
        return list(json.loads(self.phases_told))

    @property
    def referral(self) -> dict[str, Any]:
        return dict(json.loads(self.referral_told or "{}") or {})

    @property
    def definition(self) -> Definition:
        return definitions.of(self.checksum)

    @property
    def state(self) -> State:
        return State(self.place, self.standing)

    @property
    def where(self) -> Stage | Gate:
        return self.definition.place(self.place)

    @property
    def days_here(self) -> int:
        return look(lambda: max(0, (now() - self.place_since).days))


def list_rows(
    actor: Actor, filters: Filters, *, sort: str, page: int, counted: int, found: Sequence[int] | None = None
) -> Page[Row]:
    """One page of the ideas that the person may see, of which there are ``counted``: one query.

    ``found`` are the ids of the page, and of one idea more, where they are known.
    """
    number = max(1, min(page, MOST_PAGES))
    if found is not None:
        return page_of(rows_of(found), number, SIZE, counted, limit=search.CANDIDATES)
    return page_of(_first(actor, filters, sort, SIZE + 1, (number - 1) * SIZE), number, SIZE, counted)


def _first(actor: Actor, filters: Filters, sort: str, most: int, before: int) -> list[Row]:
    return [Row(*row) for row in ask(_listed(actor, filters, sort, most), {"before": before})]


@worded
def _listed(actor: Actor, by: Filters, sort: str, most: int) -> sa.Select[*tuple[Any, ...]]:
    return _rows(ideas.page_ids(actor, by, sort, most)).order_by(*ideas.row_order(sort))


def rows_of(listed: Sequence[int]) -> list[Row]:
    """The rows of these ideas, in the same order: one query for each thousand of them."""
    starts = range(0, len(listed), AT_ONCE)
    found = {row.id: row for start in starts for row in _some(listed[start : start + AT_ONCE])}
    return [found[idea_id] for idea_id in listed]


def _some(listed: Sequence[int]) -> Iterable[Row]:
    return (Row(*row) for row in ask(_of_ids(), {"ids": list(listed)}))


@lru_cache(maxsize=1)
def _of_ids() -> sa.Select[*tuple[Any, ...]]:
    return _rows(sa.select(Idea.id).where(Idea.id.in_(sa.bindparam("ids", expanding=True))))


def _rows(ids: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    """What ``Row`` holds of the ideas with these ids, which are found once."""
    listed = ids.cte("listed")
    progress = gates.progress_query(sa.select(listed.c.id)).subquery()
    last = sa.and_(Idea.standing == "referred", Decision.id == gates.last_decision_id(), Decision.outcome == "refer")
    phases, referral = (sa.cast(told, sa.Text()) for told in (Idea.phases, Decision.details))
    own = (Idea.id, Idea.reference, Idea.title, phases, Idea.place, Idea.standing, Idea.track, Idea.place_since)
    beside = (Theme.name, Topic.name, District.name, Clinic.title, Clinic.starts_on, referral)
    review = (progress.c.id, progress.c.submitted, progress.c.expected, progress.c.quorum, progress.c.undeclared)
    return (
        sa.select(*own, Idea.due_on, Idea.held_until, WorkflowVersion.checksum, *beside, *review)
        .select_from(listed)  # first: of many tables PostgreSQL joins the first ones in their order
        .join(Idea, Idea.id == listed.c.id)
        .join(WorkflowVersion, WorkflowVersion.id == Idea.workflow_version_id)
        .outerjoin(Theme, Theme.id == Idea.theme_id)
        .outerjoin(Topic, Topic.id == Idea.topic_id)
        .outerjoin(District, District.id == Idea.district_id)
        .outerjoin(Clinic, Clinic.id == Idea.clinic_id)
        .outerjoin(Decision, last)
        .outerjoin(progress, progress.c.idea_id == Idea.id)
    )
