"""Many places, with what is said of each, as one piece: a page about thousands of them reads a few rows.

A piece is written in the transaction that writes its places, always as a whole, and anew when the register changes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa

from innovation.db import db, insert_into
from innovation.places.models import School
from innovation.places.names import PROVINCES

CODES = tuple(PROVINCES)
UNSAID = -1  # of any number
OPEN = 0  # a day that nobody has said
PARTS = [
    ("site", "<i4"),
    ("kind", "i1"),
    ("province", "i1"),  # its place in CODES
    ("quintile", "i1"),
    ("district", "<i4"),
    ("learners", "<i4"),
    ("teachers", "<i4"),
    ("since", "<i4"),  # days are counted as dates count them
    ("until", "<i4"),
    ("place", "<u8"),  # alike for one place wherever it stands
]


def keep_places(model: Any, owner: Any, number: int, site: Any, *, kind: Any, since: Any, until: Any) -> None:
    """Write the sites of one owner as a piece. Part of a transaction that has locked the owner, and written its sites.

    ``model`` has the column ``owner`` and ``content``; ``site`` is a model with place, emis, learners and teachers.
    """
    import numpy as np

    which: Any = getattr(site, owner.key) == number
    of_school = (School.province_code, School.quintile, School.district_id)
    query = sa.select(site.id, kind, *of_school, site.learners, site.teachers, since, until, site.emis, site.place)
    query = query.select_from(site).outerjoin(School, School.emis == site.emis).where(which).order_by(site.id)
    content = np.array([_row(*row) for row in db.session.execute(query)], PARTS).tobytes()
    new = insert_into(model.__table__)
    new = new.on_conflict_do_update(index_elements=[owner.key], set_={"content": new.excluded.content})
    db.session.execute(new, {owner.key: number, "content": content})


def _row(
    site: int,
    kind: int,
    province: str | None,
    quintile: int | None,
    district: int | None,
    learners: int | None,
    teachers: int | None,
    since: dt.date | None,
    until: dt.date | None,
    emis: str | None,
    place: str,
) -> tuple[int, ...]:
    numbers = (UNSAID if each is None else each for each in (quintile, district, learners, teachers))
    days = (OPEN if each is None else each.toordinal() for each in (since, until))
    lies = CODES.index(province) if province in CODES else UNSAID
    return site, kind, lies, *numbers, *days, _key(emis or place.casefold())


def _key(place: str) -> int:
    return int.from_bytes(hashlib.blake2b(place.encode(), digest_size=8).digest(), "little")


def read_places(content: bytes) -> Any:
    """The places of a piece, in the order of their sites, as an array of ``PARTS``."""
    import numpy as np

    return np.frombuffer(content, PARTS)
