"""Who is told on an idea's way into the system: of marks, of the hand-over, and of reviews afterwards."""

from __future__ import annotations

from innovation.accounts.models import Person
from innovation.events import Event
from innovation.notifications import recipients, system_messages
from innovation.notifications.telling.parts import tell, thing_of
from innovation.replication.system_models import HandoverStep, PostReview, SystemHome, TrackerMark


def tell_of_mark(event: Event) -> None:
    """Those who confirm are asked to; the team is told what came of it."""
    mark: TrackerMark = thing_of(event, TrackerMark, "mark_id", TrackerMark.idea)
    asked = event.kind == "tracker_mark_proposed"
    people = recipients.who_runs(mark.idea) if asked else recipients.team(mark.idea)
    tell(event, "mark", people, system_messages.tracker_mark(mark, event.kind))


def tell_of_handover(event: Event) -> None:
    """The team, whoever speaks for the post that takes it over, and those who run the programme."""
    home: SystemHome = thing_of(event, SystemHome, "home_id", SystemHome.idea)
    takes = recipients.signing_in(home.idea, home.contact_id)
    people = {each.id: each for each in (*recipients.team(home.idea), *takes, *recipients.coordinators(home.idea))}
    tell(event, "handover", people.values(), system_messages.handover(home, event.kind))


def tell_of_post_review(event: Event) -> None:
    """Who fills it in, who decides, or all of them once it is decided."""
    review: PostReview = thing_of(event, PostReview, "post_review_id", PostReview.idea)
    idea = review.idea
    fill, decide = filling(review), recipients.who_runs(idea)
    people = {
        "post_review_handed_in": decide,
        "post_review_returned": fill,
        "post_review_planned": [*fill, *decide],
    }.get(event.kind, [*fill, *recipients.team(idea), *decide])
    unique = {person.id: person for person in people}
    tell(event, "post-review", unique.values(), system_messages.post_review(review, event.kind))


def filling(asked: PostReview | HandoverStep) -> list[Person]:
    """The owner, and whoever speaks for the post that runs it now and signs in."""
    return [*recipients.owner(asked.idea), *recipients.signing_in(asked.idea, asked.contact_id)]
