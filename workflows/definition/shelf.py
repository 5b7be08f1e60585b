"""The definitions that come with the application."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from .reading import read_definition
from .shapes import Definition

LIBRARY = ("education", "classic")


@cache
def library_definition(key: str) -> Definition:
    """One of LIBRARY, read once; ``KeyError`` for any other."""
    return read_definition(library_text(key))


def library_text(key: str) -> str:
    if key not in LIBRARY:
        raise KeyError(key)
    return files("workflows").joinpath("library", f"{key}.toml").read_text(encoding="utf-8")
