"""Where innovations are at work: every source of places, each place by itself and all of an owner as one piece.

Both say the same. By itself, a row is one stay of an idea at a place: ``kind`` (pilot or rollout), ``place`` (a number
of the register or a name), ``emis``, ``learners`` and ``teachers`` as said for that stay (or nothing), ``since`` and
``until`` (days, open ends are null). As one piece they come with the days of their owner, which count where a place has
none of its own, and with whether only those places count that had begun. Places that are measured for comparison only
are no stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from innovation.pilots.plan_models import Pilot, PilotPlaces, PilotSite
from innovation.replication.models import Rollout, RolloutPlaces, RolloutSite

Rows = sa.Select[*tuple[Any, ...]]


def pilot_sites() -> Rows:
    """Sites of pilots that began; one that left was there until that day."""
    until = sa.func.coalesce(PilotSite.left_on, Pilot.ends_on)
    return (
        sa.select(
            Pilot.idea_id.label("idea_id"),
            sa.literal("pilot").label("kind"),
            PilotSite.place.label("place"),
            PilotSite.emis.label("emis"),
            PilotSite.learners.label("learners"),
            PilotSite.teachers.label("teachers"),
            Pilot.starts_on.label("since"),
            until.label("until"),
        )
        .join(Pilot)
        .where(Pilot.state != "planned", PilotSite.is_comparison.is_(False))
    )


def rollout_sites() -> Rows:
    """Places of rollouts that began; of one that was stopped, those where it had begun."""
    began = sa.or_(
        Rollout.state.in_(("running", "ended")),
        sa.and_(Rollout.state == "stopped", RolloutSite.starts_on.is_not(None)),
    )
    return (
        sa.select(
            Rollout.idea_id,
            sa.literal("rollout"),
            RolloutSite.place,
            RolloutSite.emis,
            RolloutSite.learners,
            RolloutSite.teachers,
            sa.func.coalesce(RolloutSite.starts_on, Rollout.agreed_on),
            sa.func.coalesce(RolloutSite.ends_on, Rollout.closed_on),
        )
        .join(Rollout)
        .where(began)
    )


def pilots_at_work() -> Rows:
    """The same, all places of a pilot together."""
    days = (Pilot.starts_on.label("since"), Pilot.ends_on.label("until"))
    about = (Pilot.idea_id.label("idea_id"), sa.literal("pilot").label("kind"), *days)
    only_begun = sa.false().label("only_begun")
    query = sa.select(*about, only_begun, PilotPlaces.content.label("content")).join(Pilot)
    return query.where(Pilot.state != "planned")


def rollouts_at_work() -> Rows:
    """The same, all places of a rollout together."""
    about = (Rollout.idea_id, sa.literal("rollout"), Rollout.agreed_on, Rollout.closed_on, Rollout.state == "stopped")
    query = sa.select(*about, RolloutPlaces.content).join(Rollout)
    return query.where(Rollout.state.in_(("running", "ended", "stopped")))


SOURCES: list[Callable[[], Rows]] = [pilot_sites, rollout_sites]
PIECES: list[Callable[[], Rows]] = [pilots_at_work, rollouts_at_work]


def stays() -> sa.Subquery:
    """All of them, each place by itself."""
    return _together(SOURCES)


def pieces() -> sa.Subquery:
    """All of them, a row for each pilot and rollout."""
    return _together(PIECES)


def _together(sources: list[Callable[[], Rows]]) -> sa.Subquery:
    return sa.union_all(*(source() for source in sources)).subquery("stay")
