"""The database: the declarative base, column types, how each engine is spoken to, and bounded paging."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import os
import select
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from innovation import presence, questions, traces
from innovation.server_presence import take_part
from innovation.values import dataclass
from innovation.writers import Turn, queued

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(sa.TypeDecorator[dt.datetime]):
    """An instant: refuses naive values, stores UTC, gives UTC back on every engine."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time needs its time zone.")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """What every model inherits."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        dt.datetime: UTCDateTime(),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
        list[Any]: sa.JSON(),
        str: sa.String(),
    }


class Versioned:
    """A row with a state: a stale write fails instead of winning."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


# What was read stays read after the commit: an answer is made from it, and reading it anew would take the lock again.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


fixed_now: ContextVar[dt.datetime | None] = ContextVar("fixed_now", default=None)
"""Set only by the demonstration, whose story is told in the past."""


def now() -> dt.datetime:
    """This instant, in UTC."""
    traces.spoil()
    return fixed_now.get() or dt.datetime.now(dt.UTC)


def this_day() -> dt.date:
    """The date in UTC."""
    return traces.look(lambda: now().date())


LOG_PAGES = 4000  # that SQLite writes before it copies them into the file, within the turn of whoever wrote the last
KEPT_OF_FILE = 512  # KB that SQLite holds for each connection; the system keeps the file at hand for all of them
STATEMENTS = 80  # compiled ones that a process keeps, an eighth of a megabyte each; up to half more in between


def sqlite_driver() -> Any:
    """The SQLite build to use: the bundled one, free of the WAL-reset bug, else None for Python's own."""
    try:
        return importlib.import_module("pysqlite3")
    except ImportError:
        return None


# A server that has gone without a word is given up after seconds, not after the quarter of an hour of TCP.
IMPATIENT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# From the server's side: a machine that has gone in the middle of a transaction must not keep its locks.
SERVER_SIDE = {
    "idle_in_transaction_session_timeout": "120s",
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
    # It plans for disks that turn, where it would rather read a whole table than four hundred rows here and there, and
    # for questions of minutes, which pay for being compiled.
    "random_page_cost": "1.1",
    "jit": "off",
}


def engine_options(url: str, name: str = "gatehouse") -> dict[str, Any]:
    """Options for ``create_engine`` that suit the database at ``url``; a server is told the ``name``."""
    quiet = {"hide_parameters": True, "query_cache_size": STATEMENTS}  # errors are logged, not what people typed
    if sa.make_url(url).get_backend_name() != "sqlite":
        known = IMPATIENT | {
            "application_name": name,
            "options": " ".join(f"-c {k}={v}" for k, v in SERVER_SIDE.items()),
        }
        pool = {"pool_pre_ping": True, "pool_use_lifo": True, "pool_size": 10, "max_overflow": 20}
        return {**quiet, **pool, "connect_args": known}  # the last one used has its statements and their plans ready
    driver = sqlite_driver()
    queue = {"connect_args": {"factory": queued(driver or sqlite3)}}
    return quiet | queue | ({"module": driver} if driver else {})


def keep_private(file: str) -> None:
    """Let nobody but its owner read a new database, and no stranger an old one; what SQLite lays beside it follows.

    An old one may be shared with a group on purpose, so its group is left alone: ``gatehouse doctor`` speaks of it.
    """
    for path in (file, f"{file}-wal", f"{file}-shm", f"{file}-journal", f"{file}-writers"):
        with contextlib.suppress(OSError):  # it may be missing, of somebody else, or where nothing can be written
            found = os.lstat(path)
            if not stat.S_ISREG(found.st_mode):
                continue  # what it leads to may be anybody's
            mode = stat.S_IMODE(found.st_mode)
            closed = mode & ~0o077 if path == file and not found.st_size else mode & ~0o007
            if closed != mode:
                os.chmod(path, closed)


def prepare_engine(engine: sa.Engine) -> None:
    """Make SQLite safe for many writers: WAL, foreign keys, and a write lock, in turn, when a transaction begins."""
    questions.note_from(engine)
    if engine.dialect.name != "sqlite":
        _look_before_asking(engine.dialect)
        event.listen(engine, "connect", lambda connection, _record: take_part(connection, engine.dialect))
        return
    journal = "WAL" if sqlite_driver() else "TRUNCATE"
    file = file_of(engine)
    if file:
        _stay_with_the_file(engine, file)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        if file:
            keep_private(file)
        connection.isolation_level = None
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            f"cache_size=-{KEPT_OF_FILE}",
            f"wal_autocheckpoint={LOG_PAGES}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if file:
            connection.turn = Turn(file)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("readonly_tx"):
            _require_same_file(connection, file)
            connection.exec_driver_sql("BEGIN DEFERRED")
            return
        turn: Turn | None = getattr(connection.connection.dbapi_connection, "turn", None)
        if turn is not None:
            turn.take()
        try:
            _require_same_file(connection, file)  # it may have been moved while this one waited
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            if turn is not None:
                turn.give_up()
            raise


def file_of(engine: sa.Engine) -> str | None:
    """The file that the database is; None where it is none."""
    is_file = engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:")
    return os.path.realpath(str(engine.url.database)) if is_file else None


def _stay_with_the_file(engine: sa.Engine, file: str) -> None:
    """Let each connection say that the file is in use, and know which file it has opened."""

    @event.listens_for(engine, "do_connect")
    def open_file(dialect: Any, _record: Any, words: Any, said: Any) -> Any:
        try:
            share = presence.Share(file)
        except OSError as error:  # told as what else a database refuses
            raise dialect.loaded_dbapi.OperationalError(str(error)) from error
        try:
            if presence.is_kept(file):  # it is missing because somebody moved it: an empty one must not stand in
                connection = dialect.connect(f"{Path(file).as_uri()}?mode=rw", **said, uri=True)
            else:
                connection = dialect.connect(*words, **said)
        except BaseException:
            share.close()
            raise
        connection.share, connection.opened = share, presence.identity(file)
        return connection


def _require_same_file(connection: sa.Connection, file: str | None) -> None:
    """Refuse to go on in a file that was moved away: what is written there nobody finds again."""
    opened = getattr(connection.connection.dbapi_connection, "opened", None)
    if file is None or opened is None or opened == presence.identity(file):
        return
    connection.invalidate()
    connection.engine.dispose()  # the others have the old file as well
    raise sa.exc.OperationalError("BEGIN", None, FileNotFoundError(f"{file} was moved away, or another put there."))


def _look_before_asking(dialect: Any) -> None:
    """Let a kept connection be asked whether it lives only where its server has said something, as a farewell.

    One that went without a word is closed by the timeouts of ``IMPATIENT``, which is seen as well.
    """
    ask = dialect.do_ping

    def do_ping(connection: Any) -> bool:
        heard = select.poll()
        heard.register(connection.fileno(), select.POLLIN)
        return bool(ask(connection)) if heard.poll(0) else True

    dialect.do_ping = do_ping


@contextlib.contextmanager
def ample_cache(megabytes: int = 256) -> Iterator[None]:
    """Where much is written at once, SQLite keeps more of its file at hand: indexes are read all over."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    connection = db.session.connection()
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{megabytes * 1024}")
    yield
    connection.exec_driver_sql(f"PRAGMA cache_size={usual}")


@contextlib.contextmanager
def indexed_afterwards(tables: Sequence[str]) -> Iterator[None]:
    """Where much is written into these tables at once, SQLite builds their indexes at its end, all or nothing."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    connection = db.session.connection()
    found = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :of")
    indexes = connection.execute(found.bindparams(sa.bindparam("of", list(tables), expanding=True))).all()
    for name, _sql in indexes:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _name, sql in indexes:
        connection.exec_driver_sql(sql)


def begin_reading() -> None:
    """Let the transaction that is about to begin take no write lock."""
    if not db.session().in_transaction():
        db.session.connection(execution_options={"readonly_tx": True})


def hold_row(thing: Any) -> None:
    """Keep the row of this thing from everybody else until the transaction ends, and read it anew.

    What was read along with it stays free: PostgreSQL locks nothing that an outer join may leave empty.
    """
    if db.session.is_modified(thing):
        db.session.flush()  # reading anew would forget what has been set and not been written yet
    db.session.refresh(thing, with_for_update={"of": type(thing)})


def writers_take_turns() -> bool:
    """True where a command is alone from its beginning on, as on SQLite; what its view has read may be older."""
    return bool(db.engine.dialect.name == "sqlite")


def insert_into(table: Any, engine: sa.Engine | None = None) -> Any:
    """An insert in the words of the engine, which can say what to do about a row that is there already."""
    words = importlib.import_module(f"sqlalchemy.dialects.{(engine or db.engine).dialect.name}")
    return words.insert(table)


def local_day(instant: Any, zone: str) -> sa.ColumnElement[dt.date]:
    """The date of an instant in a query, in a time zone as it is now: near midnight an hour of summer time may lack."""
    if db.engine.dialect.name == "postgresql":
        return sa.cast(sa.func.timezone(zone, instant), sa.Date)
    offset = now().astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()
    return sa.func.date(instant, f"{offset.total_seconds():+.0f} seconds", type_=sa.Date())


def whole_number(text: Any) -> int | None:
    """The number that plain digits say, where a column can hold it; None for anything else that may be sent."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def small_number(text: Any) -> int:
    """The same as the ``type`` of a value of a request, where ``ValueError`` means that nothing usable was sent."""
    found = whole_number(text)
    if found is None:
        raise ValueError(text)
    return found


COUNT_LIMIT = 1000
MOST_PAGES = 500
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; ``total`` is exact up to its ``limit``, and says ``1 000+`` above it."""

    items: Sequence[Row]
    number: int
    size: int
    counted: int
    has_next: bool
    url: Callable[[int], str] = lambda number: f"?page={number}"
    limit: int = COUNT_LIMIT

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def total(self) -> str:
        return f"{self.limit:,}+".replace(",", " ") if self.counted > self.limit else str(self.counted)

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.counted, self.limit) // self.size))

    def at(self, url: Callable[[int], str]) -> Self:
        """The same page, knowing the address of each page number."""
        return type(self)(self.items, self.number, self.size, self.counted, self.has_next, url, self.limit)


def bounded_count(query: sa.Select[Any]) -> sa.ScalarSelect[int]:
    """How many rows a query has, counted up to just above ``COUNT_LIMIT``, as a part of a query."""
    ones = query.order_by(None).with_only_columns(sa.literal(1), maintain_column_froms=True)
    return sa.select(sa.func.count()).select_from(ones.limit(COUNT_LIMIT + 1).subquery()).scalar_subquery()


def paginate(
    query: sa.Select[Any], *, page: int = 1, size: int = 20, scalars: bool = True, counted: int | None = None
) -> Page[Any]:
    """The rows of one page with one bounded count, unless that is ``counted`` already: two queries at most."""
    page = max(1, min(page, MOST_PAGES))
    if counted is None:
        counted = db.session.scalar(sa.select(bounded_count(query))) or 0
    result = db.session.execute(query.offset((page - 1) * size).limit(size + 1))
    rows = list(result.scalars() if scalars else result)
    return page_of(rows, page, size, counted)


def page_of(rows: Sequence[Row], number: int, size: int, counted: int, *, limit: int = COUNT_LIMIT) -> Page[Row]:
    """The page whose rows these are; one more than it holds says that another follows."""
    return Page(rows[:size], number, size, counted, has_next=len(rows) > size, limit=limit)
