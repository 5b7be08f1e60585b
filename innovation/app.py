"""The application: settings, extensions, and the tuple of areas it is made of."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from flask import Flask, Request
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_host

from innovation import errors, events, fragments, lists, logs, permission, repeats, rereading, speaking, web
from innovation.compiled import Compiled
from innovation.config import Settings, load_settings
from innovation.db import db, engine_options, prepare_engine
from innovation.machines import marks_of

AREAS = (
    "accounts",
    "jobs",
    "places",
    "programmes",
    "ideas",
    "clinics",
    "gates",
    "meetings",
    "pilots",
    "replication",
    "funders",
    "pipeline",
    "insights",
    "dossiers",
    "notifications",
)
ROOT = Path(__file__).parent
babel = Babel()


class Gatehouse(Flask):
    """Answers under the host names of the settings only: whoever asks says under which, and can say any."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is not None and not self._is_known(request):
            raise SecurityError
        return super().create_url_adapter(request)

    def _is_known(self, request: Request) -> bool:
        # Werkzeug's own list knows no addresses in brackets, and no capital letters.
        settings: Settings = self.config["SETTINGS"]
        return settings.answers_to(get_host(request.environ))


class Migrations:
    """Flask-Migrate, which loads itself and Alembic when the schema is to be changed: no page needs them."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self.app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
        return getattr(self.app.extensions["migrate"], name)


def create_app(**overrides: Any) -> Flask:
    """A ready application; keyword arguments override settings by name."""
    settings = load_settings(overrides)
    logs.configure(settings)
    app = Gatehouse(
        "innovation",
        root_path=str(ROOT),
        static_folder=None,
        template_folder=_templates(),
        instance_path=str(settings.instance),
    )
    app.config.update(_flask_settings(settings))
    app.jinja_options = {"cache_size": -1}  # of templates there are so many and no more: all are kept
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = Compiled(settings.instance)
    app.jinja_env.add_extension("jinja2.ext.do")
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    babel.init_app(
        app,
        default_locale=settings.default_language,
        default_timezone=settings.timezone,
        locale_selector=speaking.select,
    )
    app.extensions["migrate"] = Migrations(app)
    with app.app_context():
        prepare_engine(db.engine)
    web.install(app)
    lists.install(app)
    fragments.install(app)
    speaking.install(app)
    errors.install(app)
    repeats.install(app)
    rereading.install(app)
    _add_areas(app)
    _add_surroundings(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SECRET_KEY_FALLBACKS": [key.get_secret_value() for key in settings.secret_key_fallbacks],
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url, marks_of(settings).application_name),
        "MAX_CONTENT_LENGTH": settings.upload_limit_mb * 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 2_000_000,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        # With this beginning browsers take the cookie from this very site only, not from a sibling or over plain HTTP.
        "SESSION_COOKIE_NAME": "__Host-gatehouse" if settings.secure_cookies else "gatehouse",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": settings.default_language,
    }


def _templates() -> str:
    """Beside the packages in a checkout, inside the package once installed."""
    beside = ROOT.parent / "templates"
    return str(beside if (beside / "base.html").exists() else ROOT / "templates")


def _add_areas(app: Flask) -> None:
    """Give each area its place: models, policies, facts, pages; then what follows from events."""
    from innovation import longjobs, reactions
    from innovation.jobs.kinds import KINDS

    for area in AREAS:
        modules = {name: _module(area, name) for name in ("models", "policy", "views")}
        if modules["policy"]:
            permission.collect(modules["policy"])
        if modules["views"]:
            app.register_blueprint(modules["views"].bp)
            setup = getattr(modules["views"], "setup", None)
            if setup:
                setup(app)
    events.know(reactions.REACTIONS)
    events.owed.update(reactions.owed_by_kind())
    KINDS.update(longjobs.LONG_JOBS)


def _add_surroundings(app: Flask) -> None:
    """What stands round every page, the nudges that tell workers what a commit owes, and what watchers ask for."""
    from innovation import frame, health, metrics, worker

    frame.install(app)
    worker.install(app)
    metrics.install(app)
    health.install(app)
    logs.install(app)


def _module(area: str, name: str) -> Any:
    """The area's module of that name, or None where the area has none."""
    full = f"innovation.{area}.{name}"
    found = importlib.util.find_spec(full)
    return importlib.import_module(full) if found and found.origin else None
