"""What a write could cost at best: a form that was read and checked, three rows and one commit, for a known session."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import wtforms
from flask import Flask, abort, redirect, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from ideal import WHO
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from innovation.cli.serve import Server
from innovation.config import load_settings
from innovation.db import engine_options, prepare_engine


class Base(DeclarativeBase):
    pass


class First(Base):
    __tablename__ = "bare_first"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Second(Base):
    __tablename__ = "bare_second"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("bare_first.id"))
    text: Mapped[str]


class Third(Base):
    __tablename__ = "bare_third"
    id: Mapped[int] = mapped_column(primary_key=True)
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("bare_second.id"))
    text: Mapped[str]


def form_class(names: list[str]) -> type[wtforms.Form]:
    """A form with a field for each name that is sent."""
    checks = [wtforms.validators.Optional(), wtforms.validators.Length(max=6000)]
    return type("BareForm", (wtforms.Form,), {name: wtforms.StringField(name, checks) for name in names})


def make_app(folder: Path, forms: dict[str, list[str]]) -> Flask:
    """A POST to ``/<name>`` reads the form of that name and writes what was typed into three tables."""
    app = Flask("bare")
    settings = load_settings({"instance": folder})
    app.secret_key = settings.secret_key.get_secret_value()
    app.config["SESSION_COOKIE_NAME"] = "gatehouse"
    CSRFProtect(app)
    engine = sa.create_engine(settings.database_url, **engine_options(settings.database_url))
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    classes = {name: form_class(names) for name, names in forms.items()}
    engine.dispose()

    @app.route("/<name>", methods=["GET", "POST"])
    def write(name: str) -> Any:
        if request.method == "GET":
            return Response(f'<input name="csrf_token" value="{generate_csrf()}">', mimetype="text/html")
        with Session(engine) as db:
            digest = hashlib.sha256(session.get("_user_id", "").encode()).hexdigest()
            if db.execute(WHO, {"digest": digest}).one_or_none() is None:
                abort(403)
            form = classes[name](request.form)
            if not form.validate():
                abort(422)
            said = json.dumps(form.data)
            db.add(first := First(text=said))
            db.flush()
            db.add(second := Second(first_id=first.id, text=said))
            db.flush()
            db.add(Third(second_id=second.id, text=said))
            db.commit()
        return redirect(f"/{name}")

    return app


if __name__ == "__main__" and len(sys.argv) == 4:
    Server(
        make_app(Path(sys.argv[1]), json.loads(sys.argv[3])),
        bind=f"127.0.0.1:{sys.argv[2]}",
        workers=2,
        threads=8,
        worker_class="gthread",
        keepalive=5,
        loglevel="warning",
        control_socket_disable=True,
    ).run()
