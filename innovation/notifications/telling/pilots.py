"""Who is told of stop thresholds of a pilot that are crossed, and of incidents."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import Event
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from innovation.notifications import messages, pilot_messages, recipients
from innovation.notifications.telling.parts import idea_of, tell, thing_of
from innovation.pilots.incident_models import Incident
from innovation.pilots.incidents import HARM
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


def tell_incident(event: Event) -> None:
    """The owner and the coordinators; with harm also whoever leads the panel that let the pilot begin. Each once."""
    found: Incident = thing_of(event, Incident, "incident_id", Incident.pilot)
    people = [*recipients.owner(found.idea), *recipients.coordinators(found.idea)]
    tell(event, "incident", people, pilot_messages.incident(found, event.kind))
    if found.severity == HARM:
        told = {person.id for person in people}
        chairs = [person for person in _leading(found.idea) if person.id not in told]
        tell(event, "incident", chairs, pilot_messages.incident(found, event.kind, endpoint="pipeline.idea"))


def tell_incident_settled(event: Event) -> None:
    found: Incident = thing_of(event, Incident, "incident_id", Incident.pilot)
    people = {person.id: person for person in (*recipients.team(found.idea), *recipients.coordinators(found.idea))}
    tell(event, "settled", people.values(), pilot_messages.incident(found, event.kind))


def tell_incident_graded(event: Event) -> None:
    """Only where it turned out that somebody came to harm: it is told as if it had been reported so."""
    if event.data["severity"] == HARM:
        tell_incident(event)


def tell_pilot_resumed(event: Event) -> None:
    idea = idea_of(event)
    people = {person.id: person for person in (*recipients.team(idea), *recipients.coordinators(idea))}
    tell(event, "resumed", people.values(), pilot_messages.pilot_resumed(idea))


def _leading(idea: Idea) -> list[Person]:
    """Whoever leads the panel that let the pilot begin."""
    review = _review(idea)
    return recipients.seated(review, [seat.id for seat in review.leading if seat.cleared]) if review else []


def _panel(idea: Idea) -> list[Person]:
    """The members of the last panel whose decision led to where the pilot began; nobody who was recused."""
    review = _review(idea)
    return recipients.seated(review, [seat.id for seat in review.seats if seat.cleared]) if review else []


def _review(idea: Idea) -> Review | None:
    before = {stage.key for stage in idea.definition.stages if stage.moves_on_by}
    gates = [gate.key for gate in idea.definition.gates if gate.leads_to in before]
    query = sa.select(Review).where(Review.idea_id == idea.id, Review.gate_key.in_(gates), Review.state == "decided")
    return db.session.scalars(query.order_by(Review.id.desc()).limit(1)).first()
