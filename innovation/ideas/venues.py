"""The clinics where ideas are captured: an area above, so their table is read here by name."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas import policy
from innovation.permission import Actor, NotThere
from innovation.statements import ask, keep
from innovation.values import dataclass

COLUMNS = (
    *("id", "programme_id", "region_id", "code", "title", "challenge"),
    *("theme_id", "topic_id", "district_id", "state", "language"),
)
CLINIC = sa.table("clinic", *(sa.column(name) for name in (*COLUMNS, "starts_on")))
CARD = sa.table("card", *(sa.column(name) for name in ("clinic_id", "reference", "idea_id")))
STEP = sa.table("next_step", *(sa.column(name) for name in ("idea_id", "text")), sa.column("due_on", sa.Date))
MOST = 200


@dataclass(frozen=True)
class Venue:
    """What capturing needs to know of a clinic."""

    id: int
    programme_id: int
    region_id: int
    code: str
    title: str
    challenge: str
    theme_id: int | None
    topic_id: int | None
    district_id: int | None
    state: str
    language: str

    @property
    def clinic_id(self) -> int:
        return self.id


def find_venue(actor: Actor, code: str) -> Venue:
    """The clinic with this code; ``NotThere`` unless the person may capture ideas there."""
    venue = next((Venue(*row) for row in ask(_coded(), {"code": code.strip().upper()})), None)
    if venue is None or not policy.may_capture_idea.allows(actor, venue):
        raise NotThere
    return venue


@lru_cache(maxsize=1)
def _coded() -> Any:
    return keep(_rows().where(CLINIC.c.code == sa.bindparam("code")))


def list_venues(actor: Actor, programme_id: int) -> list[Venue]:
    """The open clinics of a programme where the person may capture ideas, the newest first."""
    query = _rows().where(CLINIC.c.programme_id == programme_id, CLINIC.c.state == "open")
    found = [Venue(*row) for row in db.session.execute(query.order_by(CLINIC.c.starts_on.desc()).limit(MOST))]
    return [venue for venue in found if policy.may_import_ideas.allows(actor, venue)]


def name_venue(clinic_id: int | None) -> str:
    """The title of a clinic; nothing for none."""
    if clinic_id is None:
        return ""
    return db.session.scalar(sa.select(CLINIC.c.title).where(CLINIC.c.id == clinic_id)) or ""


def find_state(clinic_id: int) -> str:
    """Where the clinic stands now."""
    return str(db.session.execute(sa.select(CLINIC.c.state).where(CLINIC.c.id == clinic_id)).scalar_one())


def find_waiting_card(reference: str) -> tuple[int, str] | None:
    """The programme and the key of the idea that a paper card will make, once somebody types it in."""
    joined = CARD.join(CLINIC, CLINIC.c.id == CARD.c.clinic_id)
    query = sa.select(CLINIC.c.programme_id).select_from(joined)
    programme_id = db.session.scalar(query.where(CARD.c.reference == reference, CARD.c.idea_id.is_(None)))
    return (programme_id, f"card:{reference}") if programme_id is not None else None


def find_agreed_step(idea_id: int) -> tuple[str, dt.date | None] | None:
    """What its owner said at the clinic to do next, and by when."""
    row = db.session.execute(sa.select(STEP.c.text, STEP.c.due_on).where(STEP.c.idea_id == idea_id)).first()
    return (row[0], row[1]) if row is not None else None


def _rows() -> Any:
    return sa.select(*(CLINIC.c[name] for name in COLUMNS))
