"""Walks the pages of the application as a browser would: what a page holds, where its links and forms lead."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Where a page and its first view are made of these.
PARTS = {"stylesheet", "icon", "manifest", "preload"}


@dataclass
class Sent:
    """A form of a page: where it goes, how, and what it would send untouched."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Document(HTMLParser):
    """A page taken apart."""

    def __init__(self, address: str, markup: str) -> None:
        super().__init__()
        self.address = address
        self.lang = ""
        self.title = ""
        self.h1: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.parts: list[str] = []
        self.forms: list[Sent] = []
        self.inline: list[str] = []
        self.words: list[str] = []
        self.targets: set[str] = set()
        self._open: list[str] = []
        self._form: Sent | None = None
        self._select = ""
        self._area = ""
        self.feed(markup)
        self.close()

    @property
    def is_part(self) -> bool:
        """True for an answer that another page takes in."""
        return not self.lang and not self.title

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def updatepos(self, _begin: int, end: int) -> int:
        """Where in the text a tag stands is of no interest."""
        return end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        self._note(tag, a)
        if tag == "html":
            self.lang = a.get("lang", "")
        if tag in ("a", "area") and "href" in a and "download" not in a:
            self.links.append(a["href"])
        if tag == "link" and PARTS & set(a.get("rel", "").split()):
            self.parts.append(a["href"])
        if tag in ("script", "img", "source") and a.get("src"):
            self.parts.append(a["src"])
        if tag == "h1":
            self.h1.append("")
        self._note_form(tag, a)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, {name: value or "" for name, value in attrs})

    def _note(self, tag: str, a: dict[str, str]) -> None:
        if "id" in a:
            self.ids[a["id"]] += 1
        if a.get("hx-get"):
            self.links.append(a["hx-get"])
        self.inline += [f"{tag} {name}" for name in a if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and not a.get("src") and "json" not in a.get("type", "")):
            self.inline.append(tag)
        self.inline += [
            f"{tag} href" for name in ("href", "action") if a.get(name, "").lower().startswith("javascript")
        ]

    def _note_form(self, tag: str, a: dict[str, str]) -> None:
        if tag == "form":
            self._form = Sent(a.get("action") or self.address, a.get("method", "get").lower())
            self.forms.append(self._form)
        form = self._form
        if form is None or (not a.get("name") and tag not in ("option", "button")):
            return
        name, kind = a.get("name", ""), a.get("type", "text")
        if tag in ("input", "select", "textarea"):
            form.names.add(name)
            form.kinds[name] = kind if tag == "input" else tag
        if tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(a.get("value", "y"))
        if (
            tag == "input"
            and kind not in ("submit", "button", "file")
            and (kind not in ("radio", "checkbox") or "checked" in a)
        ):
            form.values.setdefault(name, []).append(a.get("value", ""))
        if tag == "input" and kind in ("text", "search", "email", "url", "tel", "hidden"):
            form.texts.add(name) if kind != "hidden" else None
        if tag == "textarea":
            form.texts.add(name)
            self._area = name
            form.values.setdefault(name, []).append("")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(a.get("value", ""))
            if "selected" in a or self._select not in form.values:
                form.values[self._select] = [a.get("value", "")]
        if tag == "button" and a.get("type", "submit") == "submit" and (a.get("name") or a.get("formaction")):
            form.buttons.append((name, a.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif "h1" in self._open:
            self.h1[-1] += data
        if self._area and self._form:
            self._form.values[self._area][-1] += data.lstrip("\n") if not self._form.values[self._area][-1] else data
        self.words.append(data)

    def inside(self) -> Iterator[str]:
        """The addresses on this site that the page leads to, without fragments."""
        for link in self.links:
            address = urldefrag(urljoin(self.address, link)).url
            if not urlsplit(address).netloc and not urlsplit(address).scheme:
                yield address


_taken_apart: WeakKeyDictionary[TestResponse, Document] = WeakKeyDictionary()


def is_page(response: TestResponse) -> bool:
    return response.mimetype == "text/html"


def read(address: str, response: TestResponse) -> Document:
    """What an answer holds; whoever follows links has taken it apart already."""
    found = _taken_apart.get(response)
    if found is None or found.address != address:
        found = _taken_apart[response] = Document(address, response.text)
    return found


def visit(client: FlaskClient, address: str) -> tuple[TestResponse, Document]:
    response = client.get(address)
    return response, read(address, response)


# Where an address leads


def endpoint_of(app: Flask, address: str, method: str = "GET") -> tuple[str, frozenset[tuple[str, str]]] | None:
    """The endpoint and its arguments; None where nothing answers."""
    parts = urlsplit(address)
    try:
        endpoint, arguments = app.url_map.bind("localhost").match(parts.path or "/", method)
    except RequestRedirect as redirect:
        return endpoint_of(app, redirect.new_url.replace("http://localhost", ""), method)
    except HTTPException:
        return None
    return endpoint, frozenset((name, str(value)) for name, value in arguments.items())


def _shape(app: Flask, address: str) -> tuple[str, ...]:
    """Addresses of one shape show the same kind of page: the endpoint and the names in its query."""
    found = endpoint_of(app, address)
    names = sorted({name for name, _value in parse_qsl(urlsplit(address).query, keep_blank_values=True)})
    return (found[0] if found else urlsplit(address).path, *names)


def crawl(
    app: Flask, client: FlaskClient, *, start: str = "/", of_each: int = 3, limit: int = 400
) -> Iterator[tuple[str, str, TestResponse]]:
    """Every page reached from the start by its links, breadth first: where from, its address, the answer.

    At most ``of_each`` addresses of one shape are opened, so that a long list is not walked row by row.
    """
    waiting, known, seen = [("", start)], {start}, Counter[tuple[str, ...]]()
    while waiting and limit:
        source, address = waiting.pop(0)
        limit -= 1
        response = client.get(address)
        yield source, address, response
        if 300 <= response.status_code < 400:
            found = [urljoin(address, response.headers["Location"])]
        else:
            found = list(read(address, response).inside()) if is_page(response) else []
        for link in found:
            shape = _shape(app, link)
            if link not in known and seen[shape] < of_each and shape[0] != "static":
                known.add(link)
                seen[shape] += 1
                waiting.append((address, link))


# Weights


def packed(client: FlaskClient, address: str) -> int:
    """The size of an answer as it is sent to a browser that takes gzip."""
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    return len(response.get_data())


def plain(response: TestResponse) -> str:
    data = response.get_data()
    return (gzip.decompress(data) if response.headers.get("Content-Encoding") == "gzip" else data).decode()
