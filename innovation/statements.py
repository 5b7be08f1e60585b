"""Statements that are put together once: for SQLAlchemy, building and keying one costs more than running it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from innovation.db import UTCDateTime, db, now
from innovation.permission import Actor

KEPT = 128  # statements of one kind in a process; a page needs about six
P = ParamSpec("P")
Built = TypeVar("Built")


def prepared(
    build: Callable[Concatenate[Actor, P], Built],
) -> Callable[Concatenate[Actor, P], Built]:
    """Keep what ``build(actor, …)`` makes for the same person, roles and arguments, all of which can be hashed.

    It must depend on nothing else: ``TypeError`` where it holds an instant or a day instead of ``ago``.
    """

    @lru_cache(maxsize=KEPT)
    def kept(_dialect: str, actor: Actor, *args: Any, **kwargs: Any) -> Built:
        built = build(actor, *args, **kwargs)
        _refuse_time(built)
        return built

    @wraps(build)
    def find(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Built:
        return kept(db.engine.dialect.name, actor.reach, *args, **kwargs)  # type: ignore[arg-type]

    return find


def ask(statement: sa.Executable, values: Mapping[str, Any] | None = None) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The rows of a statement of plain columns: they make no entities, and go past the session that would keep them."""
    return db.session.connection().execute(statement, values or {}).all()


def ago(**span: float) -> sa.BindParameter[dt.datetime]:
    """The instant so long before a statement is run; with no span, that instant itself."""
    back = dt.timedelta(**span)
    return sa.bindparam(None, callable_=lambda: now() - back, type_=UTCDateTime(), unique=True)


def _refuse_time(built: Any) -> None:
    for element in visitors.iterate(built):
        held = element.value if isinstance(element, sa.BindParameter) and element.callable is None else None
        if isinstance(held, dt.date):
            raise TypeError(f"A statement that is kept holds the time {held}.")
