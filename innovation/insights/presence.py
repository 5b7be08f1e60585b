"""Where innovations are at work: every source of places, as rows of one shape that the database can join and count.

A row is one stay of an idea at a place: ``kind`` (pilot or rollout), ``place`` (a number of the register or a name),
``emis``, ``learners`` and ``teachers`` as said for that stay (or nothing), ``since`` and ``until`` (days, open ends are
null). Places that are measured for comparison only are no stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.replication.models import Rollout, RolloutSite

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


SOURCES: list[Callable[[], Rows]] = [pilot_sites, rollout_sites]


def stays() -> sa.Subquery:
    """All of them."""
    parts = [source() for source in SOURCES]
    return (parts[0] if len(parts) == 1 else sa.union_all(*parts)).subquery("stay")
