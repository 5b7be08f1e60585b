"""Whether this process lives and can work: two small answers for whoever watches, outside of sessions and pages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from innovation.db import db, now
from innovation.events import Delivery, Event, EventHead
from innovation.jobs.models import AT_IT, Job
from innovation.notifications.events import SentAgain
from innovation.notifications.mailer import OWED
from innovation.notifications.models import Message
from innovation.values import dataclass

LONGEST_WAIT = dt.timedelta(minutes=15)  # what is due waits longer only where no worker runs
MIGRATIONS = Path(__file__).parent / "migrations"
logger = structlog.get_logger()
Answer = tuple[int, str, bytes]


# What is owed


@dataclass(frozen=True)
class Owed:
    """What waits of one kind: how much, and for how long nobody has taken up the first of what is due.

    Of what was taken up and failed, ``failing_for`` says since when the first is due, however often it was put off.
    ``refused`` counts what its server does not want for now, as where a mailbox is full: that fails for itself alone.
    """

    count: int = 0
    untaken: dt.timedelta = dt.timedelta()
    failing_for: dt.timedelta = dt.timedelta()
    attempts: int = 0
    error: str = ""
    refused: int = 0
    refused_for: dt.timedelta = dt.timedelta()

    @property
    def waiting(self) -> dt.timedelta:
        """For how long the first has been due, whether it was tried or not."""
        return max(self.untaken, self.failing_for)


@dataclass(frozen=True)
class Backlog:
    """What waits for a worker."""

    deliveries: Owed
    messages: Owed
    jobs: Owed
    unsealed: int

    @property
    def kinds(self) -> tuple[Owed, Owed, Owed]:
        return self.deliveries, self.messages, self.jobs

    @property
    def waiting(self) -> dt.timedelta:
        return max(owed.waiting for owed in self.kinds)

    @property
    def untaken(self) -> dt.timedelta:
        return max(owed.untaken for owed in self.kinds)


def find_backlog(connection: sa.Connection) -> Backlog:
    """What is owed at this moment."""
    unsealed = sa.select(sa.func.coalesce(sa.func.sum(EventHead.seq - EventHead.sealed_seq), 0)).where(
        EventHead.seq > EventHead.sealed_seq
    )
    since = sa.select(Event.at).where(Event.id == Delivery.event_id).scalar_subquery()
    not_done = Delivery.done_at.is_(None)
    return Backlog(
        _owed(connection, Delivery, not_done, failed=Delivery.attempts > 0, since=since),
        _owed_messages(connection),
        # A job that goes on in turns has been taken up often; one that gets on has no error.
        _owed(connection, Job, Job.finished_at.is_(None), failed=Job.error != AT_IT, since=Job.asked_at),
        int(connection.scalar(unsealed) or 0),
    )


def _owed_messages(connection: sa.Connection) -> Owed:
    """The mails; one that was sent again is due since then, whatever its number."""
    subject = sa.literal("message:") + sa.cast(Message.id, sa.String)
    again = sa.select(sa.func.max(Event.at)).where(Event.subject == subject, Event.kind == SentAgain.kind())
    since = sa.func.coalesce(again.scalar_subquery(), Message.made_at)
    tried = sa.or_(Message.attempts > 0, Message.error.is_not(None))  # or put off with one that was
    failed = sa.and_(tried, Message.refused_at.is_(None))
    owed = _owed(connection, Message, OWED, failed=failed, since=since, first=since)
    query = sa.select(sa.func.count(), sa.func.min(Message.refused_at)).where(OWED, Message.refused_at.is_not(None))
    refused, earliest = connection.execute(query).one()
    return replace(owed, refused=refused, refused_for=_since(earliest))


def _owed(
    connection: sa.Connection, model: Any, still_owed: Any, *, failed: Any, since: Any, first: Any = None
) -> Owed:
    """What is owed of a kind, with the first that failed: that with the lowest ``first``, which is its number.

    Rows of a kind are numbered as they became due.
    """
    first = model.id if first is None else first
    first_failed = sa.func.min(sa.case((failed, first)))
    query = sa.select(sa.func.count(), sa.func.min(model.next_at), first_failed).select_from(model).where(still_owed)
    count, earliest, failing = connection.execute(query).one()
    untaken = _since(earliest)
    told = sa.select(since, model.attempts, model.error).where(still_owed, failed, first == failing).limit(1)
    found = connection.execute(told).first() if failing is not None else None
    if found is None:
        return Owed(count, untaken)
    due, attempts, error = found
    return Owed(count, untaken, _since(due), attempts, error or "")


def _since(due: dt.datetime | None) -> dt.timedelta:
    return max(dt.timedelta(0), now() - due) if due else dt.timedelta(0)


# The tables


def newest_revision() -> str:
    """The revision that the tables should have."""
    return max(known_revisions())


@lru_cache(maxsize=1)
def known_revisions() -> frozenset[str]:
    """Every revision that this release can bring to the newest: the numbers in the names of the migrations.

    Alembic reads and says the same, but need not be loaded to serve pages.
    """
    return frozenset(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def present_revision(connection: sa.Connection) -> str | None:
    """The revision that the tables have; None where there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


# The answers


def alive() -> Answer:
    """The process answers; nothing else is asked."""
    return 200, "text/plain; charset=utf-8", b"alive\n"


def ready() -> Answer:
    """Whether requests may be sent here: the database answers, the tables fit, and what is due is taken up.

    What is taken up and fails, as where a mail server is away, is ``late``: no page is better for being shut for it.
    """
    checks, late = {"database": False, "tables": False, "queue": False}, False
    try:
        with reading() as connection:
            revision = present_revision(connection)
            checks |= {"database": True, "tables": revision == newest_revision()}
            if checks["tables"]:
                found = find_backlog(connection)
                checks["queue"], late = found.untaken < LONGEST_WAIT, found.waiting >= LONGEST_WAIT
    except SQLAlchemyError as error:
        logger.error("not_ready", error=type(error).__name__)
    good = all(checks.values())
    return (
        200 if good else 503,
        "application/json",
        json.dumps({"ready": good} | checks | {"late": late}).encode() + b"\n",
    )


def reading() -> sa.Connection:
    """A connection of its own that takes no write lock; use it in a ``with``."""
    return db.engine.connect().execution_options(readonly_tx=True)


class Probes:
    """Answers for watchers before anything else does: whatever host name, session or load there is."""

    def __init__(self, inner: Any, answers: Mapping[str, Callable[[Any], Answer]]) -> None:
        self.inner, self.answers = inner, answers

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self.answers.get(environ.get("PATH_INFO", ""))
        if answer is None or environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            passed_on: Iterable[bytes] = self.inner(environ, start_response)
            return passed_on
        status, kind, content = answer(environ)
        phrase = {200: "200 OK", 404: "404 Not Found", 503: "503 Service Unavailable"}[status]
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(phrase, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]


def install(app: Flask) -> None:
    """Answer /healthz and /readyz."""

    def ready_here(_environ: dict[str, Any]) -> Answer:
        with app.app_context():
            return ready()

    answers = {"/healthz": lambda _environ: alive(), "/readyz": ready_here}
    app.wsgi_app = Probes(app.wsgi_app, answers)  # type: ignore[method-assign]
