"""Who is told when a stop threshold of a pilot is crossed, and when somebody has answered for it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import Event
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from innovation.notifications import messages, recipients
from innovation.notifications.telling.parts import idea_of, tell
from innovation.pilots.reading_models import StopWarning


def tell_stop_warning(event: Event) -> None:
    """The owner and the coordinators, and the panel that let the pilot begin: each of them once."""
    idea, warnings = idea_of(event), _warnings(event.data["warning_ids"])
    people = [*recipients.owner(idea), *recipients.coordinators(idea)]
    tell(event, "stop", people, messages.stop_warning(idea, warnings, event.kind))
    told = {person.id for person in people}
    panel = [person for person in _panel(idea) if person.id not in told]
    tell(event, "stop", panel, messages.stop_warning(idea, warnings, event.kind, endpoint="pipeline.idea"))


def tell_stop_answer(event: Event) -> None:
    idea, warnings = idea_of(event), _warnings([event.data["warning_id"]])
    tell(event, "answer", recipients.team(idea), messages.stop_warning(idea, warnings, event.kind))


def _warnings(ids: list[int]) -> list[StopWarning]:
    query = sa.select(StopWarning).where(StopWarning.id.in_(ids)).order_by(StopWarning.id)
    return list(db.session.scalars(query.options(joinedload(StopWarning.indicator))))


def _panel(idea: Idea) -> list[Person]:
    """The members of the last panel whose decision led to where the pilot began; nobody who was recused."""
    before = {stage.key for stage in idea.definition.stages if stage.moves_on_by}
    gates = [gate.key for gate in idea.definition.gates if gate.leads_to in before]
    query = sa.select(Review).where(Review.idea_id == idea.id, Review.gate_key.in_(gates), Review.state == "decided")
    review = db.session.scalars(query.order_by(Review.id.desc()).limit(1)).first()
    return recipients.seated(review, [seat.id for seat in review.seats if seat.cleared]) if review else []
