"""``gatehouse serve``, ``gatehouse worker`` and ``gatehouse run``: the processes."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from sqlalchemy import inspect

from innovation import metrics, presence, server_presence
from innovation import worker as working
from innovation.accounts.queries import has_demo_accounts
from innovation.app import create_app
from innovation.cli import unfinished
from innovation.cli.database import bring_to
from innovation.cli.main import loading
from innovation.compiled import load_compiled
from innovation.config import load_settings, named
from innovation.db import db, file_of
from innovation.programmes.models import Programme

BETWEEN_TRIMS = 5.0  # seconds
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # as in malloc.h


class Said(Logger):
    """What gunicorn says goes the way of everything that is logged."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):
    """gunicorn, told what to do by us instead of by its own command line."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self.application = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.application


def give_memory_back() -> None:
    """Let what was taken in large pieces go back to the system at once, in this process and those forked from it.

    The hash of a password takes 19 MB. glibc would learn from it to keep such pieces, in each process, and to lay
    memory by for each thread. Other C libraries have no such habits, or no ``mallopt``.
    """
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        mallopt(M_TRIM_THRESHOLD, 1 << 20)
        mallopt(M_ARENA_MAX, 2)


def _serve(app: Flask, host: str, port: int, workers: int, threads: int) -> None:
    _require_free(host, port)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # the processes that are forked next open their own connections
        app.extensions["queue"].close()
    load_compiled(app.jinja_env)
    give_memory_back()
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the processes share it, and nobody looks through it again
    Server(
        app,
        bind=f"{host}:{port}",
        workers=workers,
        threads=threads,
        worker_class="gthread",
        worker_tmp_dir="/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
        graceful_timeout=20,
        timeout=60,
        keepalive=5,
        loglevel="warning",
        logger_class=Said,
        proc_name="gatehouse",
        control_socket_disable=True,
        post_fork=_after_fork,
    ).run()


def _after_fork(_arbiter: Any, _worker: Any) -> None:
    structlog.get_logger().debug("serving", pid=os.getpid())
    Thread(target=_keep_giving_back, daemon=True).start()


def _keep_giving_back() -> None:
    """Give back what lies free between what is in use: pages that are made at the same time leave large holes."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc; it takes about two milliseconds
    while trim is not None:
        time.sleep(BETWEEN_TRIMS)
        trim(0)


def _require_free(host: str, port: int) -> None:
    """A plain sentence instead of a trace when somebody else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sys.exit(f"Port {port} is taken by another program. Stop it, or choose another with --port.")
            sys.exit(f"Cannot listen on {host}:{port}: {error.strerror}.")


@contextlib.contextmanager
def _at_work(app: Flask) -> Iterator[None]:
    """As long as this process and those forked from it live, no backup is put in the place of their database."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        with server_presence.shared(engine):
            yield
        return
    with presence.shared(file_of(engine)) as hindrance:
        if hindrance:
            click.echo(f"{hindrance.filename}: {hindrance.strerror}. A restore does not wait for this.", err=True)
        yield


def _require_tables(app: Flask) -> None:
    unfinished.require_none(app.config["SETTINGS"].instance)
    file = file_of(db.engine)
    if (file and not Path(file).exists()) or not inspect(db.engine).has_table("event"):
        sys.exit("The database has no tables yet. Run: gatehouse db upgrade")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Threads a process.")
@click.option("--demo", is_flag=True, help="Serve a database that holds demonstration accounts.")
def serve(host: str, port: int, workers: int, threads: int, demo: bool) -> None:
    """Serve the application (put a proxy with TLS in front of it)."""
    with metrics.shared_between_processes():
        with loading():
            app = create_app()
        with _at_work(app):
            with app.app_context():
                _require_tables(app)
                if has_demo_accounts() and not demo:
                    sys.exit(
                        "This database holds demonstration accounts, whose passwords everybody knows. "
                        "Use a database without them, or say --demo if this is a demonstration."
                    )
            _serve(app, host, port, workers, threads)


@click.command()
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 32))
@click.option("--parent", type=int, hidden=True, help="Stop when this process is no longer the parent.")
def worker(threads: int, parent: int | None) -> None:
    """Deliver reactions, messages and reminders, and seal the record; run as many as you like."""
    give_memory_back()
    with loading():
        app = create_app()
    with _at_work(app):
        with app.app_context():
            _require_tables(app)
        working.run(app, threads=threads, parent=parent)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def run(host: str, port: int) -> None:
    """Set up the database, load the demo world when it is empty, and serve with a worker; Ctrl-C stops both."""
    _require_free(host, port)
    lead_here(host, port)
    with metrics.shared_between_processes():
        with loading():
            app = create_app()
        with app.app_context():
            unfinished.require_none(app.config["SETTINGS"].instance)
            bring_to()
            _show_demo()
            db.session.remove()
        child = subprocess.Popen(  # noqa: S603 - nothing of it comes from outside
            # It is told its parent: by the time it could ask it may be an orphan.
            [
                sys.executable,
                "-c",
                "from innovation.cli.main import main; main()",
                "worker",
                "--parent",
                str(os.getpid()),
            ],
            start_new_session=True,  # Ctrl-C reaches us only; we then stop the worker
        )
        click.echo(f"\nGatehouse is at http://{host}:{port} (Ctrl-C stops it)")
        try:
            with _at_work(app):
                _serve(app, host, port, workers=2, threads=8)
        finally:
            _stop(child)


def lead_here(host: str, port: int) -> None:
    """Let links in mails lead here, unless the settings name another address; the worker reads it as well."""
    if "base_url" in named(load_settings().instance):
        return
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    os.environ["GATEHOUSE_BASE_URL"] = f"http://{here}:{port}"


def _show_demo() -> None:
    """Load the demo world into an empty database; print its sign-ins where there are some.

    In a process of its own: what loading needs (memory, the threads of a store) should not be forked into servers.
    """
    empty = db.session.query(Programme.id).first() is None
    demo = empty or has_demo_accounts()
    db.session.rollback()
    if empty:
        click.echo("Loading the demonstration (some seconds) ...")
    if demo:
        subprocess.run(
            [sys.executable, "-c", "from innovation.cli.main import main; main()", "demo", "load", "--quiet"],
            check=True,
        )


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
