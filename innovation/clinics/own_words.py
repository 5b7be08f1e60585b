"""What clinics say to participants in the words of whoever planned them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from innovation.clinics.agenda import steps_of
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.languages import lazy_gettext
from innovation.programmes.models import Programme
from innovation.programmes.own_words import also_written

MOST = 20  # the latest that people still join, or will


@also_written
def words_of_clinics(programme: Programme) -> Iterator[tuple[Any, str]]:
    rows = db.session.execute(
        sa.select(Clinic.title, Clinic.challenge, Clinic.agenda)
        .where(Clinic.programme_id == programme.id, Clinic.state.in_(("planned", "open")))
        .order_by(Clinic.id.desc())
        .limit(MOST)
    )
    for title, challenge, agenda in rows:
        yield lazy_gettext("Title of a clinic"), title
        yield lazy_gettext("Challenge of a clinic"), challenge
        yield from ((lazy_gettext("Part of a run sheet"), step.what) for step in steps_of(agenda))
