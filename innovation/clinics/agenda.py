"""The run sheet that a new clinic starts with, and the codes of states and steps."""

from __future__ import annotations

import re

from innovation.values import dataclass

# Minutes and what happens: a day of about four hours that ends with an owner for every idea.
RUN_SHEET = (
    (15, "Welcome, and the notice on personal information"),
    (20, "The challenge: how might we ..?"),
    (20, "Everybody writes ideas alone"),
    (15, "Cluster the ideas"),
    (10, "Silent dots"),
    (60, "Idea canvas in teams of three to five"),
    (30, "Coaches go round"),
    (30, "Pitches of two minutes"),
    (10, "Second vote, on a scale of one to five"),
    (15, "Owners commit to a next step"),
)
STATES = ("planned", "open", "voting", "closed", "reported")
EDITABLE = ("planned", "open")
STANDS = ("open", "voting")  # while the room is together


def run_sheet() -> str:
    """The run sheet as text, one line for each part."""
    return "\n".join(f"{minutes} min  {what}" for minutes, what in RUN_SHEET)


@dataclass(frozen=True)
class Step:
    """A part of the day; no minutes where the agenda says none."""

    minutes: int
    what: str


TIMED = re.compile(r"(\d{1,3})\s*(?:minutes|min|m)\b\.?:?\s*(\S.*)")
MOST_STEPS = 60


def steps_of(text: str) -> list[Step]:
    """The parts of a run sheet, one a line, such as ``15 min  Welcome``."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:MOST_STEPS]
    found = [(TIMED.fullmatch(line), line) for line in lines]
    return [Step(int(hit[1]), hit[2].strip()) if hit else Step(0, line) for hit, line in found]
