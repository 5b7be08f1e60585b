"""What a panel is for beyond its own gate and region, and how long its members are in office."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from innovation.db import Base


class PanelGate(Base):
    """A further gate at which a panel sits, beside its own."""

    __tablename__ = "panel_gate"

    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panel.id"), primary_key=True)
    gate_key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)


class PanelTheme(Base):
    """A theme that a panel is for; one without any is for all of them."""

    __tablename__ = "panel_theme"

    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panel.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(sa.ForeignKey("theme.id"), primary_key=True)


class Covering:
    """Further gates and themes of a panel."""

    gate_key: Mapped[str]

    @declared_attr
    def further_gates(cls) -> Mapped[list[PanelGate]]:
        return relationship(PanelGate, order_by=PanelGate.gate_key, cascade="all, delete-orphan")

    @declared_attr
    def for_themes(cls) -> Mapped[list[PanelTheme]]:
        return relationship(PanelTheme, order_by=PanelTheme.theme_id, cascade="all, delete-orphan")

    @property
    def gate_keys(self) -> tuple[str, ...]:
        """Every gate at which it sits, its own first."""
        return (self.gate_key, *(each.gate_key for each in self.further_gates))

    @property
    def theme_ids(self) -> tuple[int, ...]:
        """The themes that it is for; none means all of them."""
        return tuple(each.theme_id for each in self.for_themes)


class Serving:
    """A term of office; ``term_until`` is its last day, and without days it has no end."""

    until: Mapped[dt.datetime | None]
    term_from: Mapped[dt.date | None]
    term_until: Mapped[dt.date | None]

    def serves(self, day: dt.date) -> bool:
        """True while the membership lasts and its term has begun and not lapsed."""
        begun = self.term_from is None or self.term_from <= day
        return self.until is None and begun and not self.lapsed(day)

    def lapsed(self, day: dt.date) -> bool:
        return self.term_until is not None and self.term_until < day
