"""The run sheet that a new clinic starts with, and the codes of states and steps."""

from __future__ import annotations

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


def run_sheet() -> str:
    """The run sheet as text, one line for each part."""
    return "\n".join(f"{minutes} min  {what}" for minutes, what in RUN_SHEET)
