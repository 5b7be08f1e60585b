"""Where a role holds: the site, a programme, a region, a clinic or a funder.

Those are things of areas above, so their tables are read here by name and no model is imported.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from innovation.accounts.models import RoleGrant
from innovation.db import db
from innovation.permission import Actor
from innovation.values import dataclass

WHERE = {
    "administrator": ("site",),
    "manager": ("programme", "region"),
    "coordinator": ("programme", "region"),
    "facilitator": ("programme", "region", "clinic"),
    "funder_admin": ("funder",),
    "funder_member": ("funder",),
}
MOST_CLINICS = 200
MOST_FUNDERS = 300


TEXTS = ("name", "code", "title")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, sa.String() if column in TEXTS else None) for column in columns))


PROGRAMME = _table("programme", "id", "name")
REGION = _table("region", "id", "programme_id", "name", "retired_at")
CLINIC = _table("clinic", "id", "programme_id", "region_id", "code", "title", "starts_on")
FUNDER = _table("funder", "id", "name")


@dataclass(frozen=True)
class Scope:
    """A place where a role may hold; ``key`` is how forms and addresses write it (``region:3``)."""

    key: str
    label: str = ""
    programme_id: int | None = None
    region_id: int | None = None
    clinic_id: int | None = None
    funder_id: int | None = None

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    def columns(self) -> dict[str, int | None]:
        return {
            "programme_id": self.programme_id,
            "region_id": self.region_id,
            "clinic_id": self.clinic_id,
            "funder_id": self.funder_id,
        }


SITE = Scope("site")


def list_scopes(actor: Actor) -> list[Scope]:
    """Every place where this person may give a role, the whole before its parts."""
    everything = actor.is_system or actor.has("administrator")
    found = [*_programmes(), *_regions(), *_clinics()]
    if everything:
        return [SITE, *found, *_funders()]
    return [scope for scope in found if actor.holds("manager", scope)]


def find_scope(actor: Actor, key: str) -> Scope | None:
    """The place with this key, when this person may give roles there."""
    return next((scope for scope in list_scopes(actor) if scope.key == key), None)


def _programmes() -> list[Scope]:
    rows = db.session.execute(sa.select(PROGRAMME.c.id, PROGRAMME.c.name).order_by(PROGRAMME.c.name))
    return [Scope(f"programme:{row.id}", row.name, programme_id=row.id) for row in rows]


def _regions() -> list[Scope]:
    rows = db.session.execute(
        sa.select(REGION.c.id, REGION.c.programme_id, REGION.c.name)
        .where(REGION.c.retired_at.is_(None))
        .order_by(REGION.c.name)
    )
    return [Scope(f"region:{row.id}", row.name, programme_id=row.programme_id, region_id=row.id) for row in rows]


def _clinics() -> list[Scope]:
    rows = db.session.execute(
        sa.select(CLINIC.c.id, CLINIC.c.programme_id, CLINIC.c.code, CLINIC.c.title)
        .order_by(CLINIC.c.starts_on.desc(), CLINIC.c.id.desc())
        .limit(MOST_CLINICS)
    )
    return [
        Scope(f"clinic:{row.id}", f"{row.code} {row.title}", programme_id=row.programme_id, clinic_id=row.id)
        for row in rows
    ]


def _funders() -> list[Scope]:
    rows = db.session.execute(sa.select(FUNDER.c.id, FUNDER.c.name).order_by(FUNDER.c.name).limit(MOST_FUNDERS))
    return [Scope(f"funder:{row.id}", row.name, funder_id=row.id) for row in rows]


def name_scopes(grants: Iterable[RoleGrant]) -> dict[int, str]:
    """What to call the place of each role, by the role's id; empty for the whole site. One query."""
    ids = [grant.id for grant in grants]
    if not ids:
        return {}
    named = (
        sa.select(
            RoleGrant.id,
            sa.func.coalesce(FUNDER.c.name, CLINIC.c.code + " " + CLINIC.c.title, REGION.c.name, PROGRAMME.c.name, ""),
        )
        .outerjoin(FUNDER, FUNDER.c.id == RoleGrant.funder_id)
        .outerjoin(CLINIC, CLINIC.c.id == RoleGrant.clinic_id)
        .outerjoin(REGION, REGION.c.id == RoleGrant.region_id)
        .outerjoin(PROGRAMME, PROGRAMME.c.id == RoleGrant.programme_id)
        .where(RoleGrant.id.in_(ids))
    )
    return {row[0]: row[1] for row in db.session.execute(named)}
