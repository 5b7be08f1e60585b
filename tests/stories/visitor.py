"""A person at a browser without scripts: opens pages, follows links, fills in the forms that are there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urljoin

from flask import Flask
from werkzeug.test import TestResponse

from tests.architecture.walk import Document, Sent
from tests.make import PASSWORD


class Lost(AssertionError):
    """The page does not have what the person was looking for, or answers otherwise than hoped."""


class Visitor:
    """Knows only what stands on the page in front of them."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.address = "/"
        self.response: TestResponse | None = None
        self._read: tuple[TestResponse, Document] | None = None
        self.keys = ("", "")

    @classmethod
    def signed_in(cls, app: Flask, email: str, password: str = PASSWORD) -> Visitor:
        visitor = cls(app)
        visitor.keys = email, password
        visitor.come_back()
        return visitor

    def come_back(self) -> None:
        """Sign in anew: as on the first day, or after so long that the sign-in has run out."""
        email, password = self.keys
        self.open("/sign-in")
        if self.address == "/sign-in":
            self.fill("/sign-in", email=email, password=password)
        if self.address == "/sign-in":
            raise Lost(f"{email} cannot sign in: {self.page.text[:300]}")

    @property
    def page(self) -> Document:
        """What stands in front of them, read once."""
        assert self.response is not None, "open a page first"
        if self._read is None or self._read[0] is not self.response:
            self._read = self.response, Document(self.address, self.response.text)
        return self._read[1]

    @property
    def status(self) -> int:
        assert self.response is not None, "open a page first"
        return self.response.status_code

    def open(self, address: str, *, status: int = 200) -> Document:
        """Go to an address and wherever it leads; ``Lost`` unless the page answers with ``status``."""
        return self._arrive(self.client.get(address), address, status)

    def fill(self, action: str, *, status: int = 200, button: tuple[str, str] | None = None, **typed: Any) -> Document:
        """Fill in the form that goes to an address ending in ``action`` and send it; all other fields stay.

        A list fills a field of several values, None takes a field away, and a tuple of a name and bytes is a file.
        """
        return self.send(self.form(action, *typed), status=status, button=button, **typed)

    def form(self, action: str, *names: str) -> Sent:
        """The form of the page that goes there and has these fields."""
        found = [form for form in self.page.forms if self._goes(form, action)]
        with_names = [form for form in found if set(names) <= form.names | set(form.choices)]
        if not with_names:
            known = [(self._path(form), sorted(form.names)) for form in self.page.forms]
            raise Lost(f"{self.address} has no form to {action} with {names}; it has {known}")
        return with_names[0]

    def has_form(self, action: str) -> bool:
        return any(self._goes(form, action) for form in self.page.forms)

    def send(self, form: Sent, *, status: int = 200, button: tuple[str, str] | None = None, **typed: Any) -> Document:
        """Send a form as a browser would."""
        values: dict[str, Any] = {**form.values}
        values |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        if button:
            values[button[0]] = [button[1]]
        pairs = [(name, value) for name, given in values.items() for value in given if value is not None]
        target = urljoin(self.address, form.action)
        if form.method == "get":
            return self.open(f"{target.partition('?')[0]}?{urlencode(pairs)}", status=status)
        data: dict[str, list[Any]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(_file(value) if isinstance(value, tuple) else value)
        return self._arrive(self.client.post(target, data=data), target, status)

    def follow(self, ending: str, *, status: int = 200) -> Document:
        """Take the first link of the page whose address ends like this."""
        found = [link for link in self.page.inside() if link.partition("?")[0].endswith(ending)]
        if not found:
            raise Lost(f"{self.address} has no link to {ending}; it has {sorted(set(self.page.inside()))}")
        return self.open(found[0], status=status)

    def _path(self, form: Sent) -> str:
        return urljoin(self.address, form.action).partition("?")[0]

    def _goes(self, form: Sent, action: str) -> bool:
        return self._path(form).endswith(action)

    def _arrive(self, response: TestResponse, address: str, status: int) -> Document:
        for _step in range(5):
            if response.status_code not in (301, 302, 303, 308):
                break
            address = urljoin(address, response.headers["Location"])
            response = self.client.get(address)
        self.response, self.address = response, address.partition("#")[0]
        if response.status_code != status:
            raise Lost(f"{address} answers {response.status_code}, not {status}: {self.page.text[:1500]}")
        return self.page


def _file(value: tuple[str, bytes]) -> tuple[Any, str]:
    from io import BytesIO

    return BytesIO(value[1]), value[0]
