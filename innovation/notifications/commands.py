"""What people do with their inbox, and an administrator with the post."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.command import Stale, command, stamp_of
from innovation.db import db, now
from innovation.events import record
from innovation.gates import commands as gates
from innovation.gates import policy as gates_policy
from innovation.gates import queries as gates_queries
from innovation.gates.after_models import WithheldDecision
from innovation.gates.models import Decision, Review
from innovation.notifications import policy, recipients
from innovation.notifications.events import SentAgain
from innovation.notifications.models import Message, Notice
from innovation.once import repeatable
from innovation.permission import Actor
from workflows import Refused


@command(policy.may_mark_notice)
@repeatable
def mark_read(actor: Actor, notice: Notice) -> Notice:
    """Mark one notice read; a second time changes nothing."""
    notice.read_at = notice.read_at or now()
    return notice


@command(policy.may_read_inbox)
@repeatable
def mark_all_read(actor: Actor) -> None:
    """Mark every notice of the person read."""
    db.session.execute(
        sa.update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None)).values(read_at=now())
    )


@command(policy.may_send_again)
def send_again(actor: Actor, message: Message) -> Message:
    """Let a message that was given up be sent once more, from the first attempt on; of two who ask, one is told so.

    No worker has it any more: a visit to the server ends before the lease does, and giving up ended that.
    """
    asked = db.session.scalar(
        sa.update(Message)
        .where(Message.id == message.id, Message.given_up_at.is_not(None), Message.sent_at.is_(None))
        .values(given_up_at=None, handing_over_at=None, refused_at=None, error=None, attempts=0, next_at=now())
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    if asked is None:
        raise Refused(("This message is not given up: it has been sent, or it is on its way.",))
    record(actor, SentAgain(message.id))
    db.session.refresh(message)
    return message


# Announcing decisions


TELLS_NOBODY = "Nobody is ticked to be told. Tick somebody, or move the idea in silence and say why."


@command(gates_policy.may_announce_decision)
def announce(actor: Actor, review: Review, **letter: Any) -> Decision:
    """Announce a decision that was held back, to somebody: to tell nobody is to move in silence, for a reason.

    ``letter`` is what ``change_announcement`` takes: the letter as the page shows it, which may not be kept yet.
    """
    if letter:
        gates.change_announcement(actor, review, **letter)
    _require_somebody(actor, gates_queries.withheld_decision(review))
    return gates.announce_decision(actor, review)


@command(gates_policy.may_list_announcements)
def announce_together(actor: Actor, reviews: list[Review], *, seen: Iterable[str] | None = None) -> list[Decision]:
    """The same for several in one moment; none is where one of them would be told to nobody.

    ``seen`` are the stamps of what a page has shown: what is sent is what somebody has looked at.
    """
    held_back = [gates_queries.withheld_decision(review) for review in reviews]
    if seen is not None and {stamp_of(each) for each in held_back if each is not None} != set(seen):
        raise Stale
    for withheld in held_back:
        _require_somebody(actor, withheld)
    return gates.announce_together(actor, reviews)


@command(gates_policy.may_announce_decision)
def tell_team(actor: Actor, review: Review) -> WithheldDecision:
    """Send the letters about a decision that took effect in silence, to somebody."""
    _require_somebody(actor, gates_queries.silent_move(review))
    return gates.tell_team(actor, review)


def _require_somebody(actor: Actor, withheld: WithheldDecision | None) -> None:
    if withheld is not None and not told_of(actor, withheld):
        raise Refused((f"{withheld.idea.reference}: {TELLS_NOBODY}",))


def told_of(actor: Actor, withheld: WithheldDecision) -> list[Person]:
    """Whoever is written to when this person announces the decision: not they themselves."""
    people = recipients.of_decision(withheld.review)
    return [each for each in people if each.id not in withheld.left_out and each.id != actor.person_id]
