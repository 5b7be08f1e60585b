"""Who is told what happens to an idea between gates."""

from __future__ import annotations

from innovation.accounts.models import Person
from innovation.events import Event
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Handin
from innovation.notifications import messages, recipients
from innovation.notifications.telling.parts import idea_of, tell, thing_of


def tell_contributor(event: Event) -> None:
    idea, person = idea_of(event), thing_of(event, Person, "person_id")
    tell(event, "contributor", [person], messages.about(idea, "contributor_added"))


def tell_new_owner(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "owner", recipients.owner(idea), messages.about(idea, "ownership_handed_over"))


def ask_to_accept(event: Event) -> None:
    handin = _handin(event)
    people = recipients.coordinators(handin.idea)
    tell(event, "accept", people, messages.deliverable(handin, "deliverable_handed_in"))


def tell_accepted(event: Event) -> None:
    handin = _handin(event)
    tell(event, "accepted", recipients.team(handin.idea), messages.deliverable(handin, "deliverable_accepted"))


def tell_returned(event: Event) -> None:
    handin = _handin(event)
    tell(event, "returned", recipients.team(handin.idea), messages.deliverable(handin, "deliverable_returned"))


def _handin(event: Event) -> Handin:
    found: Handin = thing_of(event, Handin, "handin_id", Handin.idea)
    return found


def tell_evidence(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "evidence", recipients.team(idea), messages.evidence_accepted(idea, event.data["level"]))


def tell_pilot_started(event: Event) -> None:
    idea = idea_of(event)
    people = [*recipients.team(idea), *recipients.coordinators(idea)]
    tell(event, "pilot", people, messages.about(idea, "pilot_started"))


def tell_pilot_planned(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "planned", recipients.team(idea), messages.about(idea, "pilot_planned", "pilots.plan"))


def tell_pilot_amended(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "amended", recipients.coordinators(idea), messages.about(idea, "pilot_amended", "pilots.plan"))


def tell_resumed(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "resumed", recipients.team(idea), messages.about(idea, "idea_resumed"))


def tell_revived(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "revived", recipients.team(idea), messages.about(idea, "idea_revived"))


def tell_withdrawn(event: Event) -> None:
    idea = idea_of(event)
    people = [*recipients.team(idea), *recipients.coordinators(idea)]
    tell(event, "withdrawn", people, messages.about(idea, "idea_withdrawn"))


def tell_merged(event: Event) -> None:
    """The team of the idea that was merged; that of the other one hears of it as of any that joins."""
    idea = idea_of(event)
    tell(event, "merged", recipients.team(idea), messages.about(idea, "idea_merged"))


def tell_parted(event: Event) -> None:
    idea = idea_of(event)
    tell(event, "parted", recipients.team(idea), messages.about(idea, "merge_undone"))


def tell_ended(event: Event) -> None:
    idea = idea_of(event)
    people = [*recipients.team(idea), *recipients.coordinators(idea)]
    outcome = idea.definition.outcome(event.data["outcome"]).label
    tell(event, "ended", people, messages.about(idea, "idea_ended", outcome=outcome))


def ask_for_lesson(event: Event) -> None:
    """The owner of an idea that has ended without its lesson."""
    lesson = thing_of(event, Lesson, "lesson_id", Lesson.idea)
    if lesson.is_owed:
        tell(event, "lesson", recipients.owner(lesson.idea), messages.lesson_owed(lesson))


def ask_to_release_lesson(event: Event) -> None:
    lesson = thing_of(event, Lesson, "lesson_id", Lesson.idea)
    tell(event, "release", recipients.coordinators(lesson.idea), messages.lesson_offered(lesson))
