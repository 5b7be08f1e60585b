"""What a process says of the way into the system: what is marked again and again, and when it is looked at anew."""

from __future__ import annotations

from dataclasses import dataclass

from .tables import Table

SOONER = 6


@dataclass(frozen=True)
class Tracker:
    """The should-meets of ``gate`` are marked on its scale from the stage before it on, for as long as the idea lives.

    The first review comes when the stage says (``review_months``), and ``sooner_months`` after one that found the
    idea at risk.
    """

    gate: str
    sooner_months: int = SOONER


def read_tracker(table: Table) -> Tracker | None:
    """What the definition says in ``tracker``; a process that says nothing has none."""
    if table.absent("tracker"):
        return None
    inner = table.table("tracker")
    tracker = Tracker(inner.text("gate"), inner.whole("sooner_months", default=SOONER))
    inner.close()
    return tracker
