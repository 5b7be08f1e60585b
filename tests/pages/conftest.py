"""Templates rendered without a database: only what every page may rely on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, ngettext
from jinja2 import StrictUndefined

from innovation import fragments, lists, speaking
from innovation.gates.anchors import scale_of
from innovation.web import FILTERS
from tests.architecture.tree import ROOT

Render = Callable[..., str]
ENDPOINTS = (
    "pipeline.search",
    "pipeline.my_work",
    "notifications.inbox",
    "accounts.sessions",
    "accounts.sign_in",
    "accounts.sign_out",
    "jobs.jobs",
)


@pytest.fixture
def bare() -> Iterator[Flask]:
    """An application of templates alone, as strict about missing values as the real one."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.update(SECRET_KEY="for tests only", TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(asset=lambda name: f"/static/{name}", ngettext=ngettext, csrf_token=lambda: "token")
    app.jinja_env.globals.update(once_key=lambda: "key", stamp_of=lambda thing: f"thing:{thing.version}")
    app.context_processor(lambda: {"me": None, "today": dt.date(2026, 11, 26), "site_name": "Gatehouse", "demo": False})
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(scale_of=scale_of)
    lists.install(app)
    fragments.install(app)
    speaking.install(app)
    Babel(app)
    for endpoint in ENDPOINTS:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    with app.test_request_context("/ideas/7"):
        yield app


@pytest.fixture
def render(bare: Flask) -> Render:
    """Render a line of template with the given names."""

    def rendered(template: str, **names: Any) -> str:
        return render_template_string(template, **names)

    return rendered
