"""The one way to write: ask the policy, then one transaction."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from innovation import once
from innovation.db import db, writers_take_turns
from innovation.permission import Forbidden, Policy
from workflows import Refused

logger = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")

as_seen: ContextVar[str] = ContextVar("as_seen", default="")
"""The stamp of the thing that the page showed from which a form was sent; empty where the page gave none."""

STALE = "Somebody else has just changed this. Look at the newest version, then try again."


class Stale(Refused):
    """Refused because the thing has changed since it was read."""

    def __init__(self) -> None:
        super().__init__((STALE,))


class Busy(Refused):
    """Refused because it cannot be done now, and may be in a moment; nothing is wrong with what was asked."""


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction: the outermost commits, any exception undoes all."""
    info = db.session.info
    outermost = not info.get("in_command")
    info["in_command"] = True
    try:
        if outermost:
            _end_reading()
        yield
        if outermost:
            db.session.commit()
        else:
            db.session.flush()
    except StaleDataError:
        db.session.rollback()
        raise Stale from None
    except (IntegrityError, OperationalError) as error:
        db.session.rollback()
        if _is_double(error) or _is_deadlock(error) or _is_loose(error):
            raise Stale from None
        raise
    except BaseException:
        if outermost:
            db.session.rollback()
        raise
    finally:
        if outermost:
            info["in_command"] = False


def _end_reading() -> None:
    """End what has only been read so far, so that the transaction of a command begins with the turn to write.

    What was read stays as it is in the session; the command compares versions, as where nobody waits for a turn: there
    each statement sees what is committed by then, and the transaction goes on.
    """
    session = db.session()
    if not writers_take_turns():
        return
    if session.in_transaction() and session.connection().get_execution_options().get("readonly_tx"):
        session.commit()


def _is_deadlock(error: DBAPIError) -> bool:
    """True when two waited for each other, and PostgreSQL has chosen this one to begin again."""
    return getattr(error.orig, "sqlstate", "") == "40P01"


def _is_loose(error: DBAPIError) -> bool:
    """True when somebody else took away what was to be built on, or has just built on what was to be taken away.

    Only PostgreSQL lets two write at once; a SQLite file says the same of a mistake of ours alone. The log names the
    constraint, since the person is told that somebody else was quicker.
    """
    said: Any = error.orig
    if getattr(said, "sqlstate", "") != "23503":
        return False
    logger.warning("loose_end", constraint=said.diag.constraint_name)
    return True


def _is_double(error: DBAPIError) -> bool:
    """True when somebody else was quicker to write what there can be only one of."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error.orig)


def command(may: Policy) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make ``function(actor, subject, *, details)`` a command: allowed by ``may``, all or nothing, once a sending."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            actor: Any = args[0]
            subject = args[1] if len(args) > 1 else None

            is_part = db.session.info.get("in_command") or getattr(function, "is_repeatable", False)

            def act() -> T:
                may.require(actor, subject)
                if not is_part:
                    require_as_seen(subject)
                return function(*args, **kwargs)

            if is_part:
                with transaction():
                    return act()
            return _once(once.name_of(function, subject), act)

        run.policy = may  # type: ignore[attr-defined]
        return run

    return wrap


def _once(what: str, act: Callable[[], T]) -> T:
    """Act with a receipt in the same transaction; a refusal to do the same again is ``Repeated``, and not refused."""
    try:
        with transaction():
            result = act()
            once.sign(what)
    except (Refused, Forbidden):
        if once.is_signed(what):
            raise once.Repeated from None
        raise
    once.has_signed(what)
    return result


def require_version(thing: Any, version: int | None) -> None:
    """Refuse when a form was filled in against an older version of the thing; what is not there yet has none."""
    if version is not None and getattr(thing, "version", version) != version:
        raise Stale


def stamp_of(thing: Any) -> str:
    """This version of this thing."""
    return f"{type(thing).__name__}:{thing.id}:{thing.version}"


def require_as_seen(thing: Any) -> None:
    """Refuse when the page showed an older version of the very thing that a command is about."""
    kind, _colon, _version = as_seen.get().rpartition(":")
    if kind and kind == f"{type(thing).__name__}:{getattr(thing, 'id', '')}" and as_seen.get() != stamp_of(thing):
        raise Stale
