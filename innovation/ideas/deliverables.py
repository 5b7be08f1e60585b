"""Deliverables in their versions: the way of a version, and what one holds, ready to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from innovation.ideas.canvas import text_of
from innovation.values import dataclass
from workflows import Deliverable, Step, Workflow

HANDIN: Workflow[str] = Workflow(
    "deliverable",
    initial="handed_in",
    steps=[
        Step("accept", "handed_in", "accepted"),
        Step("return", "handed_in", "returned"),
        Step("return", "accepted", "returned"),
    ],
)


@dataclass(frozen=True)
class Part:
    """One part of what was made from a pilot, as it was when it was handed in.

    One that is ``inside`` is for those who decide and for the team alone: no funder ever reads it.
    """

    title: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    inside: bool = False


@dataclass(frozen=True)
class Content:
    """What a version holds: a text, rows under headings, questions with answers, an address, or parts made for it."""

    text: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    link: str = ""
    parts: tuple[Part, ...] = ()


def content_of(deliverable: Deliverable, content: Mapping[str, Any]) -> Content:
    """The content of a version as everybody reads it to whom it is shown."""
    whole = content_inside(deliverable, content)
    return replace(whole, parts=tuple(part for part in whole.parts if not part.inside))


def content_inside(deliverable: Deliverable, content: Mapping[str, Any]) -> Content:
    """The content of a version for the team, those who run the programme, and the panel."""
    if deliverable.kind == "table":
        columns = deliverable.columns
        rows = tuple(tuple(text_of(c, row.get(c.key)) for c in columns) for row in content.get("rows", []))
        return Content(headings=tuple(column.name for column in columns), rows=rows)
    if deliverable.kind == "form":
        given = content.get("answers", {})
        answers = ((q.question, text_of(q, given.get(q.key))) for q in deliverable.questions)
        return Content(answers=tuple((question, answer) for question, answer in answers if answer))
    parts = tuple(
        Part(
            each["title"],
            tuple(each["headings"]),
            tuple(map(tuple, each["rows"])),
            tuple(each["notes"]),
            each.get("inside", False),
        )
        for each in content.get("parts", ())
    )
    return Content(text=content.get("text", ""), link=content.get("link", ""), parts=parts)


def total_of(deliverable: Deliverable, content: Mapping[str, Any]) -> int | None:
    """The sum of the last money column in cents; None for a table without money."""
    money = [column.key for column in deliverable.columns if column.type == "money"]
    return sum(row.get(money[-1]) or 0 for row in content.get("rows", [])) if money else None
