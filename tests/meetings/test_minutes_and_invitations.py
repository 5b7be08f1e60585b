"""Minutes that are corrected, commented on and signed; invitations that calendars understand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app
from icalendar import Calendar

from innovation import reactions
from innovation.db import db, now
from innovation.events import Delivery, list_events
from innovation.meetings import commands, drafting, queries
from innovation.notifications.mailer import compose
from innovation.notifications.models import Message
from innovation.permission import Forbidden
from tests import make
from tests.meetings.sitting import Sitting
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def react() -> None:
    """Do what the events so far owe."""
    for delivery in db.session.query(Delivery).filter_by(done_at=None).order_by(Delivery.id):
        reactions.named(delivery.reaction)(delivery.event)
        delivery.done_at = now()


def closed() -> Sitting:
    sitting = Sitting(2)
    item = sitting.taken(1)
    commands.take_note(sitting.act("secretary"), item, text="The readers are trained.")
    motion = sitting.vote(item, chair="for", government="for", practitioner="against")
    commands.count_votes(sitting.act("chair"), motion)
    sitting.decide(item)
    commands.close_meeting(sitting.act("chair"), sitting.meeting)
    return sitting


def test_the_draft_says_what_was_noted_voted_and_decided() -> None:
    sitting = closed()
    minutes = queries.last_minutes(sitting.meeting)
    assert minutes is not None

    first, second = minutes.content["items"]

    assert (first["state"], first["quorum"], first["present"]) == ("decided", 3, 4)
    assert (first["text"], first["motions"][0]["tally"]) == (
        "The readers are trained.",
        {"for": 2, "against": 1, "abstain": 0},
    )
    assert (first["decision"]["outcome"], first["decision"]["recorded_by"]) == ("go", sitting.person("chair").id)
    assert (second["state"], second["reason"]) == ("put_off", "The meeting closed before it was decided.")
    assert [each["marks"][0]["what"] for each in minutes.content["attendance"]] == ["arrived"] * 5


def written_by_somebody_else(thing: Any, **values: Any) -> None:
    """What was read of the thing stays as it was read, as in a request that began before."""
    table = sa.inspect(type(thing)).local_table
    db.session.execute(sa.update(table).where(table.c.id == thing.id).values(**values))
    db.session.commit()


def test_of_two_who_answer_a_comment_the_second_is_told_and_nothing_is_lost() -> None:
    sitting = closed()
    secretary = sitting.act("secretary")
    commands.circulate_minutes(secretary, sitting.meeting)
    comment = commands.comment_minutes(sitting.act("government"), sitting.meeting, text="I came at nine.")
    written_by_somebody_else(comment, answer="Taken up.", answered_at=now())

    with pytest.raises(Refused, match="has been answered"):
        commands.answer_comment(secretary, comment, answer="Not taken up.")

    db.session.refresh(comment)
    assert comment.answer == "Taken up."


def test_a_correction_is_a_new_version_and_changes_no_vote() -> None:
    sitting = closed()
    item = next(item for item in sitting.meeting.items if item.number == 1)

    corrected = commands.correct_minutes(
        sitting.act("secretary"), sitting.meeting, remarks="Thanks to all.", texts={item.id: "They will be."}, number=1
    )

    assert (corrected.number, corrected.content["items"][0]["text"]) == (2, "They will be.")
    assert corrected.content["items"][0]["motions"][0]["tally"]["for"] == 2
    with pytest.raises(Refused, match="just corrected"):
        commands.correct_minutes(sitting.act("secretary"), sitting.meeting, remarks="", texts={}, number=1)


def test_the_chair_signs_what_went_round_once_every_comment_is_answered() -> None:
    sitting = closed()
    chair, secretary = sitting.act("chair"), sitting.act("secretary")
    with pytest.raises(Refused, match="not been circulated"):
        commands.sign_minutes(chair, sitting.meeting)
    commands.circulate_minutes(secretary, sitting.meeting)
    comment = commands.comment_minutes(sitting.act("government"), sitting.meeting, text="I came at nine.")

    with pytest.raises(Refused, match="waits for an answer"):
        commands.sign_minutes(chair, sitting.meeting)
    commands.answer_comment(secretary, comment, answer="That is what it says.")
    with pytest.raises(Forbidden):
        commands.sign_minutes(secretary, sitting.meeting)
    signed = commands.sign_minutes(chair, sitting.meeting, number=1)

    event = list_events(f"meeting:{sitting.meeting.id}", kinds=["minutes_signed"])[0]
    assert (sitting.meeting.state, event.data["checksum"]) == ("signed", drafting.checksum_of(signed.content))
    with pytest.raises(Refused, match="they stay as they are"):
        commands.correct_minutes(secretary, sitting.meeting, remarks="Later.", texts={})


def test_minutes_whose_text_was_altered_are_not_signed() -> None:
    sitting = closed()
    commands.circulate_minutes(sitting.act("secretary"), sitting.meeting)
    minutes = queries.last_minutes(sitting.meeting)
    assert minutes is not None
    minutes.content = {**minutes.content, "remarks": "Altered."}

    with pytest.raises(Refused, match="checksum differs"):
        commands.sign_minutes(sitting.act("chair"), sitting.meeting)


def invitation_to(sitting: Sitting, who: str) -> Any:
    """The newest calendar part that went to somebody, and the method of its mail."""
    react()
    address = sitting.person(who).email
    message = db.session.query(Message).filter_by(to_address=address).order_by(Message.id.desc()).first()
    assert message is not None
    settings = current_app.config["SETTINGS"]
    [part] = [part for part in compose(message, settings).walk() if part.get_content_type() == "text/calendar"]
    [event] = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return part.get_param("method"), event


def test_an_invitation_is_updated_and_cancelled_under_one_uid() -> None:
    sitting = Sitting(1)
    coordinator = sitting.act("coordinator")
    later = sitting.meeting.starts_at + dt.timedelta(days=1)

    asked = invitation_to(sitting, "government")
    commands.change_meeting(coordinator, sitting.meeting, starts_at=later, money_cents=5)
    changed = invitation_to(sitting, "government")
    commands.cancel_meeting(coordinator, sitting.meeting)
    cancelled = invitation_to(sitting, "government")

    found = (asked, changed, cancelled)
    assert [method for method, _event in found] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event["sequence"] for _method, event in found] == [0, 1, 2]
    assert len({event["uid"] for _method, event in found}) == 1
    assert changed[1].decoded("dtstart").astimezone(dt.UTC) == later.replace(microsecond=0)
    assert str(asked[1]["dtstart"].params["tzid"]) == "Africa/Johannesburg"


def test_no_idea_is_named_in_what_goes_into_calendars_and_mails() -> None:
    sitting = Sitting(1)
    react()
    commands.cancel_meeting(sitting.act("coordinator"), sitting.meeting)
    react()

    messages = [m for m in db.session.query(Message) if m.calendar]

    title = sitting.reviews[0].idea.title
    assert len(messages) == 10
    assert [m.id for m in messages if title in m.subject + m.text + m.html + m.calendar] == []


def test_a_review_is_on_one_live_agenda_only() -> None:
    sitting = Sitting(1)
    other = sitting.plan()
    review = sitting.reviews[0]

    with pytest.raises(Refused, match="cannot be put on this agenda"):
        commands.set_agenda(sitting.act("coordinator"), other, review_ids=[review.id], minutes={})
    commands.set_agenda(sitting.act("coordinator"), sitting.meeting, review_ids=[], minutes={})
    commands.set_agenda(sitting.act("coordinator"), other, review_ids=[review.id], minutes={review.id: 25})

    assert [(item.review_id, item.minutes) for item in other.items] == [(review.id, 25)]
    assert make.first(type(other), id=sitting.meeting.id).items == []
