"""Pieces of pages that are made once for the values they show, and then given to everybody who may see those values."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, request
from markupsafe import Markup

from innovation.languages import voice

MOST = 1024  # of one kind in a process; a list shows 25 rows
P = ParamSpec("P")
Made = TypeVar("Made")


def kept(make: Callable[P, Made]) -> Callable[P, Made]:
    """Make a piece once for its arguments, all of which can be hashed, and the language that is spoken.

    It must come from nothing else: not from the clock, the person, their rights or the rest of the page. What may be
    seen is decided before, by what it is given.
    """

    @lru_cache(maxsize=MOST, typed=True)
    def once(_language: str, _root: str, /, *args: Any, **kwargs: Any) -> Made:
        return make(*args, **kwargs)

    @wraps(make)
    def find(*args: P.args, **kwargs: P.kwargs) -> Made:
        values: dict[str, Any] = kwargs
        return once(voice(), request.script_root, *args, **values)

    find.forget = once.cache_clear  # type: ignore[attr-defined]
    return find


@kept
def drawn(macro: Callable[..., Markup], *values: Any) -> Markup:
    """What a macro draws of these values; ``tests/architecture/test_fragments.py`` holds what such a macro may use."""
    return macro(*values)


def install(app: Flask) -> None:
    """What templates use."""
    app.jinja_env.globals["drawn"] = drawn
