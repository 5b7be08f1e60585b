"""The places of a rollout as one piece."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.places import packed
from innovation.replication.models import RolloutPlaces, RolloutSite


def keep_places(rollout_id: int) -> None:
    """Write down the places of a rollout that is locked."""
    days = {"since": RolloutSite.starts_on, "until": RolloutSite.ends_on}
    packed.keep_places(RolloutPlaces, RolloutPlaces.rollout_id, rollout_id, RolloutSite, kind=sa.literal(0), **days)
