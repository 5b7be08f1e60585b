"""Who is told of visits to the sites of a pilot, and of what is done otherwise there than planned."""

from __future__ import annotations

from innovation.events import Event
from innovation.ideas.models import Idea
from innovation.notifications import messages, recipients
from innovation.notifications.post import Letter, path_to
from innovation.notifications.telling.parts import idea_of, tell, thing_of
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.queries import name_of_site
from innovation.pilots.visit_models import PilotVisit


def tell_visit(event: Event) -> None:
    """The owner; and the coordinators where somebody came to harm, or could have."""
    idea, visit = idea_of(event), thing_of(event, PilotVisit, "visit_id")
    people = {person.id: person for person in recipients.owner(idea)}
    if event.data["harm"]:
        people |= {person.id: person for person in recipients.coordinators(idea)}
    tell(event, "visit", people.values(), _visit_written(idea, visit))


def _visit_written(idea: Idea, visit: PilotVisit) -> Letter:
    """That there was a visit, where and when; what was seen is read on its page."""
    link = path_to("pilots.visit", reference=idea.reference, number=visit.number)
    told = {"idea": idea, "site": name_of_site(visit.site_id), "on": visit.visited_on, "harm": visit.harm}
    return Letter("visit_written", link, told, idea.id)


def tell_core_adaptation(event: Event) -> None:
    """The coordinators, where it touches what the idea cannot do without."""
    if event.data["is_core"]:
        _tell_adaptation(event)


def tell_settled_adaptation(event: Event) -> None:
    _tell_adaptation(event)


def _tell_adaptation(event: Event) -> None:
    idea, adaptation = idea_of(event), thing_of(event, PilotAdaptation, "adaptation_id")
    tell(event, "adaptation", recipients.coordinators(idea), _adaptation_news(idea, adaptation))


def _adaptation_news(idea: Idea, adaptation: PilotAdaptation) -> Letter:
    told = {"number": adaptation.number, "is_core": adaptation.is_core, "act": adaptation.act}
    return messages.about(idea, "adaptation_news", "pilots.adaptations", **told)
