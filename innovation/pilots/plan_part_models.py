"""The parts of a pilot's plan beside sites and indicators: budget, permissions, risks, roles, and amendments."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, now
from innovation.pilots.plan_models import Pilot


class OfPlan:
    """A row of a plan: it keeps its position, and with it what was said of it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    position: Mapped[int]


class PilotBudgetLine(OfPlan, Base):
    """One input of a pilot, also what is given free (``in_kind``); the amount is for the whole line."""

    __tablename__ = "pilot_budget_line"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "position"),)

    item: Mapped[str] = mapped_column(sa.String(140))
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    quantity: Mapped[float | None]
    amount_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    paid_by: Mapped[str] = mapped_column(sa.String(140), default="")
    in_kind: Mapped[bool] = mapped_column(default=False)


class PilotPermission(OfPlan, Base):
    """A permission or clearance: how it stands, and who saw it. The paper itself is never kept, nor what is on it."""

    __tablename__ = "pilot_permission"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "position"),)

    kind: Mapped[str] = mapped_column(sa.String(40), default="")  # a key of the definition; empty for another one
    name: Mapped[str] = mapped_column(sa.String(140))
    status: Mapped[str] = mapped_column(sa.String(20), default="needed")  # a key of ``terms.STATUSES``
    stands_since: Mapped[dt.date | None]
    expires_on: Mapped[dt.date | None]
    seen_by: Mapped[str] = mapped_column(sa.String(140), default="")

    pilot: Mapped[Pilot] = relationship()


class PilotRisk(OfPlan, Base):
    __tablename__ = "pilot_risk"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "position"),)

    risk: Mapped[str] = mapped_column(sa.String(200))
    likely: Mapped[str] = mapped_column(sa.String(40), default="")
    harm: Mapped[str] = mapped_column(sa.String(40), default="")
    response: Mapped[str] = mapped_column(sa.String(300), default="")
    owner: Mapped[str] = mapped_column(sa.String(140), default="")


class PilotRole(OfPlan, Base):
    """What is to be done, and who does it: a role or an office, such as the circuit manager."""

    __tablename__ = "pilot_role"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "position"),)

    name: Mapped[str] = mapped_column(sa.String(140))
    does: Mapped[str] = mapped_column(sa.String(300), default="")
    who: Mapped[str] = mapped_column(sa.String(140), default="")


class PilotAmendment(Base):
    """A change to the plan of a pilot that has begun, with its reason; never changed itself.

    ``changes`` are dicts of ``what`` (a column), ``of`` (the row it stands in, if any), ``before`` and ``after``.
    """

    __tablename__ = "pilot_amendment"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    number: Mapped[int]
    part: Mapped[str] = mapped_column(sa.String(20))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)

    pilot: Mapped[Pilot] = relationship()
