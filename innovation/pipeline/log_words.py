"""What an event says, as people read it: names for ids, words for codes; ids that name nothing are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

import sqlalchemy as sa

from innovation.accounts.forms import ROLE_NAMES
from innovation.accounts.models import Person
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.events import Event
from innovation.funders.models import Funder
from innovation.gates.forms import ROLE_NAMES as SEAT_NAMES
from innovation.ideas.models import Idea
from innovation.ideas.queries import visible
from innovation.languages import gettext as _
from innovation.meetings.models import Meeting
from innovation.permission import Actor
from innovation.pipeline.together import ask, part
from innovation.places.models import District
from innovation.programmes.models import Programme, Region, WorkflowVersion
from innovation.values import dataclass
from workflows import Definition

PEOPLE = ("person_id", "owner_id", "to_id")
KINDS: dict[str, tuple[Any, Any]] = {
    "person": (Person.id, Person.name),
    "clinic": (Clinic.id, Clinic.title),
    "funder": (Funder.id, Funder.name),
    "meeting": (Meeting.id, Meeting.title),
    "region": (Region.id, Region.name),
    "district": (District.id, District.name),
    "programme": (Programme.id, Programme.name),
    "workflow_version": (WorkflowVersion.id, WorkflowVersion.name),
}


@dataclass(frozen=True)
class Subject:
    """What a chain of events is about; ``reference`` where the reader may open the idea."""

    text: str
    title: str = ""
    reference: str = ""
    definition: Definition | None = None


@dataclass
class Names:
    """The names that the events of one page need."""

    subjects: dict[str, Subject] = field(default_factory=dict)
    known: dict[tuple[str, int], str] = field(default_factory=dict)

    def subject(self, event: Event) -> Subject:
        found = self.subjects.get(event.subject)
        return found or Subject(plain(event.subject.partition(":")[0]))


def read_names(actor: Actor, events: Sequence[Event]) -> Names:
    """The names for a page of events: two queries for any number of them."""
    wanted: dict[str, set[int]] = {}
    for event in events:
        kind, _sep, number = event.subject.partition(":")
        asked = [(kind, number), *((_kind_of(key, event), value) for key, value in event.data.items())]
        for name, value in asked:
            if (name in KINDS or name == "idea") and str(value).isdigit():
                wanted.setdefault(name, set()).add(int(value))
    ideas = wanted.pop("idea", set())
    parts = [part(k, KINDS[k][0], KINDS[k][1]).where(KINDS[k][0].in_(ids)) for k, ids in wanted.items()]
    known = {(kind, each.number): each.text for kind, answers in ask(parts).items() for each in answers}
    names = Names({f"{kind}:{number}": Subject(text) for (kind, number), text in known.items()}, known)
    for subject, found in _ideas(actor, ideas):
        names.subjects[subject] = found
        if found.reference:
            names.known["idea", int(subject.partition(":")[2])] = found.text
    return names


def _ideas(actor: Actor, ids: Iterable[int]) -> Iterator[tuple[str, Subject]]:
    query = (
        sa.select(Idea.id, Idea.reference, Idea.title, visible(actor), WorkflowVersion)
        .join(WorkflowVersion, WorkflowVersion.id == Idea.workflow_version_id)
        .where(Idea.id.in_(list(ids)))
    )
    for idea_id, reference, title, opens, version in db.session.execute(query):
        yield f"idea:{idea_id}", Subject(reference, title, reference if opens else "", version.definition)


def _kind_of(key: str, event: Event) -> str:
    """What kind of thing the id under a key is."""
    if key == "from_id":
        return "idea" if event.kind == "idea_joined" else "person"
    return "person" if key in PEOPLE else key.removesuffix("_id")


# Words


def facts_in_words(event: Event, names: Names) -> list[tuple[str, str]]:
    """What an event holds, each with its label; its own subject is not said again."""
    found = []
    for key, value in event.data.items():
        if event.subject == f"{key.removesuffix('_id')}:{value}" or value in (None, [], ""):
            continue
        said = _said(key, value, event, names)
        if said:
            found.append((label_of(key), said))
    return found


def label_of(key: str) -> str:
    labels: Mapping[str, str] = {
        "person_id": _("Person"),
        "owner_id": _("Owner"),
        "from_id": _("From"),
        "to_id": _("To"),
        "gate_key": _("Gate"),
        "quorum": _("Quorum reached"),
        "notice_version": _("Version of the notice"),
        "made": _("New"),
        "changed": _("Changed"),
        "left": _("Left"),
        "unmapped": _("Without a district"),
        "sites": _("Sites"),
        "fields": _("What was changed"),
        "which": _("List"),
        "upto": _("Up to event"),
        "faults": _("Faults"),
        "first": _("First event that does not fit"),
        "seal": _("First seal that does not fit"),
    }
    return labels.get(key) or plain(key.removesuffix("_id").removesuffix("_code"))


def _said(key: str, value: Any, event: Event, names: Names) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if key.endswith("_id"):
        return names.known.get((_kind_of(key, event), value), "")
    if key.endswith("_ids") or key in ("checksum", "instead_of"):
        return ""
    if isinstance(value, list):
        return ", ".join(plain(str(item)) for item in value)
    if isinstance(value, int):
        return str(value)
    return _code(key, str(value), names.subject(event).definition)


def _code(key: str, value: str, definition: Definition | None) -> str:
    """A code in the words of the idea's own process, where it has some for it."""
    if key == "role":
        return str(ROLE_NAMES.get(value) or SEAT_NAMES.get(value) or plain(value))
    naming: dict[str, Callable[[Definition], str]] = {
        "gate_key": lambda process: process.gate(value).name,
        "place": lambda process: process.place(value).name,
        "outcome": lambda process: process.outcome(value).label,
        "deliverable": lambda process: process.deliverable(value).name,
        "track": lambda process: next(track.name for track in process.tracks if track.key == value),
    }
    if definition is None or key not in naming:
        return plain(value)
    try:
        return str(_(naming[key](definition)))
    except (KeyError, StopIteration):  # a code of another version of the process
        return plain(value)


def kind_in_words(kind: str) -> str:
    """What an event is called in the record."""
    register: Mapping[str, str] = {
        "schools_imported": _("Register imported"),
        "schools_mapped": _("Places of the register given a district"),
    }
    return register.get(kind) or plain(kind)


def plain(code: str) -> str:
    """A code as words: ``gate_decided`` is "Gate decided"."""
    return code.replace("_", " ").replace("-", " ").strip().capitalize()
