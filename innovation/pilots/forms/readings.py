"""The page for typing readings: a box for each indicator and site, and the answer to a stop warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

import wtforms
from flask import request

from innovation.db import whole_number
from innovation.forms import Form, at_most, choices, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.reading_texts import Unclear, measured_in, shown
from innovation.pilots.saying import ANSWER_NAMES
from innovation.pilots.writing import Cell, CellsMoved, Measured, Standing
from innovation.values import dataclass
from workflows import Refused

PARTS = ("value", "learners", "spread")
MOST_BOXES = 500


@dataclass
class Box:
    """What is typed for one cell: its three texts, and the reading that the page showed in it."""

    cell: Cell
    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(PARTS, ""))
    seen: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.cell.indicator_id}-{self.cell.site_id}"


class ReadingsForm(Form):
    """The boxes of a page. Only those count whose texts say something else than the reading that was shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes: dict[tuple[int, int], Box] = {}
        self.given: dict[Cell, Measured | None] = {}
        self.shown: Mapping[int, Measured] = {}

    def take(self, term: str) -> None:
        """The boxes as they were sent."""
        for name in request.form:
            part, _dash, rest = name.partition("-")
            indicator, _dash, site = rest.partition("-")
            ids = whole_number(indicator), whole_number(site)
            if part == "value" and None not in ids and len(self.boxes) < MOST_BOXES:
                texts = {each: request.form.get(f"{each}-{rest}", "")[:40] for each in PARTS}
                cell = Cell(ids[0] or 0, ids[1] or 0, term)
                self.boxes[cell[:2]] = Box(cell, texts, whole_number(request.form.get(f"seen-{rest}", "")))

    def show(self, cells: Iterable[Cell], there: Mapping[Cell, Standing]) -> None:
        """The boxes as the readings stand; what was typed stays, and is sent again against what stands now."""
        for cell in cells:
            standing = there.get(cell)
            box = self.boxes.setdefault(cell[:2], Box(cell, _texts(standing.measured if standing else None)))
            box.seen = standing.id if standing else None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        for box in self.boxes.values():
            try:
                measured = measured_in(*(box.texts[part] for part in PARTS))
            except Unclear as unclear:
                box.errors[unclear.part] = str(unclear)
                continue
            if measured != (self.shown.get(box.seen) if box.seen else None):
                self.given[box.cell] = measured
        return not any(box.errors for box in self.boxes.values())

    def details(self) -> dict[str, Any]:
        return {"given": self.given, "seen": {box.cell: box.seen for box in self.boxes.values()}}

    def refuse(self, refused: Refused, status: int) -> None:
        super().refuse(refused, status)
        if isinstance(refused, CellsMoved):
            for cell in refused.cells:
                told = _("Somebody else has changed this meanwhile. Send it again to replace what stands now.")
                self.boxes[cell[:2]].errors["value"] = told

    @property
    def faulty(self) -> list[Box]:
        return [box for box in self.boxes.values() if box.errors]


def _texts(measured: Measured | None) -> dict[str, str]:
    if measured is None:
        return dict.fromkeys(PARTS, "")
    return {part: shown(getattr(measured, part)) for part in PARTS}


class AnswerForm(Form):
    answer = wtforms.RadioField(
        lazy_gettext("Does the pilot go on?"), required(), choices=choices(ANSWER_NAMES.items())
    )
    reason = wtforms.TextAreaField(
        lazy_gettext("Why"),
        [*required(), at_most(1000)],
        filters=[strip],
        description=lazy_gettext("With a change: what is done otherwise from now on."),
    )
