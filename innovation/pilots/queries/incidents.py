"""Reading the incidents of a pilot."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import Page, db, paginate
from innovation.gates.queries.on_record import RECORDS, OnRecord
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.incident_models import Incident, IncidentEntry
from innovation.pilots.incidents import HARM, SAFEGUARDING
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.places.models import School

ON_PAGE = 20
MOST_ENTRIES = 200


class Listed(NamedTuple):
    """An incident as lists show it: without a word of what happened; ``number`` is that of its pilot."""

    incident: Incident
    place: str
    number: int


def find_incident(actor: Actor, pilot: Pilot, incident_id: int) -> Incident:
    """An incident of the pilot, or of an earlier one of its idea, for whoever may read it."""
    load = (joinedload(Incident.pilot).joinedload(Pilot.idea), joinedload(Incident.site))
    found = db.session.get(Incident, incident_id, options=load)
    if found is None or found.idea_id != pilot.idea_id or not policy.may_see_incidents.allows(actor, pilot):
        raise NotThere
    return found


def list_incidents(pilot: Pilot, *, state: str = "", page: int = 1) -> Page[Listed]:
    """Those that are not settled first, the newest before the others; what an earlier pilot of the idea has left
    unsettled is still to be settled."""
    name = sa.func.coalesce(School.name, PilotSite.place, "")
    columns: Any = (Incident, name, Pilot.number)
    query: sa.Select[Any] = sa.select(*columns).join(Pilot, Pilot.id == Incident.pilot_id)
    query = query.outerjoin(PilotSite, PilotSite.id == Incident.site_id)
    query = query.outerjoin(School, School.emis == PilotSite.emis).where(Pilot.idea_id == pilot.idea_id)
    if state:
        query = query.where(Incident.state == state)
    found = paginate(
        query.order_by(Incident.state != "open", Incident.id.desc()), page=page, size=ON_PAGE, scalars=False
    )
    return Page([Listed(*row) for row in found.items], found.number, found.size, found.counted, found.has_next)


def list_entries(incidents: Collection[Incident]) -> dict[int, list[IncidentEntry]]:
    """What was added to each of them, in the order in which it was."""
    found: dict[int, list[IncidentEntry]] = {each.id: [] for each in incidents}
    query = sa.select(IncidentEntry).where(IncidentEntry.incident_id.in_(found)).order_by(IncidentEntry.id)
    for entry in db.session.scalars(query.limit(MOST_ENTRIES * max(len(found), 1))):
        found[entry.incident_id].append(entry)
    return found


def place_of(incident: Incident) -> str:
    """The name of the site where it happened, if one was named."""
    site = incident.site
    school = db.session.get(School, site.emis) if site and site.emis else None
    return school.name if school else site.place if site else ""


def count_harm(pilot: Pilot) -> int:
    """How many incidents in which somebody came to harm are not settled."""
    harmed = (Incident.pilot_id == pilot.id, Incident.severity == HARM, Incident.state == "open")
    return db.session.scalar(sa.select(sa.func.count()).where(*harmed)) or 0


class Grave(NamedTuple):
    """Incidents of harm or safeguarding in all pilots of an idea, and how many of them are not settled."""

    number: int
    unsettled: int


def count_grave(idea: Idea) -> Grave:
    """What the next gate asks for, in one question."""
    grave = sa.or_(Incident.severity == HARM, Incident.kind == SAFEGUARDING)
    query = sa.select(sa.func.count(), sa.func.count().filter(Incident.state == "open"))
    row = db.session.execute(query.join(Pilot, Pilot.id == Incident.pilot_id).where(Pilot.idea_id == idea.id, grave))
    return Grave(*row.one())


def on_record(idea: Idea) -> OnRecord:
    """Whether every harm and every safeguarding incident is settled, by what was reported."""
    found = count_grave(idea)
    if not found.number:
        return OnRecord("yes", str(_("No incident of harm or safeguarding was reported in the pilot.")))
    reported = ngettext(
        "%(num)d incident of harm or safeguarding was reported",
        "%(num)d incidents of harm or safeguarding were reported",
        found.number,
    )
    if found.unsettled:
        said = _("%(reported)s; %(open)s not settled.", reported=reported, open=found.unsettled)
        return OnRecord("no", str(said))
    return OnRecord("yes", str(_("%(reported)s, and all are settled.", reported=reported)))


RECORDS["harm"] = on_record


def list_all(pilot: Pilot, most: int = 100) -> list[Incident]:
    """The incidents in the order in which they happened."""
    query = sa.select(Incident).where(Incident.pilot_id == pilot.id).order_by(Incident.happened_on, Incident.id)
    return list(db.session.scalars(query.limit(most)))
