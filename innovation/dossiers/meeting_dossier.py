"""The dossier of a whole meeting for one person: its papers, and each review on its agenda as they may read it."""

from __future__ import annotations

from innovation import events
from innovation.db import db
from innovation.dossiers import policy
from innovation.dossiers.making import Chain, Dossier, about, reader_in_words
from innovation.dossiers.meeting_pages import sections_of_meeting
from innovation.dossiers.meeting_papers import papers_of
from innovation.dossiers.paper import review_blocks
from innovation.dossiers.queries import MOST_EVENTS, Sitting
from innovation.dossiers.records import Record, review_record
from innovation.events import EventHead
from innovation.gates import queries as gates
from innovation.ideas import policy as ideas_policy
from innovation.ideas import queries as ideas
from innovation.languages import gettext as _
from innovation.meetings import queries as meetings
from innovation.meetings.models import Meeting
from innovation.permission import Actor, NotThere
from innovation.typesetting.blocks import heading, section, table


def make(actor: Actor, meeting_id: int) -> Dossier:
    """The dossier of a meeting as this person may read it now; ``NotThere`` when they do not find it."""
    meeting = meetings.find_meeting(actor, meeting_id)
    sittings, chain = _sittings(actor, meeting), _chain(actor, meeting)
    reference, reader = f"meeting-{meeting.id}", _reader(actor, meeting)
    records: Record = {"dossier": about(reference, reader), "meeting": papers_of(actor, meeting)}
    records["reviews"] = [{"idea": each.review.idea.reference, **review_record(each)} for each in sittings]
    records["left_out"] = _left_out(meeting, sittings, chain)
    sections = sections_of_meeting(records["meeting"])
    blocks = [
        block
        for each, record in zip(sittings, records["reviews"], strict=True)
        for block in (heading(f"{each.review.idea.title} ({each.review.idea.reference})"), *review_blocks(record))
    ]
    sections += [section(_("What the panel had before it"), blocks)] if blocks else []
    rows = [(item["what"], item["why"]) for item in records["left_out"]]
    sections.append(section(_("What is not in this dossier"), table([_("What"), _("Why")], rows)))
    return Dossier(reference, meeting.title, reader, records, sections, chain=chain)


def keys_of(actor: Actor, meeting_id: int) -> set[str]:
    """What the person sees of a meeting, item by item: a dossier that was made holds no more than these open."""
    try:
        meeting = meetings.find_meeting(actor, meeting_id)
    except NotThere:
        return set()
    keys = {"meeting"} | ({"chain"} if _chain(actor, meeting) else set())
    for sitting in _sittings(actor, meeting):
        keys |= {f"marks:{sitting.review.id}"} if not sitting.view.sealed_because else set()
    keys |= {"order"} if meetings.knows_order(actor, meeting) else set()
    for item in meeting.items:
        shown = meetings.relation_to(actor, item)
        keys |= {f"{shown.relation}:{item.id}"} | ({f"hears:{item.id}"} if shown.hears else set())
    return keys


def _reader(actor: Actor, meeting: Meeting) -> str:
    attendee = meeting.attendee_of(actor.person_id)
    staff = [role for role in ("coordinator", "manager") if actor.holds(role, meeting)]
    return reader_in_words(dict.fromkeys([*staff, *([attendee.part] if attendee else [])]))


def _sittings(actor: Actor, meeting: Meeting) -> list[Sitting]:
    """The reviews that are open to the person, in the order in which they may know the agenda."""
    found = []
    for shown in meetings.screen(actor, meeting).items:
        if shown.relation == "full" and shown.review is not None:
            review = gates.find_review(actor, shown.review.id)
            found.append(Sitting(review, gates.panel_view(actor, review)))
    return found


def _chain(actor: Actor, meeting: Meeting) -> Chain | None:
    """Every event of the meeting, for those who run the gate and to whom no item is closed: it tells who voted when.

    Not for a member whose marks are still to come: older ones tell the order by rank as well.
    """
    hears = all(meetings.relation_to(actor, item).hears for item in meeting.items)
    is_open = hears and meetings.owes_nothing(actor, meeting)
    named = all(ideas_policy.may_see_names.allows(actor, item.review.idea) for item in meeting.items)
    if not (is_open and named and policy.may_take_meeting_chain.allows(actor, meeting)):
        return None
    subject = f"meeting:{meeting.id}"
    newest, head = events.list_events(subject, limit=MOST_EVENTS), db.session.get(EventHead, subject)
    return Chain(newest[::-1], head, ideas.names_of(event.actor_id for event in newest)) if newest and head else None


def _left_out(meeting: Meeting, sittings: list[Sitting], chain: Chain | None) -> list[Record]:
    told = [(_("The ideas themselves"), _("Each has a dossier of its own. The ZIP has those that are open to you."))]
    if len(sittings) < len(meeting.items):
        told.append((_("Items that are closed to you"), _("You take no part in them, or have not declared.")))
    if any(sitting.view.sealed_because for sitting in sittings):
        told.append((_("Marks that are sealed to you"), _("They are left out of each review, with the reason there.")))
    told.append((_("Private notes, and declarations of others"), _("They stay with the chair and each member.")))
    if chain is None:
        why = _("It tells when people came and voted. Those read it who run the gate and to whom no item is closed.")
        told.append((_("The chain of events with its checksums"), why))
    return [{"what": what, "why": why} for what, why in told]
