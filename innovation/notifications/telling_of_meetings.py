"""Who is told of a meeting, with what goes into their calendars: one reaction each, harmless when it runs again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import current_app
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import Event
from innovation.gates.models import Review, Seat
from innovation.meetings import invitations
from innovation.meetings.models import Attendee, Meeting, MinutesComment
from innovation.notifications import messages, post
from innovation.notifications.post import Letter


def _tell(event: Event, name: str, people: Iterable[Person], letter_to: Callable[[Person], Letter]) -> None:
    """Tell each of them once, but not the one who did it."""
    for person in people:
        if person.id != event.actor_id:
            post.notify(person, letter_to(person), why=f"event:{event.id}:{name}", at=event.at)


def _meeting(event: Event) -> Meeting:
    asked = selectinload(Meeting.attendees).joinedload(Attendee.person)
    return db.session.get_one(Meeting, event.data["meeting_id"], options=[asked])


def _asked(meeting: Meeting) -> list[Person]:
    return [each.person for each in meeting.attendees]


def calendar_of(meeting: Meeting, person: Person, method: str = "REQUEST") -> str:
    """The invitation of one person, as it goes with a mail or is downloaded."""
    settings = current_app.config["SETTINGS"]
    return invitations.write(
        meeting,
        method=method,
        to=(person.name, person.account.email if person.account else person.email or ""),
        sender=settings.mail_from,
        url=post.address_of(post.path_to("meetings.meeting", meeting_id=meeting.id)),
    )


def invite(event: Event) -> None:
    """Also whoever planned it: the meeting belongs into their calendar too."""
    meeting = _meeting(event)
    attendee = db.session.get_one(Attendee, event.data["attendee_id"], options=[joinedload(Attendee.person)])
    if meeting.state == "planned":
        letter = messages.meeting(meeting, "meeting_planned", calendar_of(meeting, attendee.person))
        post.notify(attendee.person, letter, why=f"event:{event.id}:invite", at=event.at)


def send_change(event: Event) -> None:
    """Only what calendars show is worth a message; an older change is over once a newer one is there."""
    meeting = _meeting(event)
    if not set(event.data["fields"]) & set(invitations.SHOWN) or event.data["sequence"] != meeting.sequence:
        return
    for person in _asked(meeting):
        letter = messages.meeting(meeting, "meeting_changed", calendar_of(meeting, person))
        post.notify(person, letter, why=f"event:{event.id}:change", at=event.at)


def send_cancellation(event: Event) -> None:
    meeting = _meeting(event)
    for person in _asked(meeting):
        letter = messages.meeting(meeting, "meeting_cancelled", calendar_of(meeting, person, "CANCEL"))
        post.notify(person, letter, why=f"event:{event.id}:cancel", at=event.at)


def tell_leave(event: Event) -> None:
    review = db.session.get_one(Review, event.data["review_id"], options=[joinedload(Review.idea)])
    seat = db.session.get_one(Seat, event.data["seat_id"], options=[joinedload(Seat.person)])
    if seat.counts:
        _tell(event, "leave", [seat.person], lambda _person: messages.leave_given(review))


def circulate(event: Event) -> None:
    meeting = _meeting(event)
    _tell(event, "minutes", _asked(meeting), lambda _person: messages.meeting(meeting, "minutes_circulated"))


def tell_comment(event: Event) -> None:
    """Whoever writes the minutes: the secretary, else who planned the meeting. The comment itself stays on its page."""
    meeting = _meeting(event)
    writers = [each.person for each in meeting.attendees if each.part == "secretary"]
    planner = db.session.get(Person, meeting.planned_by_id) if meeting.planned_by_id else None
    people = writers or ([planner] if planner else [])
    _tell(event, "comment", people, lambda _person: messages.meeting(meeting, "minutes_commented"))


def tell_answer(event: Event) -> None:
    meeting = _meeting(event)
    comment = db.session.get_one(MinutesComment, event.data["comment_id"])
    person = db.session.get(Person, comment.made_by_id) if comment.made_by_id else None
    if person is not None:
        _tell(event, "answer", [person], lambda _person: messages.meeting(meeting, "minutes_answered"))


def tell_signed(event: Event) -> None:
    meeting = _meeting(event)
    _tell(event, "signed", _asked(meeting), lambda _person: messages.meeting(meeting, "minutes_signed"))
