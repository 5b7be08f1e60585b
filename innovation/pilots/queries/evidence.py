"""The level of evidence that an idea's pilot has really reached."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.models import Handin, Idea, Revision
from innovation.ideas.readiness import unanswered
from innovation.pilots.effects import Effect
from innovation.pilots.evidence import Done, Worked, work_out
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.results import Results, main_effect

PLACES_OF_OTHERS: list[Callable[[Idea], int]] = []
"""Each says how many places others run the idea at; whoever knows of some, above this area, adds itself."""


def work_out_evidence(pilot: Pilot, known: Results | None = None) -> Worked:
    """Worked out from what was measured, and from what was handed in and accepted; ``known`` has been read already."""
    is_main = known is not None and known.page == 1 and known.effects and known.term in known.terms[:1]
    effect = known.effects[0] if known and is_main else main_effect(pilot)
    return work_out(pilot.idea.definition.evidence_levels, _done(pilot.idea, effect))


def places_of_others(idea: Idea) -> int:
    """At how many places others run the idea."""
    return sum(count(idea) for count in PLACES_OF_OTHERS)


def _done(idea: Idea, effect: Effect | None) -> Done:
    return Done(effect, _accepted(idea), places_of_others(idea))


def _accepted(idea: Idea) -> frozenset[str]:
    """The deliverables of which a version has been accepted, and the fields of the canvas that have an answer."""
    handed_in = sa.select(Handin.deliverable).where(Handin.idea_id == idea.id, Handin.state == "accepted").distinct()
    newest = sa.select(Revision.answers).where(Revision.idea_id == idea.id, Revision.number == idea.revision_number)
    answers = db.session.scalar(newest) or {}
    empty = {field.key for field in unanswered(idea.definition.canvas, answers)}
    return frozenset(db.session.scalars(handed_in)) | {f.key for f in idea.definition.canvas if f.key not in empty}
