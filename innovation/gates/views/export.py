"""The list of reviews as a file: without marks, or with the panel's means where the reader may see every mark in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from innovation.exports import Asked, Line, Listing, listing
from innovation.gates import queries
from innovation.gates.forms import STATE_NAMES
from innovation.gates.models import Review
from innovation.gates.queries import PanelView, ReviewFilters
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.tables import Columns
from innovation.web import today

SEALED = "sealed"  # a line where some mark is sealed to the reader: then no line has one, and a column says which it is
MARK = "mean: "


def _ids(actor: Actor, asked: Asked, most: int) -> list[int]:
    return queries.list_review_ids(actor, ReviewFilters(**asked["filters"]), today=today(), limit=most)


def _lines(actor: Actor, ids: Sequence[int], asked: Asked) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not asked["scores"]:
        yield from ((review.id, _line(review)) for review in queries.reviews_by_id(actor, ids))
        return
    for review, view in queries.reviews_with_views(actor, ids):
        yield review.id, _line(review) | _scores(review, view)


def _still(actor: Actor, lines: Sequence[Line], asked: Asked) -> Iterator[Line]:
    """A line goes with its review; marks that have closed since go from theirs, and with that from every line."""
    ids = [review_id for review_id, _cells in lines]
    listed = queries.reviews_still_in_sight(actor, ids)
    marked = queries.reviews_with_open_marks(actor, ids) if asked["scores"] else set()
    for review_id, cells in lines:
        if review_id in listed:
            yield review_id, cells if review_id in marked or not asked["scores"] else _without_marks(cells)


def _without_marks(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {key: cell for key, cell in cells.items() if not key.startswith(MARK)} | _sealed()


def _columns(_asked: Asked, lines: Iterable[Mapping[str, Any]]) -> Columns:
    """The columns of the list, and one for each criterion that some panel marked or where something is sealed."""
    marked: dict[str, None] = {}
    for line in lines:
        if SEALED in line:
            return [*_plain_columns(), (SEALED, _("Scores, left out of every line"))]
        marked |= dict.fromkeys(key for key in line if key.startswith(MARK))
    return [*_plain_columns(), *((key, key.removeprefix(MARK)) for key in marked)]


def _plain_columns() -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference")),
        ("title", _("Idea")),
        ("gate", _("Gate")),
        ("round", _("Round")),
        ("state", _("State")),
        ("panel", _("Panel")),
        ("due", _("Decide by")),
        ("outcome", _("Outcome")),
        ("decided", _("Decided on")),
    ]


def _line(review: Review) -> dict[str, Any]:
    """A review as a line of an export, without marks."""
    decision = review.decision
    definition = review.idea.definition
    return {
        "reference": review.idea.reference,
        "title": review.idea.title,
        "gate": _(review.gate.name),
        "round": review.round,
        "state": str(STATE_NAMES[review.state]),
        "panel": review.panel.name if review.panel else "",
        "due": review.due_on,
        "outcome": _(definition.outcome(decision.outcome).label) if decision else "",
        "decided": review.closed_at.date() if decision and review.closed_at else None,
    }


def _scores(review: Review, view: PanelView | None) -> dict[str, Any]:
    """The panel's total and its mean for each criterion, by headings that name the gate; or that they are sealed."""
    result = view.result if view is not None else None
    if result is None:
        return _sealed()
    gate = _(review.gate.name)
    total = {f"{MARK}{_('Total of 100')}": _rounded(result.total)}
    names = {criterion.key: _(criterion.name) for criterion in review.gate.should}
    means = {item.criterion_key: _rounded(item.mean) for item in result.criteria}
    return total | {f"{MARK}{gate}: {name}": means.get(key) for key, name in names.items()}


def _sealed() -> dict[str, Any]:
    return {SEALED: _("sealed to you")}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


REVIEWS = listing(
    Listing(
        "reviews",
        lazy_gettext("Reviews"),
        _ids,
        _lines,
        _columns,
        _still,
        looks_at_lines=True,
    )
)
