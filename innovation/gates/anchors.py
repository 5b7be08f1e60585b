"""What each mark of a criterion stands for, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from innovation.languages import gettext as _
from workflows import Criterion, Mark


class Step(NamedTuple):
    """A mark on the scale of a criterion; ``line`` says what it stands for."""

    label: str
    worth: float | None
    line: str


def scale_of(criterion: Criterion, marks: Iterable[Mark]) -> dict[str, Step]:
    """Every mark by its value as a form sends it, and "na" for what does not apply."""
    steps = {str(mark.value): Step(mark.label, mark.worth, _line(criterion, mark)) for mark in marks}
    return steps | {"na": Step("", None, _("Does not apply: left out of the total"))}


def _line(criterion: Criterion, mark: Mark) -> str:
    """The anchor of the mark, or those on either side of it."""
    anchors = {anchor.value: _(anchor.text) for anchor in criterion.anchors}
    below = next((anchors[value] for value in sorted(anchors, reverse=True) if value < mark.value), "")
    above = next((anchors[value] for value in sorted(anchors) if value > mark.value), "")
    told = anchors.get(mark.value) or (_(mark.anchor) if mark.anchor else "")
    if not told and below and above:
        told = _("Between “%(below)s” and “%(above)s”", below=below, above=above)
    return f"{mark.value} · {told or below or above}"
