"""The places of a pilot or rollout and the readings of an indicator in a term as pieces; why a place left a rollout."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

KEYS = "SELECT DISTINCT indicator_id, term FROM reading WHERE replaced_at IS NULL"
STANDING = "SELECT site_id, learners, value FROM reading WHERE indicator_id = :of AND term = :at AND replaced_at IS NULL"
SITES = """
SELECT site.{owner}_id, site.id, {kind}, school.province_code, school.quintile, school.district_id,
       site.learners, site.teachers, {since}, {until}, site.emis, site.place
FROM {owner}_site AS site LEFT JOIN school ON school.emis = site.emis ORDER BY 1, 2
"""
KIND = "CASE WHEN site.is_comparison THEN 2 WHEN site.is_high_dosage THEN 1 ELSE 0 END"
OWNERS = (
    ("pilot", {"kind": KIND, "since": "NULL", "until": "site.left_on"}),
    ("rollout", {"kind": "0", "since": "site.starts_on", "until": "site.ends_on"}),
)
CODES = ("ZA-EC", "ZA-FS", "ZA-GP", "ZA-KZN", "ZA-LP", "ZA-MP", "ZA-NC", "ZA-NW", "ZA-WC")


def upgrade() -> None:
    op.create_table(
        "reading_column",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"]),
        sa.PrimaryKeyConstraint("indicator_id", "term"),
    )
    columns = _table("reading_column", "indicator_id", "term")
    connection = op.get_bind()
    for of, at in connection.execute(sa.text(KEYS)).all():
        rows = connection.execute(sa.text(f"{STANDING} ORDER BY site_id"), {"of": of, "at": at})
        content = b"".join(struct.pack("<iid", site, _number(number), value) for site, number, value in rows)
        connection.execute(columns.insert().values(indicator_id=of, term=at, content=content))
    for owner, named in OWNERS:
        _pack(owner, named)
    with op.batch_alter_table("rollout_site") as batch:
        batch.add_column(sa.Column("left_because", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("rollout_site") as batch:
        batch.alter_column("left_because", existing_type=sa.String(200), existing_nullable=False, server_default=None)


def _pack(owner: str, named: dict[str, str]) -> None:
    key = f"{owner}_id"
    op.create_table(
        f"{owner}_places",
        sa.Column(key, sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint([key], [f"{owner}.id"]),
        sa.PrimaryKeyConstraint(key),
    )
    rows = op.get_bind().execute(sa.text(SITES.format(owner=owner, **named))).all()
    for of, sites in groupby(rows, key=lambda row: row[0]):
        content = b"".join(_packed(row) for row in sites)
        op.get_bind().execute(_table(f"{owner}_places", key).insert().values({key: of, "content": content}))


def _table(name: str, *keys: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(key) for key in keys), sa.column("content", sa.LargeBinary()))


def _packed(row: Any) -> bytes:
    _owner, site, kind, province, quintile, district, learners, teachers, since, until, emis, place = row
    lies = CODES.index(province) if province in CODES else -1
    numbers = [_number(each) for each in (quintile, district, learners, teachers)]
    key = hashlib.blake2b((emis or place.casefold()).encode(), digest_size=8).digest()
    return struct.pack("<ibbbiiiii", site, kind, lies, *numbers, *_days(since, until)) + key


def _days(*days: dt.date | str | None) -> Iterator[int]:
    for day in days:
        given = dt.date.fromisoformat(day) if isinstance(day, str) else day
        yield given.toordinal() if given else 0


def _number(number: int | None) -> int:
    return -1 if number is None else number


def downgrade() -> None:
    with op.batch_alter_table("rollout_site") as batch:
        batch.drop_column("left_because")
    for table in ("rollout_places", "pilot_places", "reading_column"):
        op.drop_table(table)
