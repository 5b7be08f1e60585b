"""Reminding whoever keeps a funder that a mandate is near its end, or past it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.funders import freshness
from innovation.funders.models import Mandate
from innovation.notifications import messages, post, recipients
from innovation.web import local


def remind_of_mandate(number: int, day: dt.date) -> None:
    """On each of the days once; days before it was confirmed are not made up for."""
    found = db.session.get_one(Mandate, number, options=[joinedload(Mandate.programme)])
    due = freshness.reminder_day(found.stale_on, day)
    if due is not None and due >= local(found.confirmed_at).date():
        letter = messages.mandate_due(found, today=day)
        for person in recipients.keepers(found.funder_id):
            post.notify(person, letter, why=f"mandate:{found.id}:{due.isoformat()}")
