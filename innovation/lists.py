"""What a list's address says: sort, page and export; and the addresses that change one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote, urlencode

from flask import Flask, request
from markupsafe import Markup, escape

from innovation.db import Page
from innovation.values import dataclass

EXPORTS = ("csv", "xlsx")
PLAIN = "!$'()*,/:;?@"  # signs that an address may hold as they are


@dataclass(frozen=True)
class ListState:
    """The state of a list as its address has it; nonsense in the address falls back to the defaults."""

    sort: str
    descending: bool
    number: int
    export: str | None

    @classmethod
    def read(cls, sorts: Collection[str], default: str, *, descending: bool = False) -> Self:
        """``sorts`` are the keys that the list can be sorted by; ``?sort=-key`` is descending."""
        asked = request.args.get("sort", "")
        key = asked.removeprefix("-")
        known = key in sorts
        page = request.args.get("page", "1")
        export = request.args.get("export")
        return cls(
            sort=key if known else default,
            descending=asked.startswith("-") if known else descending,
            number=min(int(page), 500) if page.isascii() and page.isdigit() and len(page) < 6 and int(page) else 1,
            export=export if export in EXPORTS else None,
        )

    def sort_url(self, key: str) -> str:
        """The list sorted by ``key``; sorted the other way round when it is sorted by it already."""
        turned = f"-{key}" if self.sort == key and not self.descending else key
        return address(sort=turned, page=None, export=None)

    def page_url(self, number: int) -> str:
        return address(page=number if number > 1 else None, export=None)

    def export_url(self, kind: str) -> str:
        return address(page=None, export=kind)

    def scores_url(self) -> str:
        """The list as a spreadsheet with the panels' means, where every mark in it is open to the reader."""
        return address(page=None, export="xlsx", scores="yes")

    def on(self, page: Page[Any]) -> Page[Any]:
        """The page, knowing the addresses of its neighbours."""
        return page.at(self.page_url)


def address(**changes: Any) -> str:
    """The present address with some of its query changed; None takes a value away."""
    asked = tuple((name, tuple(values)) for name, values in request.args.lists())
    return _changed(request.script_root + request.path, asked, tuple(changes.items()))


@lru_cache(maxsize=1024)
def _changed(path: str, asked: tuple[tuple[str, tuple[str, ...]], ...], changes: tuple[tuple[str, Any], ...]) -> str:
    values = dict(asked) | dict(changes)
    kept = {key: value for key, value in values.items() if value not in (None, "", ("",))}
    path = quote(path, safe=PLAIN)
    return f"{path}?{urlencode(kept, doseq=True, safe=PLAIN)}" if kept else path


def install(app: Flask) -> None:
    """What templates of lists use."""
    app.jinja_env.filters["as_options"] = as_options


def as_options(choices: Iterable[tuple[Any, str]], chosen: Any = None) -> Markup:
    """The options of a filter, the chosen one selected; a list of districts is too long for a template's own pace."""
    shown = [
        f'<option value="{escape(key)}"{" selected" if str(key) == str(chosen) else ""}>{escape(text)}</option>'
        for key, text in choices
    ]
    return Markup("".join(shown))  # noqa: S704 - each value has been escaped
