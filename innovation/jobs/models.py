"""Long jobs: what was asked for, how far it has come, and what became of each thing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, Versioned, now
from workflows import JOB

OPEN_STATES = ("waiting", "running")
KEPT_FILES = dt.timedelta(days=7)
AT_IT = "A worker is at it."
LEFT = "The worker that had it ended before it went on: look whether it takes more memory than there is."
PLAN = -1  # where a job keeps what it is about to go through


class Job(Versioned, Base):
    """Something done to many things by the worker, as the person who asked. ``payload`` holds ids, codes and keys only.

    ``done``, ``known`` (it was so already) and ``failed`` together say where to go on: they change in the same
    transaction as the things themselves. Columns ``attempts`` and ``next_at`` are those of a lease. ``error`` is
    ``AT_IT`` from when a worker takes it until it goes on: who finds that there knows that the last one ended.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "key"),
        sa.Index(
            "ix_job_owed",
            "next_at",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(sa.String(64))  # the same form sent twice is one job
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[str] = mapped_column(sa.String(12), default=JOB.initial)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime] = mapped_column(default=now)
    error: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def position(self) -> int:
        """How many of its things have been dealt with."""
        return self.done + self.known + self.failed

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def file_until(self) -> dt.datetime | None:
        """Until when a file that it made can be fetched; None before it has finished."""
        return self.finished_at + KEPT_FILES if self.finished_at and self.state == "finished" else None


class JobPart(Base):
    """A piece of what a job makes for its person, which goes with the file: ``at`` is the thing that it belongs to.

    ``seen_as`` says as what its person saw the thing; a piece of what they may no longer see so is left out.
    """

    __tablename__ = "job_part"
    __table_args__ = (sa.UniqueConstraint("job_id", "at", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id", ondelete="CASCADE"))
    at: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    seen_as: Mapped[list[str]] = mapped_column(sa.JSON, default=list)


class JobLine(Base):
    """What became of one thing: nothing to say when it went well, else why it did not."""

    __tablename__ = "job_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(sa.String(40))  # the reference of an idea, or the number of a row
    reasons: Mapped[list[str]] = mapped_column(sa.JSON)
