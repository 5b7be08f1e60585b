"""Reading what was measured in a pilot."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.pilots.plan_models import Indicator
from innovation.pilots.reading_models import BASELINE, Reading


def list_readings(indicator: Indicator) -> list[Reading]:
    """The readings of an indicator that stand, the oldest term first, the baseline before all."""
    query = sa.select(Reading).where(Reading.indicator_id == indicator.id, Reading.replaced_at.is_(None))
    found = db.session.scalars(query.order_by(Reading.term, Reading.site_id))
    return sorted(found, key=lambda reading: (reading.term != BASELINE, reading.term, reading.site_id))
