"""The provider on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.accounts.by_provider import name
from tests.accounts.local_provider import Provider, running


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(served: Provider, app: Flask) -> Provider:
    """The provider, honest again, and named in the settings."""
    served.__init__(served.issuer)  # type: ignore[misc]
    name(app, served)
    return served
