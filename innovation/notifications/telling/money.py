"""Who is told of the way from an introduction to the money, and of milestones on which money hangs."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.events import Event
from innovation.funders.commitment_models import Commitment, Tranche
from innovation.funders.models import Funder, Interest
from innovation.notifications import messages, recipients
from innovation.notifications.telling.parts import tell, thing_of
from innovation.pilots.models import Milestone


def tell_owner_of_money(event: Event) -> None:
    interest = _interest(event)
    tell(event, "owner", recipients.owner(interest.idea), messages.money_for_owner(interest, event.kind))


def tell_funder_of_money(event: Event) -> None:
    interest = _interest(event)
    people = recipients.of_funder(interest.funder_id, interest.idea)
    tell(event, "funder", people, messages.money_for_funder(interest.funder, interest.idea, event.kind))


def tell_both_of_money(event: Event) -> None:
    tell_owner_of_money(event)
    tell_funder_of_money(event)


def ask_to_judge_milestone(event: Event) -> None:
    milestone = _milestone(event)
    tell(event, "judge", recipients.coordinators(milestone.idea), messages.milestone_news(milestone, event.kind))


def tell_milestone(event: Event) -> None:
    """The team, and the funders whose tranches hang on it once it is accepted."""
    milestone = _milestone(event)
    tell(event, "milestone", recipients.team(milestone.idea), messages.milestone_news(milestone, event.kind))
    if event.kind != "milestone_accepted":
        return
    for funder in _waiting_on(milestone):
        people = recipients.of_funder(funder.id, milestone.idea)
        tell(event, "tranche", people, messages.money_for_funder(funder, milestone.idea, event.kind))


def _waiting_on(milestone: Milestone) -> list[Funder]:
    """The funders with a tranche that hangs on the milestone and is not released yet."""
    hangs = sa.select(Commitment.funder_id).join(Commitment.tranches).where(Tranche.milestone_id == milestone.id)
    waiting = Funder.id.in_(hangs.where(Tranche.state == "planned"))
    return list(db.session.scalars(sa.select(Funder).where(waiting).order_by(Funder.id)))


def _interest(event: Event) -> Interest:
    found: Interest = thing_of(event, Interest, "interest_id", Interest.idea, Interest.funder)
    return found


def _milestone(event: Event) -> Milestone:
    found: Milestone = thing_of(event, Milestone, "milestone_id", Milestone.idea)
    return found
