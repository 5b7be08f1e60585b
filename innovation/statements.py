"""Statements that are put together once: for SQLAlchemy, building and keying one costs more than running it."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, ref

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql import visitors

from innovation import traces
from innovation.db import UTCDateTime, db, now
from innovation.permission import Actor
from innovation.traces import Anew, Trace

KEPT = 128  # statements of one kind in a process; a page needs about six
KEPT_FOR_FEW = 32  # such as the clinics of a day
FEW = 4  # rows that are sent one by one to PostgreSQL where each answers; more are sent together
MANY = 16  # rows that are sent one by one to SQLite, where there is no way to go
CODE = re.compile(r"[a-z_]{0,40}")  # nothing that could end a text in SQL
P = ParamSpec("P")
Built = TypeVar("Built")


def prepared(
    build: Callable[Concatenate[Actor, P], Built],
) -> Callable[Concatenate[Actor, P], Built]:
    """Keep what ``build(actor, …)`` makes for the same person, roles and arguments, all of which can be hashed.

    It must depend on nothing else: ``TypeError`` where it holds an instant or a day instead of ``ago``.
    """
    return _prepared(build, KEPT)


def prepared_for_few(
    build: Callable[Concatenate[Actor, P], Built],
) -> Callable[Concatenate[Actor, P], Built]:
    """The same for what is asked with ever new arguments: the parts of each take up to a fifth of a megabyte."""
    return _prepared(build, KEPT_FOR_FEW)


def _prepared(build: Callable[Concatenate[Actor, P], Built], most: int) -> Callable[Concatenate[Actor, P], Built]:
    @lru_cache(maxsize=most)
    def kept(_dialect: str, actor: Actor, *args: Any, **kwargs: Any) -> Built:
        built = build(actor, *args, **kwargs)
        _refuse_time(built)
        return built

    @wraps(build)
    def find(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Built:
        return kept(db.engine.dialect.name, actor.reach, *args, **kwargs)  # type: ignore[arg-type]

    return find


def worded(
    build: Callable[Concatenate[Actor, P], sa.Select[Any] | sa.CompoundSelect[Any]],
) -> Callable[Concatenate[Actor, P], Kept]:
    """The same for a statement that nothing but ``ask`` is given: its text stays, and not its parts.

    For each person and each filter the parts would take up to a fifth of a megabyte, many times what the text takes.
    """

    @lru_cache(maxsize=KEPT)
    def kept(actor: Actor, *args: Any, **kwargs: Any) -> Kept:
        return Kept(actor.person_id, partial(build, actor, *args, **kwargs))

    @wraps(build)
    def find(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Kept:
        return kept(actor.reach, *args, **kwargs)  # type: ignore[arg-type]

    return find


def keep(statement: Built) -> Built:
    """Let ``ask`` keep the text of this statement of plain columns, which is nobody's own."""
    _texts[statement] = Kept(None, ref(statement))
    return statement


def ask(statement: sa.Executable | Kept, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """The rows of a statement of plain columns: they make no entities, and go past the session that would keep them.

    One that is kept goes past SQLAlchemy's look at each of its parts as well.
    """
    connection, given = connected(), values or {}
    kept = statement if isinstance(statement, Kept) else _texts.get(statement)
    if kept is None:
        return connection.execute(statement, given).all()  # type: ignore[arg-type]
    return kept.text(connection.dialect, given).ask(connection, given)


def stands_on(statement: sa.Executable, values: Mapping[str, Any], rows: Sequence[Any]) -> None:
    """The answer that is being made holds while this kept statement gives these rows; it is not asked now."""
    trace = traces.current()
    if trace is not None:
        _texts[statement].text(connected().dialect, values).note(trace, values, rows)


def connected() -> sa.Connection:
    """The connection of the transaction, which begins where there is none."""
    session = db.session()
    known: sa.Connection | None = session.info.get("connection")
    return known if known is not None else session.connection()


@event.listens_for(db.session, "after_begin")
def _note_connection(session: Any, _transaction: Any, connection: sa.Connection) -> None:
    session.info["connection"] = connection


@event.listens_for(db.session, "after_transaction_end")
def _forget_connection(session: Any, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("connection", None)


def write(statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Send a statement that writes, once for each of the rows, and give back what it returns.

    ``statement`` is one of a module's own, about a table: it goes past the session, and its text is kept. Each row
    holds every value that it needs; what it returns are numbers and texts. Where one row fails, those before it may be
    written: the transaction has to be undone.
    """
    connection = connected()
    way = _writing(statement, connection.dialect.name, tuple(rows[0]))
    traces.spoil()
    has_server = connection.dialect.driver == "psycopg"
    if way.answers and len(rows) > MANY and not has_server:
        return list(connection.execute(statement, list(rows)))
    sent = [way.sent(row) for row in rows]
    if way.answers and len(rows) > FEW and has_server:
        return run_each(connection, way.text, sent)
    if way.answers or len(rows) == 1:
        return [found for each in sent for found in run(connection, way.text, each, answers=way.answers)]
    with _Cursor(connection, way.text, sent, is_many=True) as cursor:
        cursor.executemany(way.text, sent)
    return []


def write_apart(statement: sa.Executable, row: Mapping[str, Any]) -> Sequence[Any]:
    """Write one row in a transaction of its own, which is over at once; it does not know what this one has written."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        way = _writing(statement, connection.dialect.name, tuple(row))
        return run(connection, way.text, way.sent(row), answers=way.answers)


def run(connection: sa.Connection, text: str, sent: Any, *, answers: bool = True) -> Sequence[Any]:
    """The rows of a text that ``answers``, as the driver gives them: SQLAlchemy's result costs eight times as much.

    Errors are SQLAlchemy's own, and whoever listens to what is asked hears of it.
    """
    with _Cursor(connection, text, sent) as cursor:
        cursor.execute(text, sent)
        return cursor.fetchall() if answers else ()


def run_each(connection: sa.Connection, text: str, sent: Sequence[Any]) -> list[Any]:
    """The same for a text that psycopg sends once for each of ``sent`` before it waits; the rows are in their order.

    A statement of many rows, as SQLAlchemy would put it together, psycopg reads anew each time, letter by letter.
    """
    with _Cursor(connection, text, sent, is_many=True) as cursor:
        cursor.executemany(text, sent, returning=True)
        return [row for answered in cursor.results() for row in answered.fetchall()]


class _Cursor:
    """A cursor of the driver's own (``_handle_dbapi_exception`` and ``_has_events`` are private)."""

    __slots__ = ("_connection", "_cursor", "_is_many", "_sent", "_text")

    def __init__(self, connection: sa.Connection, text: str, sent: Any, *, is_many: bool = False) -> None:
        self._connection, self._text, self._sent, self._is_many = connection, text, sent, is_many
        self._cursor: Any = None

    def __enter__(self) -> Any:
        connection = self._connection
        self._cursor = cursor = connection.connection.cursor()
        if connection._has_events or connection.engine._has_events:
            for note in connection.dispatch.before_cursor_execute:
                note(connection, cursor, self._text, self._sent, None, self._is_many)
        return cursor

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        try:
            if isinstance(error, self._connection.dialect.loaded_dbapi.Error):
                self._connection._handle_dbapi_exception(error, self._text, self._sent, self._cursor, None)
        finally:
            self._cursor.close()


@lru_cache(maxsize=KEPT)
def _writing(statement: Any, _dialect: str, names: tuple[str, ...]) -> Writing:
    return Writing(statement, db.engine.dialect, names)


class Writing:
    """A statement that writes in the words of a driver, for rows that give these values."""

    def __init__(self, statement: Any, dialect: sa.Dialect, names: tuple[str, ...]) -> None:
        self.answers = bool(statement._returning)
        compiled = statement.compile(dialect=dialect, column_keys=names, for_executemany=not self.answers)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("A row that is written past the session needs every value.")
        stated = compiled.construct_expanded_state(dict.fromkeys(names))
        self.text, ways = stated.statement, _ways(compiled, stated)
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if name not in names}
        self._is_named = stated.positiontup is None
        self._given = [(name, ways.get(name)) for name in stated.positiontup or compiled.binds]

    def sent(self, row: Mapping[str, Any]) -> Any:
        values = {**self._fixed, **row} if self._fixed else row
        if self._is_named:
            return {name: way(values[name]) if way else values[name] for name, way in self._given}
        return tuple([way(values[name]) if way else values[name] for name, way in self._given])


class Kept:
    """What is known of a statement that is kept: for whom it is and, once it was asked, its text for each database."""

    __slots__ = ("_build", "_reader", "_texts")

    def __init__(self, reader: int | None, build: Callable[[], Any]) -> None:
        self._reader, self._build = reader, build
        self._texts: dict[str, Text] = {}

    def text(self, dialect: sa.Dialect, given: Mapping[str, Any]) -> Text:
        found = self._texts.get(dialect.name)
        if found is None:
            statement = self._build()
            _refuse_time(statement)
            found = self._texts[dialect.name] = Text(statement, dialect, given, self._reader)
        return found


_texts: WeakKeyDictionary[Any, Kept] = WeakKeyDictionary()


class Text:
    """A statement in the words of a driver: a run works out the instant, and what it is given, and nothing else."""

    def __init__(self, statement: Any, dialect: sa.Dialect, given: Mapping[str, Any], reader: int | None) -> None:
        compiled = statement.compile(dialect=dialect)
        stated = compiled.construct_expanded_state(dict(given))
        ways = _ways(compiled, stated)
        asked = {name: bind.callable for name, bind in compiled.binds.items() if bind.callable is not None}
        self._given = [(name, ways.get(name)) for name in given if name in stated.parameters]
        self._asked = [(name, call, ways.get(name)) for name, call in asked.items()]
        self._fixed = {name: ways[name](v) if name in ways else v for name, v in stated.parameters.items()}
        text, self._names = stated.statement, stated.positiontup
        if dialect.name == "sqlite":
            changing = {*given, *asked}
            fixed = {n: v for n, v in self._fixed.items() if n not in changing and v != reader}
            text, self._names = _written_out(text, stated.positiontup, fixed)
        self.text = sys.intern(text)  # people with the same roles share it
        columns = list(statement.selected_columns)
        self._make = _row(*(column.key for column in columns))._make
        read = [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns]
        self._read = [(index, way) for index, way in enumerate(read) if way is not None]

    def ask(self, connection: sa.Connection, given: Mapping[str, Any]) -> list[Any]:
        trace = traces.current()
        if trace is None:
            rows = run(connection, self.text, self._sent(given))
        else:
            with traces.tracing(None):  # the instant of a kept statement is worked out anew when it is asked again
                rows = run(connection, self.text, self._sent(given))
            self.note(trace, given, rows)
        return [self._made(row) for row in rows] if self._read else [self._make(row) for row in rows]

    def note(self, trace: Trace, given: Mapping[str, Any], rows: Sequence[Any]) -> None:
        """Let the answer stand while these are the rows."""
        trace.seen.append(traces.Question(self.text, partial(self._sent, given), rows))

    def _sent(self, given: Mapping[str, Any]) -> Any:
        values = dict(self._fixed)
        for name, way in self._given:
            values[name] = way(given[name]) if way else given[name]
        for name, call, way in self._asked:
            values[name] = way(call()) if way else call()
        return values if self._names is None else tuple([values[name] for name in self._names])

    def _made(self, row: Sequence[Any]) -> Any:
        values = list(row)
        for index, way in self._read:
            values[index] = way(values[index])
        return self._make(values)


@lru_cache(maxsize=KEPT)
def _row(*names: str) -> Any:
    named: Any = namedtuple
    return named("Found", names, rename=True)


def _ways(compiled: Any, stated: Any) -> dict[str, Callable[[Any], Any]]:
    """How a driver wants what it is sent, by name: an instant without its time zone, a mapping as JSON."""
    return {**compiled._bind_processors, **stated.processors}


def _written_out(text: str, names: Sequence[str], fixed: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The text with its numbers and codes, such as 'active', in their places, and the names of what is still to send.

    SQLite plans a statement anew for each run, at three times the price of running it, where a value that it is sent
    might make a partial index fit or is a limit.
    """
    parts = text.split("?")
    if len(parts) != len(names) + 1:  # a question mark of somebody's text
        return text, list(names)
    written, sent = [parts[0]], []
    for name, after in zip(names, parts[1:], strict=True):
        shown = _shown(fixed.get(name))
        if shown is None:
            sent.append(name)
        written += ["?" if shown is None else shown, after]
    return "".join(written), sent


def _shown(value: Any) -> str | None:
    if isinstance(value, int):
        return str(int(value))
    return f"'{value}'" if isinstance(value, str) and CODE.fullmatch(value) else None


def ago(**span: float) -> sa.BindParameter[dt.datetime]:
    """The instant so long before a statement is run; with no span, that instant itself."""
    back = dt.timedelta(**span)
    return sa.bindparam(None, callable_=Anew(lambda: now() - back), type_=UTCDateTime(), unique=True)


def _refuse_time(built: Any) -> None:
    for element in visitors.iterate(built):
        held = element.value if isinstance(element, sa.BindParameter) and element.callable is None else None
        if isinstance(held, dt.date):
            raise TypeError(f"A statement that is kept holds the time {held}.")
