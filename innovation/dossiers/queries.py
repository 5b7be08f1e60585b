"""Everything about an idea that one person may read, found by the queries that its pages ask, and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

import sqlalchemy as sa

from innovation import events
from innovation.db import db
from innovation.dossiers.meeting_papers import Record, keys_about, meeting_papers
from innovation.events import Event, EventHead
from innovation.funders import policy as funders_policy
from innovation.funders import queries as funders
from innovation.funders.models import Interest
from innovation.gates import queries as gates
from innovation.gates.models import Condition, Decision, Ending, Review
from innovation.gates.queries import PanelView
from innovation.ideas import policy as ideas_policy
from innovation.ideas import queries as ideas
from innovation.ideas.models import Ask, Attachment, Consent, Handin, Idea, Revision
from innovation.permission import Actor, NotThere
from innovation.pipeline import timeline
from innovation.pipeline.together import ask
from innovation.pipeline.whole import Whole, find_whole
from innovation.values import dataclass

MOST_EVENTS = 5_000
MOST_NOTICES = 500
ALL_AUDIENCES = {"everyone", "team", "panel", "staff"}
# The inbox is an area above this one: its table is read by name.
NOTICE = sa.table("notice", *(sa.column(name) for name in ("id", "person_id", "idea_id", "subject", "text")))
NOTICE_AT = sa.column("made_at", events.Event.at.type, _selectable=NOTICE)


@dataclass(frozen=True)
class Sitting:
    """A review with what ``panel_view`` shows the reader of it."""

    review: Review
    view: PanelView


@dataclass(frozen=True)
class LeftOut:
    """Something that a dossier may hold and this one does not, and why."""

    what: str
    why: str
    where: str = ""


@dataclass
class Contents:
    """An idea as one person may read it. Empty parts were either not there or are named in ``left_out``."""

    whole: Whole
    roles: list[str]
    personal: bool
    revisions: list[tuple[Revision, str]]
    handins: list[Handin]
    files: list[Attachment]
    asks: list[Ask]
    names: dict[int, str]
    consents: list[Consent] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    ending: Ending | None = None
    interests: list[Interest] = field(default_factory=list)
    reads_interests: bool = False
    meetings: list[Record] = field(default_factory=list)
    notices: list[tuple[str, str, object]] = field(default_factory=list)
    history: tuple[timeline.History, timeline.Book] | None = None
    chain: list[Event] = field(default_factory=list)
    head: EventHead | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    named: bool = True
    inside: bool = False

    @property
    def idea(self) -> Idea:
        return self.whole.idea


def read_contents(actor: Actor, reference: str) -> Contents:
    """The dossier of the idea for this person; ``NotThere`` when they may not see it."""
    whole = find_whole(actor, reference)
    idea = whole.idea
    found = Contents(
        whole=whole,
        roles=[],
        personal=ideas_policy.may_see_personal.allows(actor, idea),
        inside=whole.sits or ideas_policy.may_see_inside.allows(actor, idea),
        revisions=ideas.list_revisions(idea),
        handins=ideas.list_handins(idea),
        files=ideas.list_attachments(idea),
        asks=list(db.session.scalars(sa.select(Ask).filter_by(idea_id=idea.id).order_by(Ask.number.desc()))),
        names={},
        conditions=gates.list_conditions(idea),
        meetings=meeting_papers(actor, idea),
        notices=_notices(actor, idea),
        named=ideas_policy.may_see_names.allows(actor, idea),
    )
    handed_in = [(each.handed_in_by_id, each.judged_by_id) for each in found.handins]
    if found.named:
        found.names = ideas.names_of([*sum(handed_in, ()), *(file.uploaded_by_id for file in found.files)])
    _read_sittings(actor, found)
    _read_interests(actor, found)
    _read_history(actor, found)
    _say_what_is_missing(actor, found)
    found.roles = roles_of(actor, idea, found.sittings)
    return found


def keys_of(actor: Actor, found: Contents) -> set[str]:
    """What the person sees of the idea, and as what, part by part: a dossier holds no more than these open."""
    idea = found.idea
    policies = (
        ideas_policy.may_see_personal,
        ideas_policy.may_see_inside,
        ideas_policy.may_see_consents,
        funders_policy.may_see_interests,
        funders_policy.may_read_interests,
        ideas_policy.may_see_names,
    )
    keys = {f"as:{role}" for role in roles_of(actor, idea, found.sittings)}
    keys |= {f"policy:{number}" for number, policy in enumerate(policies) if policy.allows(actor, idea)}
    keys |= {f"audience:{name}" for name in timeline.audiences_of(actor, idea, sits=found.whole.sits)}
    for sitting in found.sittings:
        view = sitting.view
        parts = {"pack": view.sees_pack, "marks": not view.sealed_because, "notes": bool(view.notes)}
        parts |= {"decision": view.decision is not None, "review": True}
        keys |= {f"{part}:{sitting.review.id}" for part, is_open in parts.items() if is_open}
    keys |= {"chain"} if _reads_chain(actor, found) else set()
    keys |= {f"file:{file.id}" for file in found.files}  # one that was removed since may be why it was
    return keys | keys_about(actor, idea)


def keys_now(actor: Actor, reference: str) -> set[str]:
    """The same as it is at this moment; none where the person sees nothing of the idea any more."""
    try:
        whole = find_whole(actor, reference)
    except NotThere:
        return set()
    found = Contents(whole, [], False, [], [], ideas.list_attachments(whole.idea), [], {})
    _read_sittings(actor, found)
    return keys_of(actor, found)


def roles_of(actor: Actor, idea: Idea, sittings: Sequence[Sitting]) -> list[str]:
    """What the person reads the idea as: team before panel before staff, as everywhere."""
    if ideas_policy.OWNS.holds(actor, idea):
        return ["owner"]
    if ideas_policy.CONTRIBUTES.holds(actor, idea):
        return ["contributor"]
    staff = {"coordinator": ideas_policy.COORDINATES_IT, "manager": ideas_policy.MANAGES_IT}
    found = [role for role, word in staff.items() if word.holds(actor, idea)]
    found += [sitting.view.seat.role for sitting in sittings if sitting.view.seat is not None]
    if not found and ideas_policy.CAPTURED.holds(actor, idea):
        found.append("facilitator")
    return list(dict.fromkeys(found)) or ["member"]


# Reviews and decisions


def _read_sittings(actor: Actor, found: Contents) -> None:
    """The reviews that the person may open, each as it is shown to them, and the other decisions in their pack."""
    idea = found.idea
    ids = db.session.scalars(sa.select(Review.id).where(Review.idea_id == idea.id).order_by(Review.id)).all()
    for review_id in ids:
        try:
            review = gates.find_review(actor, review_id)
            found.sittings.append(Sitting(review, gates.panel_view(actor, review)))
        except NotThere:
            continue
    open_ids = {sitting.review.id for sitting in found.sittings}
    if any(sitting.view.sees_pack for sitting in found.sittings):
        found.decisions = [each for each in gates.list_decisions(idea) if each.review_id not in open_ids]
    if len(open_ids) < len(ids):
        why = "You take no part in them. Only what everybody who sees the idea may read of them stands in the history."
        found.left_out.append(LeftOut("Other reviews of this idea", why))
    if found.personal:
        found.ending = gates.last_ending(idea)


def _read_interests(actor: Actor, found: Contents) -> None:
    idea = found.idea
    if ideas_policy.may_see_consents.allows(actor, idea):
        found.consents = sorted(ideas.live_consents(idea).values(), key=lambda consent: consent.id)
    if funders_policy.may_see_interests.allows(actor, idea):
        found.interests = funders.interests_of(idea)
        found.reads_interests = funders_policy.may_read_interests.allows(actor, idea)


# What happened


def _read_history(actor: Actor, found: Contents) -> None:
    """The events in words, and the chain itself for whoever may read every event of it and who is in it."""
    idea = found.idea
    history = timeline.read(actor, idea, sits=found.whole.sits, limit=MOST_EVENTS)
    found.history = (history, timeline.book_of(actor, history, ask(timeline.questions(actor, history))))
    if found.named and _reads_chain(actor, found):
        newest = events.list_events(f"idea:{idea.id}", limit=MOST_EVENTS)
        found.chain = newest[::-1]
        found.head = db.session.get(EventHead, f"idea:{idea.id}")
        found.names |= ideas.names_of(event.actor_id for event in newest)


def _reads_chain(actor: Actor, found: Contents) -> bool:
    """Whoever runs the gate, unless they sit on a panel that has not decided: to members it would tell who declared.

    Nor whoever works for a funder, to whom it would tell of the others.
    """
    sits = any(each.review.is_open and each.view.relation == "seat" for each in found.sittings)
    if sits or not funders_policy.may_see_interests.allows(actor, found.idea):
        return False
    return timeline.audiences_of(actor, found.idea, sits=found.whole.sits) >= ALL_AUDIENCES


def _notices(actor: Actor, idea: Idea) -> list[tuple[str, str, object]]:
    """What the person themselves was told about the idea, the newest first."""
    query = sa.select(NOTICE.c.subject, NOTICE.c.text, NOTICE_AT).where(
        NOTICE.c.idea_id == idea.id, NOTICE.c.person_id == actor.person_id
    )
    rows = db.session.execute(query.order_by(NOTICE.c.id.desc()).limit(MOST_NOTICES))
    return [(subject, text, at) for subject, text, at in rows]


# What is not in it


def _say_what_is_missing(actor: Actor, found: Contents) -> None:
    """Name what other readers would have found here; in words that do not tell whether there is anything."""
    idea, tell = found.idea, found.left_out.append
    if not found.personal:
        tell(LeftOut("Personal fields and contacts", "The team and those who run the programme read them."))
    for sitting in found.sittings:
        _say_what_is_sealed(sitting, tell)
    if not ideas_policy.may_see_consents.allows(actor, idea):
        tell(LeftOut("Consents", "The owner and those who run the programme read them."))
    if not funders_policy.may_see_interests.allows(actor, idea):
        tell(LeftOut("Interest of funders", "The team and those who run the programme read it."))
    elif not found.reads_interests:
        tell(LeftOut("What funders wrote, and what was answered", "That is between each funder and the owner."))
    tell(LeftOut("Messages to other people", "Each reads their own."))
    tell(LeftOut("Drafts of other people, and files that were removed", "They are no part of what was handed in."))
    if not found.chain:
        why = "It tells, even by its checksums, who declared and scored when. Those who run the programme read it."
        tell(LeftOut("The chain of events with its checksums", why))


def _say_what_is_sealed(sitting: Sitting, tell: Callable[[LeftOut], None]) -> None:
    review, view = sitting.review, sitting.view
    where = f"{review.gate.name}, {review.round}"
    if not view.sees_pack:
        tell(LeftOut("What the panel reads", "It opens once nothing stands between you and this idea.", where))
    if view.sealed_because:
        tell(LeftOut("Marks, answers and comments", view.sealed_because, where))
    else:
        tell(LeftOut("Who gave which mark", "Marks are shown without names, to everybody.", where))
    if not view.notes:
        tell(LeftOut("Private notes to the chair", "Only the chair reads them.", where))
    tell(LeftOut("Declarations of others", "Each reads their own; those who lead see what came of them.", where))
