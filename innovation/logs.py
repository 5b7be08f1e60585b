"""What processes say: lines for people at a terminal, JSON elsewhere; one id a request, nothing about persons."""

from __future__ import annotations

import logging
import re
import sys
import traceback
import uuid
from collections.abc import Iterable
from typing import Any

import structlog
from flask import Flask
from structlog.typing import EventDict, Processor, WrappedLogger

from innovation.config import Settings

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
ADDRESS = re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:]+")


def configure(settings: Settings) -> None:
    """Let everything that is logged in this process go to standard error in one form."""
    last: Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(default=_class_of)
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if sys.stderr.isatty() else [where_it_failed]),
        without_addresses,
    ]
    levels = logging.getLevelNamesMapping()
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(levels.get(settings.log_level.upper(), logging.INFO)),
        logger_factory=lambda *_args: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _adopt(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_without_record, last]))


def where_it_failed(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The kinds of the errors and their places; not what they say, for that may quote what people typed."""
    info = line.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info is True else info
    if isinstance(error, BaseException):
        line["errors"] = [type(found).__qualname__ for found in _chain(error)]
        frames = traceback.extract_tb(error.__traceback__)
        line["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return line


def without_addresses(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line without e-mail addresses, whoever wrote them into it."""
    return {key: _masked(value) for key, value in line.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("[address]", value)
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return {key: _masked(item) for key, item in value.items()} if isinstance(value, dict) else value


def _chain(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _class_of(thing: Any) -> str:
    """What stands in a line for a thing that JSON cannot hold: never its content."""
    return f"<{type(thing).__qualname__}>"


def _without_record(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    line.pop("_record", None)
    line.pop("_from_structlog", None)
    return line


# What libraries say


class Handler(logging.StreamHandler[Any]):
    """Writes to the standard error of the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _value: Any) -> None:
        """Standard error is always asked for anew."""


def _adopt(formatter: logging.Formatter) -> None:
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, Handler)]:
        root.removeHandler(old)
    handler = Handler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(formatter)
    root.addHandler(handler)


# Requests


class Named:
    """Gives every request an id: the one its proxy gave it, or a fresh one; the answer and every line carry it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = said if SANE_ID.fullmatch(said) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("X-Request-ID", request_id)], *more)

        answer: Iterable[bytes] = self.app(environ, start)
        return answer


def install(app: Flask) -> None:
    """Give the requests of the application their ids."""
    app.wsgi_app = Named(app.wsgi_app)  # type: ignore[method-assign]
