"""Provinces, education districts with their older names, schools by EMIS number, and school terms."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base


class Province(Base):
    __tablename__ = "province"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)  # ISO 3166-2, for example ZA-LP
    name: Mapped[str] = mapped_column(sa.String(60))


class District(Base):
    __tablename__ = "district"
    __table_args__ = (sa.UniqueConstraint("province_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"))
    name: Mapped[str] = mapped_column(sa.String(80))
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]

    province: Mapped[Province] = relationship()


class DistrictAlias(Base):
    """An older or other name; without a district it is known but cannot be mapped without asking."""

    __tablename__ = "district_alias"
    __table_args__ = (sa.UniqueConstraint("province_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"))
    name: Mapped[str] = mapped_column(sa.String(80))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"))
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class SchoolTerm(Base):
    """A term of public schools, by a key such as ``2026-3``: readings, plans and reviews are by term."""

    __tablename__ = "school_term"

    key: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class School(Base):
    """A school as its register had it on ``as_of``; ``search_text`` is lower case name, number, places, old names."""

    __tablename__ = "school"
    __table_args__ = (
        sa.Index("ix_school_province_code_name", "province_code", "name"),
        sa.Index(
            "ix_school_unmapped",
            "province_code",
            "old_district",
            sqlite_where=sa.text("district_id IS NULL"),
            postgresql_where=sa.text("district_id IS NULL"),
        ),
    )

    emis: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("province.code"))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"), index=True)
    old_district: Mapped[str] = mapped_column(sa.String(80), default="")
    circuit: Mapped[str] = mapped_column(sa.String(80), default="")
    municipality: Mapped[str] = mapped_column(sa.String(80), default="")
    sector: Mapped[str] = mapped_column(sa.String(20), default="")
    kind: Mapped[str] = mapped_column(sa.String(40), default="")
    phase: Mapped[str] = mapped_column(sa.String(40), default="")
    quintile: Mapped[int | None]
    no_fee: Mapped[bool | None]
    urban_rural: Mapped[str] = mapped_column(sa.String(10), default="")
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    learners: Mapped[int | None]
    educators: Mapped[int | None]
    as_of: Mapped[dt.date | None]
    search_text: Mapped[str] = mapped_column(sa.Text, default="")

    district: Mapped[District | None] = relationship()
    province: Mapped[Province] = relationship()
