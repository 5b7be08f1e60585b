"""Answers to warnings that a stop threshold was crossed."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.events import StopWarningAnswered
from innovation.pilots.reading_models import ANSWERS, StopWarning
from workflows import PILOT, Refused


@command(policy.may_answer_stop_warning)
def answer_stop_warning(actor: Actor, warning: StopWarning, *, answer: str, reason: str) -> StopWarning:
    """Let the pilot go on, perhaps with a change, and say why.

    A warning about a site answers for all sites of the indicator and term. When all is answered, the pilot runs again.
    """
    if answer not in ANSWERS or not reason:
        raise Refused(("Say whether the pilot goes on, and why.",))
    pilot = warning.pilot
    hold_row(pilot)  # warnings that are being raised wait, or have been
    together = (StopWarning.indicator_id == warning.indicator_id, StopWarning.term == warning.term)
    alike = StopWarning.site_id.is_(None) if warning.site_id is None else StopWarning.site_id.is_not(None)
    answered = sa.update(StopWarning).where(*together, alike, StopWarning.answered_at.is_(None))
    values = {"answer": answer, "reason": reason, "answered_by_id": actor.person_id, "answered_at": now()}
    result = db.session.execute(answered.values(version=StopWarning.version + 1, **values))
    number = result.rowcount  # type: ignore[attr-defined]
    if number == 0:
        raise Refused(("Somebody else has answered this already.",))
    db.session.refresh(warning)
    record(actor, StopWarningAnswered(pilot.idea_id, pilot.id, warning.id, number, answer))
    facts = queries.facts_of(pilot)
    if pilot.state == "asking" and facts.warnings == 0:
        pilot.state = PILOT.fire(pilot.state, "answer", facts)
    return warning
