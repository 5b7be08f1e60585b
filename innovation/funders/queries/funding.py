"""Reading talks, commitments and tranches: a funder finds its own, an idea's people find the idea's."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.db import db
from innovation.funders import policy
from innovation.funders.codes import DILIGENCE_NAMES, IN_KIND
from innovation.funders.commitment_models import Check, Commitment, Talk, Tranche
from innovation.funders.counting import Line, Totals, matched, totals
from innovation.funders.models import Funder, Interest
from innovation.funders.queries.interests import find_own_interest
from innovation.ideas.models import Idea
from innovation.ideas.queries import latest_ask, walled
from innovation.permission import Actor, NotThere
from workflows import CommitmentFacts, TalksFacts

NOT_COUNTED = ("offered", "declined")
UNDER_WAY = ("offered", "committed", "agreed")
SETTLED = ("fine", "not_needed")
MOST = 200
MET = ("accepted", "ended")  # the states of an interest that the owner accepted once
WITH = (
    joinedload(Commitment.idea),
    joinedload(Commitment.funder),
    joinedload(Commitment.talk),
    selectinload(Commitment.tranches).joinedload(Tranche.milestone),
)


# The funder's side


def find_introduction(actor: Actor, funder: Funder, reference: str) -> Interest:
    """The newest interest of this funder that the idea's owner accepted, also when it is over.

    Whoever is behind a wall finds nothing.
    """
    found = find_own_interest(funder, reference, *MET)
    if found is None or _is_walled(actor, found.idea_id):
        raise NotThere
    return found


def _is_walled(actor: Actor, idea_id: int) -> bool:
    return db.session.scalar(sa.select(Idea.id).where(Idea.id == idea_id, walled(actor))) is not None


def find_own_commitment(actor: Actor, commitment_id: int) -> Commitment:
    """A commitment of a funder that the person works for."""
    found = db.session.scalar(
        sa.select(Commitment)
        .join(Commitment.idea)
        .where(Commitment.id == commitment_id, Commitment.funder_id.in_(sorted(actor.funder_ids)), ~walled(actor))
        .options(*WITH)
    )
    if found is None:
        raise NotThere
    return found


def find_tranche(commitment: Commitment, tranche_id: int) -> Tranche:
    found = next((tranche for tranche in commitment.tranches if tranche.id == tranche_id), None)
    if found is None:
        raise NotThere
    return found


# Both sides


def talk_of(interest: Interest) -> Talk | None:
    """The talks that followed an introduction, with what the funder has looked at."""
    return db.session.scalar(
        sa.select(Talk)
        .where(Talk.interest_id == interest.id)
        .options(joinedload(Talk.idea), joinedload(Talk.funder), selectinload(Talk.checks))
    )


def commitments_of_talk(talk: Talk) -> list[Commitment]:
    """What was offered or committed in these talks, in its order."""
    query = sa.select(Commitment).where(Commitment.talk_id == talk.id).order_by(Commitment.id).limit(MOST)
    return list(db.session.scalars(query.options(*WITH)))


# The idea's side


def talks_of(idea: Idea) -> list[Talk]:
    """Every funder's talks about the idea, the newest last."""
    query = sa.select(Talk).where(Talk.idea_id == idea.id).options(joinedload(Talk.funder), joinedload(Talk.idea))
    return list(db.session.scalars(query.order_by(Talk.id).limit(MOST)))


def find_talk(actor: Actor, idea: Idea, talk_id: int) -> Talk:
    found = db.session.get(Talk, talk_id, options=[joinedload(Talk.idea), joinedload(Talk.funder)])
    if found is None or found.idea_id != idea.id or not policy.may_see_funding.allows(actor, idea):
        raise NotThere
    return found


def commitments_of(idea: Idea) -> list[Commitment]:
    """What all funders offered or committed, those that wait for the owner first."""
    query = sa.select(Commitment).where(Commitment.idea_id == idea.id).options(*WITH)
    waiting = (Commitment.state == "offered").desc()
    return list(db.session.scalars(query.order_by(waiting, Commitment.id).limit(MOST)))


def find_commitment(actor: Actor, idea: Idea, commitment_id: int) -> Commitment:
    found = db.session.get(Commitment, commitment_id, options=list(WITH))
    if found is None or found.idea_id != idea.id or not policy.may_see_funding.allows(actor, idea):
        raise NotThere
    return found


# Sums and facts


def lines_of(idea_id: int) -> list[Line]:
    """Every commitment to the idea as far as it counts."""
    rows = db.session.execute(
        sa.select(
            Commitment.funder_id,
            Commitment.currency,
            Commitment.instrument,
            Commitment.amount_minor - Commitment.withdrawn_minor,
            Commitment.released_minor,
        ).where(Commitment.idea_id == idea_id, Commitment.state.not_in(NOT_COUNTED))
    )
    return [
        Line(funder, currency, instrument in IN_KIND, standing, released)
        for funder, currency, instrument, standing, released in rows
    ]


def matched_of(idea: Idea, commitments: Iterable[Commitment]) -> dict[int, int]:
    """How far others match each commitment of the idea that waits for them, and no further than what stands."""
    waiting = [each for each in commitments if each.match_percent is not None and each.state in ("committed", "agreed")]
    lines = lines_of(idea.id) if waiting else []
    return {
        each.id: min(each.standing_minor, matched(lines, each.funder_id, each.currency, each.match_percent or 0))
        for each in waiting
    }


def committed_by(funder: Funder) -> dict[int, int]:
    """What this funder has committed in rand by idea: its own money, since that of others is opened field by field."""
    return {idea_id: cents for (idea_id, _funder), cents in _committed(Commitment.funder_id == funder.id).items()}


def committed_to(scope: sa.ColumnElement[bool]) -> dict[tuple[int, int], int]:
    """What is committed in rand to the ideas of a scope, by idea and funder: for whoever may see their funding."""
    return _committed(Commitment.idea_id.in_(sa.select(Idea.id).where(scope)))


def _committed(which: sa.ColumnElement[bool]) -> dict[tuple[int, int], int]:
    by = (Commitment.idea_id, Commitment.funder_id)
    standing = sa.func.sum(Commitment.amount_minor - Commitment.withdrawn_minor)
    counts = sa.and_(Commitment.state.not_in(NOT_COUNTED), Commitment.instrument.not_in(IN_KIND))
    query = sa.select(*by, standing).group_by(*by).where(which, Commitment.currency == "ZAR", counts)
    return {(row[0], row[1]): int(row[2]) for row in db.session.execute(query)}


def totals_of(idea: Idea) -> Totals:
    """What the idea asks, what is committed and released, and the gap."""
    ask = latest_ask(idea)
    return totals(lines_of(idea.id), ask.amount_cents if ask else None)


def unsettled(checks: Iterable[Check]) -> list[str]:
    """The points of due diligence that the funder has not settled."""
    done = {check.item for check in checks if check.verdict in SETTLED}
    return [key for key in DILIGENCE_NAMES if key not in done]


def talks_facts(talk: Talk, *, shared: bool) -> TalksFacts:
    checks = db.session.scalars(sa.select(Check).where(Check.talk_id == talk.id))
    states = list(db.session.scalars(sa.select(Commitment.state).where(Commitment.talk_id == talk.id)))
    under_way = sum(state in UNDER_WAY for state in states)
    return TalksFacts(shared, len(unsettled(checks)), under_way, under_way)


def commitment_facts(commitment: Commitment, *, beyond: int = 0, deliberate: bool = False) -> CommitmentFacts:
    planned = sum(tranche.amount_minor for tranche in commitment.tranches if tranche.state != "cancelled")
    return CommitmentFacts(
        commitment.standing_minor, planned, commitment.released_minor, beyond=beyond, deliberate=deliberate
    )
