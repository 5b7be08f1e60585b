"""What the cells of a row of ideas say, in the reader's language: the template only sets them in their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from innovation.fragments import kept
from innovation.languages import gettext as _
from innovation.pipeline import line
from innovation.pipeline.rows import Row
from innovation.pipeline.steps import next_step
from innovation.web import day, today
from workflows import Definition

Snippet = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Cells:
    """One row; empty texts say that there is nothing."""

    url: str
    title: str
    under: str
    line: Markup
    clinic: str
    clinic_day: str
    step: str
    tone: str
    days: str
    due: str
    overdue: bool
    snippet: Snippet = ()


def cells(rows: Iterable[Row], snippets: Iterable[Snippet] = ()) -> list[Cells]:
    """The rows as they are shown; a search gives each one the words in which it was found."""
    present, beside = today(), iter(snippets)
    return [
        _cells(row, row.days_here, row.due_on is not None and row.due_on < present, tuple(next(beside, ())))
        for row in rows
    ]


@kept
def _cells(row: Row, days_here: int, is_late: bool, snippet: Snippet) -> Cells:
    step = next_step(row)
    return Cells(
        url=url_for("pipeline.idea", reference=row.reference),
        title=row.title,
        under=" · ".join(filter(None, (subject_of(row), phases_of(row.definition, row.phases), row.district))),
        line=line.tiny(row.definition, row.state, row.track, where(row)),
        clinic=row.clinic or "",
        clinic_day=day(row.clinic_on),
        step=step.text,
        tone=step.tone,
        days=str(days_here),
        due=day(row.due_on) if row.due_on else "",
        overdue=row.standing == "active" and is_late,
        snippet=snippet,
    )


def where(row: Row) -> str:
    """Where an idea is, as a picture of its line is read aloud."""
    number, steps = row.definition.place_index(row.place) + 1, len(row.definition.places)
    return _("%(place)s, step %(n)s of %(all)s", place=_(row.where.short), n=number, all=steps)


def phases_of(definition: Definition, phases: Sequence[str]) -> str:
    """The phases without what their names explain in brackets."""
    if len(phases) > 3:
        return _("All phases")
    return ", ".join(_(definition.phase_name(key)).split(" (")[0] for key in phases)


def subject_of(row: Row) -> str:
    """What the idea is about: its topic, or its theme where it has none."""
    about = row.topic or row.theme
    return _(about) if about else ""
