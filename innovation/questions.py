"""What SQLAlchemy asks a database for an answer, and what the database says, noted in the trace of that answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from innovation import traces
from innovation.traces import Anew, Question


def note_from(engine: sa.Engine) -> None:
    """Let traces hold what this engine is asked."""
    event.listen(engine, "after_cursor_execute", _note)


def _note(_connection: Any, cursor: Any, text: str, sent: Any, context: Any, executemany: bool) -> None:
    trace = traces.current()
    if trace is None or text.startswith("BEGIN"):
        return
    if executemany or cursor.description is None or not text.startswith(("SELECT", "WITH")):
        traces.spoil()
        return
    rows = cursor.fetchall()
    context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, cursor.description, rows)
    trace.seen.append(Question(text, _sender(context, sent), rows))


def _sender(context: Any, sent: Any) -> Callable[[], Any]:
    """What the statement is sent when it is asked again: the same, with instants worked out anew."""
    instants = _instants(context)
    if not instants:
        return lambda: sent
    stated = context.compiled.construct_expanded_state(context.compiled_parameters[0])
    names = list(sent) if stated.positiontup is None else stated.positiontup
    where: list[Any] = names if stated.positiontup is None else list(range(len(names)))
    anew = [(at, instants[n], stated.processors.get(n)) for at, n in zip(where, names, strict=True) if n in instants]

    def send() -> Any:
        values = dict(sent) if stated.positiontup is None else list(sent)
        for at, instant, way in anew:
            values[at] = way(instant()) if way else instant()
        return values

    return send


def _instants(context: Any) -> dict[str, Anew]:
    """The parameters that are instants, by name: those of this statement, whose text another one may have been."""
    compiled = context.compiled
    if compiled is None or not any(isinstance(bind.callable, Anew) for bind in compiled.binds.values()):
        return {}
    first = compiled.cache_key.bindparams if compiled.cache_key else ()
    here = dict(zip(first, context.extracted_parameters or (), strict=False))
    binds = {name: here.get(bind, bind).callable for bind, name in compiled.bind_names.items()}
    return {name: asked for name, asked in binds.items() if isinstance(asked, Anew)}
