"""The places of a rollout as one piece."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.places import packed
from innovation.replication.models import Rollout, RolloutPlaces, RolloutSite


def keep_places(rollout_id: int) -> None:
    """Write down the places of a rollout that is locked."""
    days = {"since": RolloutSite.starts_on, "until": RolloutSite.ends_on}
    packed.keep_places(RolloutPlaces, RolloutPlaces.rollout_id, rollout_id, RolloutSite, kind=sa.literal(0), **days)


def keep_all_anew() -> None:
    """Write down those of all of them anew, each when nobody else is at it."""
    for rollout_id in db.session.scalars(sa.select(Rollout.id).order_by(Rollout.id).with_for_update()).all():
        keep_places(rollout_id)
