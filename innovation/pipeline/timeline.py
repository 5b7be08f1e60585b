"""An idea's history in words: a sentence for each kind of event, told only to whom the event is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from typing import Any

import sqlalchemy as sa
from flask import url_for

from innovation import events
from innovation.accounts.models import Person
from innovation.events import Event
from innovation.funders.events import InterestFact
from innovation.funders.models import Funder, Interest
from innovation.funders.policy import may_see_interests
from innovation.gates import queries as gates
from innovation.gates.models import Condition, Review
from innovation.ideas import queries as ideas
from innovation.ideas.models import Attachment, Idea
from innovation.ideas.policy import CAPTURED, CONTRIBUTES, OWNS, STAFF, may_see_names, may_see_personal
from innovation.languages import gettext as _
from innovation.permission import Actor
from innovation.pipeline.money_told import BESIDE_MONEY, OF_MONEY
from innovation.pipeline.spread_told import OF_SPREAD
from innovation.pipeline.steps import gate_name
from innovation.pipeline.together import Answer, part
from innovation.pipeline.version_words import changed_version
from innovation.values import dataclass
from innovation.web import day

TONES = {"go": "go", "conditional": "go", "recycle": "recycle", "hold": "hold", "stop": "kill"}


@dataclass(frozen=True)
class Line:
    """A sentence with an optional tag before it and an optional link after it."""

    text: str
    tag: str = ""
    tone: str = ""
    url: str = ""
    link: str = ""
    who: str = ""
    at: dt.datetime | None = None


@dataclass
class Book:
    """What sentences look up: names and texts that no event holds, each kind read in one query."""

    idea: Idea
    people: dict[int, str] = field(default_factory=dict)
    conditions: dict[int, str] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    ideas: dict[int, tuple[str, str]] = field(default_factory=dict)
    funders: dict[int, str] = field(default_factory=dict)
    reviews: set[int] = field(default_factory=set)

    def person(self, person_id: int) -> str:
        return self.people.get(person_id) or str(_("somebody"))

    def file(self, facts: dict[str, Any]) -> str:
        return self.files.get(facts["attachment_id"]) or str(_("number %(n)s", n=facts["attachment_id"]))

    def gate(self, key: str) -> str:
        return gate_name(self.idea.once("gate", key))

    def place(self, key: str) -> str:
        return str(_(self.idea.once("place", key).name))

    def deliverable(self, facts: dict[str, Any]) -> str:
        """Its name and version, as a sentence begins."""
        name = _(self.idea.once("deliverable", facts["deliverable"]).name)
        return str(_("%(name)s, version %(number)s", name=name, number=facts["number"]))

    def condition(self, facts: dict[str, Any]) -> str:
        return self.conditions.get(facts["condition_id"], "")

    def page(self, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, reference=self.idea.reference, **values)

    def review(self, facts: dict[str, Any]) -> str:
        """The address of a review, for those who may open it."""
        known = facts["review_id"] in self.reviews
        return url_for("gates.outcome", review_id=facts["review_id"]) if known else ""


# Reading


@dataclass(frozen=True)
class History:
    """The newest events of an idea that a person may read; ``named`` if they may read who did what."""

    idea: Idea
    events: list[Event]
    more: bool
    named: bool
    review_ids: frozenset[int]

    def ids(self, *names: str) -> set[int]:
        """What the events hold under these names."""
        return {event.data[name] for event in self.events for name in names if event.data.get(name) is not None}


def read(actor: Actor, idea: Idea, *, sits: bool, limit: int = 30, review_ids: Iterable[int] = ()) -> History:
    """The newest events that the person may read; ``review_ids`` are more reviews that they may want to open."""
    audiences = audiences_of(actor, idea, sits=sits)
    apart = () if may_see_interests.allows(actor, idea) else InterestFact
    told = ((kind, fact) for kind, fact in events.fact_classes.items() if not issubclass(fact, apart))
    kinds = [kind for kind, fact in told if fact.audience in audiences and kind in SENTENCES]
    found = events.list_events(f"idea:{idea.id}", kinds=kinds, limit=limit + 1)
    reviews = {event.data["review_id"] for event in found if event.data.get("review_id") is not None}
    named = bool(audiences & {"team", "staff"}) and may_see_names.allows(actor, idea)
    return History(idea, found[:limit], len(found) > limit, named, frozenset(reviews | set(review_ids)))


def audiences_of(actor: Actor, idea: Idea, *, sits: bool) -> set[str]:
    """The audiences that a reader of this idea belongs to; ``sits`` on a panel of it, with no interest in the way."""
    found = {"everyone"}
    if any(word.holds(actor, idea) for word in STAFF):
        found |= {"team", "panel", "staff"}
    if OWNS.holds(actor, idea) or CONTRIBUTES.holds(actor, idea):
        return (found - {"panel", "staff"}) | {"team"}  # the team never reads along with its panel
    if CAPTURED.holds(actor, idea):
        return found
    if sits:
        found.add("panel")
    return found


def questions(actor: Actor, history: History) -> Iterator[sa.Select[Any]]:
    """What must be asked before the history can be told: names and texts that no event holds."""
    people = history.ids("person_id", "from_id", "to_id") | {e.actor_id for e in history.events if e.actor_id}
    if people and history.named:
        yield part("person", Person.id, Person.name).where(Person.id.in_(people))
    if wanted := history.ids("condition_id"):
        yield part("condition", Condition.id, Condition.text).where(Condition.id.in_(wanted))
    if (wanted := history.ids("attachment_id")) and may_see_names.allows(actor, history.idea):
        yield part("file", Attachment.id, Attachment.name).where(Attachment.id.in_(wanted))
    if wanted := history.ids("interest_id"):
        yield part("funder", Interest.id, Funder.name).join(Interest.funder).where(Interest.id.in_(wanted))
    if joined := {event.data["from_id"] for event in history.events if event.kind == "idea_joined"}:
        yield part("idea", Idea.id, Idea.reference, Idea.title).where(Idea.id.in_(joined), ideas.visible(actor))
    if history.review_ids and not may_see_personal.allows(actor, history.idea):
        yield part("review", Review.id).where(Review.id.in_(history.review_ids), gates.seated(actor))


def book_of(actor: Actor, history: History, found: dict[str, list[Answer]]) -> Book:
    """What the questions brought. Reviews open to team, staff and facilitator, else only to whoever sits there."""

    def texts(kind: str) -> dict[int, str]:
        return {answer.number: answer.text for answer in found.get(kind, [])}

    opens = may_see_personal.allows(actor, history.idea)
    return Book(
        history.idea,
        people=texts("person"),
        conditions=texts("condition"),
        files=texts("file"),
        ideas={answer.number: (answer.text, answer.more) for answer in found.get("idea", [])},
        funders=texts("funder"),
        reviews=set(history.review_ids) if opens else {answer.number for answer in found.get("review", [])},
    )


def tell(history: History, book: Book) -> list[Line]:
    """The lines of the history, newest first."""
    return [_line(event, book) for event in history.events]


def _line(event: Event, book: Book) -> Line:
    who = book.people.get(event.actor_id or 0, "") if events.fact_classes[event.kind].audience != "panel" else ""
    return replace(SENTENCES[event.kind](event.data, book), at=event.at, who=who)


# Sentences


Sentence = Callable[[dict[str, Any], Book], Line]


def _decided(facts: dict[str, Any], book: Book) -> Line:
    outcome = book.idea.definition.outcome(facts["outcome"])
    text = _("at the %(gate)s.", gate=book.gate(facts["gate_key"]))
    return Line(text, _(outcome.label), TONES.get(outcome.key, "info"), book.review(facts), _("Decision and reasons"))


def _superseded(facts: dict[str, Any], book: Book) -> Line:
    text = _("replaces the earlier decision at the %(gate)s.", gate=book.gate(facts["gate_key"]))
    return replace(_decided(facts, book), text=text)


def _ended(facts: dict[str, Any], book: Book) -> Line:
    outcome = book.idea.definition.outcome(facts["outcome"])
    return Line(_("while it was on hold."), _(outcome.label), TONES.get(outcome.key, "info"))


def _convened(facts: dict[str, Any], book: Book) -> Line:
    text = _("A panel was convened for the %(gate)s.", gate=book.gate(facts["gate_key"]))
    if facts["round"] > 1:
        text = _(
            "A panel was convened for the %(gate)s, round %(n)s.", gate=book.gate(facts["gate_key"]), n=facts["round"]
        )
    if facts.get("sooner"):
        text += " " + _("It decides soon, because: %(reason)s", reason=facts["sooner"])
    return Line(text)


def _joined(facts: dict[str, Any], book: Book) -> Line:
    other = book.ideas.get(facts["from_id"])
    if other is None:
        return Line(_("Another idea was joined to this one; both histories are kept."))
    text = _("“%(title)s” was joined to this idea; both histories are kept.", title=other[1])
    return Line(text, url=url_for("pipeline.idea", reference=other[0]), link=_("Open"))


def _revision(facts: dict[str, Any], book: Book) -> Line:
    text = _("The canvas was handed in, revision %(n)s.", n=facts["revision"])
    return Line(text, url=book.page("ideas.revisions"), link=_("What changed"))


def _deliverable(sentence: Callable[[str], str]) -> Sentence:
    def make(facts: dict[str, Any], book: Book) -> Line:
        asked_for = facts["deliverable"] in {item.key for item in book.idea.definition.deliverables}
        url = book.page("ideas.deliverable", key=facts["deliverable"]) if asked_for else ""
        return Line(sentence(book.deliverable(facts)), url=url, link=_("Open"))

    return make


def _condition(sentence: Callable[[str], str]) -> Sentence:
    def make(facts: dict[str, Any], book: Book) -> Line:
        return Line(sentence(book.condition(facts)), url=book.page("gates.conditions"), link=_("Conditions"))

    return make


def _moved(facts: dict[str, Any], book: Book) -> Line:
    was, until = (day(dt.date.fromisoformat(facts[key])) for key in ("was", "due_on"))
    told = _("The day of a condition was moved from %(was)s to %(day)s", was=was, day=until)
    return _condition(lambda text: f"{told}: {text}")(facts, book)


def _waiver(sentence: Callable[[str], str]) -> Sentence:
    def make(facts: dict[str, Any], book: Book) -> Line:
        day_to_present = facts["what"] == "deadline"
        name = _("the day to present by") if day_to_present else _(book.idea.once("deliverable", facts["key"]).name)
        return Line(sentence(str(name)), url=book.page("gates.waivers"), link=_("Reasons"))

    return make


def _interest(sentence: Callable[[str], str]) -> Sentence:
    def make(facts: dict[str, Any], book: Book) -> Line:
        told = sentence(book.funders.get(facts["interest_id"], _("A funder")))
        return Line(told, url=book.page("funders.interests"), link=_("Open"))

    return make


def _plain(sentence: Callable[[], str]) -> Sentence:
    return lambda facts, book: Line(sentence())


def _looked(facts: dict[str, Any]) -> str:
    return url_for("gates.reconsideration", number=facts["reconsideration_id"])


def _purpose(key: str) -> str:
    words: dict[str, str] = {
        "contact": _("to be contacted"),
        "public_name": _("to be named in public"),
        "photo": _("to the use of photos"),
        "share_with_funders": _("to show the idea to funders"),
    }
    return words.get(key, key)


SENTENCES: dict[str, Sentence] = {
    "idea_captured": _plain(lambda: _("The idea was captured.")),
    "idea_claimed": _plain(lambda: _("Its owner has claimed the idea.")),
    "owner_named": _plain(lambda: _("The owner was named.")),
    "secret_renewed": _plain(lambda: _("A new secret for the status page was issued.")),
    "canvas_handed_in": _revision,
    "contributor_added": lambda f, b: Line(_("%(name)s joined the team.", name=b.person(f["person_id"]))),
    "contributor_ended": lambda f, b: Line(_("%(name)s left the team.", name=b.person(f["person_id"]))),
    "ownership_handed_over": _plain(lambda: _("The idea was handed over to a new owner.")),
    "attachment_added": lambda f, b: Line(_("A file was added: %(name)s", name=b.file(f))),
    "attachment_removed": lambda f, b: Line(_("A file was removed: %(name)s", name=b.file(f))),
    "deliverable_handed_in": _deliverable(lambda name: _("%(name)s, was handed in.", name=name)),
    "deliverable_accepted": _deliverable(lambda name: _("%(name)s, was accepted.", name=name)),
    "deliverable_returned": _deliverable(lambda name: _("%(name)s, was returned with a reason.", name=name)),
    "evidence_accepted": lambda f, b: Line(
        _("The evidence was accepted as: %(level)s.", level=_(b.idea.once("evidence_level", f["level"]).name))
    ),
    "ask_made": lambda f, b: Line(_("The ask was written down, version %(n)s.", n=f["number"])),
    "consent_given": lambda f, b: Line(_("The owner agreed %(purpose)s.", purpose=_purpose(f["purpose"]))),
    "consent_withdrawn": lambda f, b: Line(
        _("The owner no longer agrees %(purpose)s.", purpose=_purpose(f["purpose"]))
    ),
    "pilot_started": lambda f, b: Line(_("The pilot started."), _("Pilot"), "go"),
    "idea_resumed": _plain(lambda: _("The idea goes on after its hold.")),
    "idea_revived": _plain(lambda: _("The idea was revived and starts again.")),
    "idea_withdrawn": lambda f, b: Line(_("The owner withdrew the idea."), _("Withdrawn"), "hold"),
    "idea_related": _plain(lambda: _("Somebody said how the idea stands to another one.")),
    "idea_taken_back": lambda f, b: Line(_("The import that the idea came with was undone."), _("Withdrawn"), "hold"),
    "idea_changed_version": lambda f, b: Line(changed_version(b.place(f["place"]), is_back=f.get("is_back", False))),
    "idea_presented": lambda f, b: Line(_("Presented at the %(gate)s.", gate=b.gate(f["gate_key"]))),
    "waiver_asked": _waiver(lambda what: _("A waiver was asked for: %(what)s", what=what)),
    "requirement_waived": _waiver(lambda what: _("Waived: %(what)s", what=what)),
    "waiver_refused": _waiver(lambda what: _("Not waived: %(what)s", what=what)),
    "waiver_revoked": _waiver(lambda what: _("No longer waived: %(what)s", what=what)),
    "panel_convened": _convened,
    "scoring_opened": _plain(lambda: _("The panel began to score.")),
    "person_seated": _plain(lambda: _("A member was added to the panel.")),
    "person_excused": _plain(lambda: _("A member was excused from the panel.")),
    "panel_reminded": _plain(lambda: _("The panel was reminded.")),
    "review_cancelled": lambda f, b: Line(_("The review at the %(gate)s was cancelled.", gate=b.gate(f["gate_key"]))),
    "interest_declared": lambda f, b: Line(
        {
            "none": _("A panel member declared to have no interest in the idea."),
            "declare": _("A panel member declared an interest."),
            "explained": _("A panel member explained why what was noticed is no interest."),
        }.get(f["level"], _("A panel member stepped back because of an interest."))
    ),
    "interest_settled": lambda f, b: Line(
        _("A declared interest was accepted.") if f["level"] == "accepted" else _("A panel member was recused.")
    ),
    "interest_overruled": lambda f, b: Line(
        _("A recused panel member was admitted again, with a reason.")
        if f["level"] == "admitted"
        else _("A panel member was removed because of an interest, with a reason.")
    ),
    "scorecard_submitted": _plain(lambda: _("A panel member submitted a scorecard.")),
    "scorecard_changed": _plain(lambda: _("A panel member changed a scorecard, with a reason.")),
    "scorecard_confirmed": _plain(lambda: _("A panel member read the newer revision and confirmed a scorecard.")),
    "seat_abstained": _plain(lambda: _("A panel member abstained, with a reason.")),
    "abstention_ended": _plain(lambda: _("A panel member who had abstained takes part again.")),
    "revision_taken": lambda f, b: Line(
        _("Revision %(n)s was put before the panel.", n=f["revision"]),
        url=b.page("ideas.revisions"),
        link=_("What changed"),
    ),
    "powers_passed_on": _plain(lambda: _("Somebody who chairs or stands in can sign in no longer, and leads no more.")),
    "powers_returned": _plain(lambda: _("Somebody who chairs or stands in can sign in again.")),
    "scores_locked": _plain(lambda: _("The panel meets about it: scorecards are locked.")),
    "scores_unlocked": _plain(lambda: _("The meeting is over: scorecards can be changed again.")),
    "leave_given": _plain(lambda: _("The chair let a panel member change a scorecard once.")),
    "decision_proposed": _plain(lambda: _("One chair signed a decision; the other has yet to sign.")),
    "decision_withheld": _plain(lambda: _("The panel decided. What it decided waits to be announced.")),
    "decision_taken_back": _plain(lambda: _("The panel took its decision back before it was announced.")),
    "announcement_changed": _plain(lambda: _("The letter about the decision was changed.")),
    "idea_moved_silently": _plain(lambda: _("The decision took effect, and no letter was sent.")),
    "team_told": _plain(lambda: _("The letters about the decision were sent.")),
    "basis_recorded": _plain(lambda: _("What the decision rests on was written down with it.")),
    "gate_decided": _decided,
    "decision_superseded": _superseded,
    "reconsideration_asked": lambda f, b: Line(
        _("The owner asked that the decision be looked at again."), url=_looked(f), link=_("Open")
    ),
    "reconsideration_taken": _plain(lambda: _("Another chair looks at the decision again.")),
    "reconsideration_given_back": lambda f, b: Line(
        _("Somebody who was asked to look at the decision again stepped back.")
        if f["level"] == "recuse"
        else _("Whoever looked at the decision again left it to others.")
    ),
    "answerer_named": _plain(lambda: _("Somebody else was named to look at the decision again.")),
    "reconsideration_answered": lambda f, b: Line(
        _("The decision was looked at again and upheld.")
        if f["answer"] == "upheld"
        else _("The decision was looked at again and changed."),
        url=_looked(f),
        link=_("Open"),
    ),
    "idea_joined": _joined,
    "idea_parted": _plain(lambda: _("An idea that had been joined to this one goes its own way again.")),
    "idea_merged": _plain(lambda: _("Merged into another idea that says the same.")),
    "merge_undone": _plain(lambda: _("The merge was undone: this idea goes its own way again.")),
    "condition_offered": _condition(lambda text: _("Evidence was handed in for a condition: %(text)s", text=text)),
    "condition_returned": _condition(lambda text: _("The evidence did not show it yet: %(text)s", text=text)),
    "condition_met": _condition(lambda text: _("A condition was met: %(text)s", text=text)),
    "due_date_moved": _moved,
    "condition_waived": _condition(lambda text: _("A condition was waived: %(text)s", text=text)),
    "held_for_condition": _condition(
        lambda text: _("Put on hold, because a condition is overdue: %(text)s", text=text)
    ),
    "held_idea_ended": _ended,
    "dossier_taken": _plain(lambda: _("A dossier of the idea was taken.")),
    "interest_shown": _interest(lambda funder: _("%(funder)s showed interest.", funder=funder)),
    "interest_accepted": _interest(lambda funder: _("The owner accepted the interest of %(funder)s.", funder=funder)),
    "interest_declined": _interest(lambda funder: _("The owner declined the interest of %(funder)s.", funder=funder)),
    "interest_expired": _interest(lambda funder: _("Nobody answered %(funder)s in time.", funder=funder)),
    "interest_withdrawn": _interest(lambda funder: _("%(funder)s withdrew its interest.", funder=funder)),
}
SENTENCES |= {kind: _interest(sentence) for kind, sentence in OF_MONEY.items()}
SENTENCES |= {kind: _plain(sentence) for kind, sentence in (BESIDE_MONEY | OF_SPREAD).items()}
