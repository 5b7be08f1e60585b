"""A pilot with readings in the world of the tests."""

from __future__ import annotations

from typing import Any

from innovation.db import db
from innovation.ideas.models import Idea
from tests import make
from tests.pilots.held import pilot
from tests.pilots.measured import measure

Things = dict[str, dict[str, Any]]


def build(things: Things) -> Things:
    """That of the idea which has funders, at three sites."""
    made = pilot(db.session.get_one(Idea, things["idea_id"]["funded"]))
    measure(made, (20, 20, 20), (27, 28, 30))
    make.add(made.sites[0]).place = "A hall"
    return {"measured_pilot": {"funded": made.id}}
