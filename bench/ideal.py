"""What a page could cost at best: its own bytes from one query and one template, for a session that was verified."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, abort, session
from jinja2 import Environment
from markupsafe import escape

from innovation.cli.serve import Server
from innovation.config import load_settings
from innovation.db import engine_options, prepare_engine
from innovation.web import Response, compress

REFERENCE = re.compile(r"\b[A-Z]{2,4}\d{2}-\d{4}\b")
WHO = sa.text(
    "SELECT person.name FROM user_session JOIN account ON account.id = user_session.account_id"
    " JOIN person ON person.id = account.person_id WHERE token_digest = :digest AND ended_at IS NULL"
    " AND disabled_at IS NULL"
)
ROWS = sa.text("SELECT reference, title FROM idea WHERE reference IN :references ORDER BY reference")
ROWS = ROWS.bindparams(sa.bindparam("references", expanding=True))


def make_app(folder: Path) -> Flask:
    """A page for each ``*.html`` in the folder's ``mains``, whose rows come from the database in the folder."""
    app = Flask("ideal")
    app.secret_key = load_settings({"instance": folder}).secret_key.get_secret_value()
    app.config["SESSION_COOKIE_NAME"] = "gatehouse"
    url = f"sqlite:///{folder / 'gatehouse.sqlite'}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)
    reading = engine.execution_options(readonly_tx=True)
    pages = {path.stem: template_of(path.read_text(), engine) for path in (folder / "mains").glob("*.html")}
    engine.dispose()
    app.after_request(compress)

    @app.get("/<name>")
    def page(name: str) -> Response:
        template, references = pages[name]
        with reading.connect() as connection:
            digest = hashlib.sha256(session.get("_user_id", "").encode()).hexdigest()
            if connection.execute(WHO, {"digest": digest}).one_or_none() is None:
                abort(403)
            rows = connection.execute(ROWS, {"references": references}).all()
        return Response(template.render(rows=rows), mimetype="text/html")

    return app


def template_of(main: str, engine: sa.Engine) -> tuple[object, list[str]]:
    """The page with an expression in the place of each idea's title and reference, and the ideas that it needs."""
    references = sorted(set(REFERENCE.findall(main)))
    with engine.connect() as connection:
        rows = connection.execute(ROWS, {"references": references}).all()
    references = [row.reference for row in rows]
    for number, row in sorted(enumerate(rows), key=lambda pair: -len(pair[1].title)):
        main = main.replace(str(escape(row.title)), f"\0title{number}\0").replace(
            row.reference, f"\0reference{number}\0"
        )
    text = re.sub(r"\0([a-z]+)(\d+)\0", r"{{ rows[\2].\1 }}", main)
    return Environment(autoescape=True, keep_trailing_newline=True).from_string(text), references


if __name__ == "__main__" and len(sys.argv) == 3:
    Server(
        make_app(Path(sys.argv[1])),
        bind=f"127.0.0.1:{sys.argv[2]}",
        workers=2,
        threads=8,
        worker_class="gthread",
        keepalive=5,
        loglevel="warning",
        control_socket_disable=True,
    ).run()
