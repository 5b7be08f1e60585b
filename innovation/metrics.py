"""Figures for Prometheus: requests by endpoint, and what waits for a worker."""

from __future__ import annotations

import hmac
import ipaddress
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from innovation.config import Settings
from innovation.health import Answer, Probes, find_backlog, reading

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # a name that prometheus-client reads, too
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
logger = structlog.get_logger()


@contextmanager
def shared_between_processes() -> Iterator[None]:
    """Let the processes that are forked from this one count together; to be entered before an application is made."""
    if FOLDER in os.environ:
        yield
        return
    memory = Path("/dev/shm")  # noqa: S108 - a parent of a fresh private folder
    folder = tempfile.mkdtemp(prefix="gatehouse-metrics-", dir=memory if memory.is_dir() else None)
    owner = os.getpid()
    os.environ[FOLDER] = folder
    try:
        yield
    finally:
        if os.getpid() == owner:  # the forked ones come by here, too
            del os.environ[FOLDER]
            shutil.rmtree(folder, ignore_errors=True)


class Meter:
    """Counts requests, and tells the figures."""

    def __init__(self) -> None:
        # Imported here because it decides at import whether processes count together.
        import prometheus_client

        self.prometheus = prometheus_client
        self.registry = prometheus_client.CollectorRegistry()
        self.requests = prometheus_client.Counter(
            "gatehouse_requests", "Requests answered.", ["endpoint", "method", "status"], registry=self.registry
        )
        self.seconds = prometheus_client.Histogram(
            "gatehouse_request_seconds", "Time to answer.", ["endpoint"], buckets=STEPS, registry=self.registry
        )

    def count(self, endpoint: str, method: str, status: str, seconds: float) -> None:
        self.requests.labels(endpoint, method, status).inc()
        self.seconds.labels(endpoint).observe(seconds)

    def text(self) -> bytes:
        """All figures in the text form of Prometheus; without those of the database while it is away."""
        return self._counted() + self._owed()

    def _counted(self) -> bytes:
        registry = self.registry
        if FOLDER in os.environ:
            from prometheus_client.multiprocess import MultiProcessCollector

            registry = self.prometheus.CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return self.prometheus.generate_latest(registry)

    def _owed(self) -> bytes:
        try:
            with reading() as connection:
                found = find_backlog(connection)
        except SQLAlchemyError as error:
            logger.error("figures_without_database", error=type(error).__name__)
            return _figure("gatehouse_database_up", "Whether the database answers.", 0)
        return b"".join(
            [
                _figure("gatehouse_database_up", "Whether the database answers.", 1),
                _figure("gatehouse_deliveries_owed", "Reactions owed.", found.deliveries.count),
                _figure(
                    "gatehouse_deliveries_waiting_seconds",
                    "For how long the first due reaction has been due.",
                    found.deliveries.waiting.total_seconds(),
                ),
                _figure("gatehouse_messages_owed", "Mails owed.", found.messages.count),
                _figure(
                    "gatehouse_messages_waiting_seconds",
                    "For how long the first due mail has been due.",
                    found.messages.waiting.total_seconds(),
                ),
                _figure(
                    "gatehouse_messages_refused",
                    "Mails of those owed that the mail server does not take for now.",
                    found.messages.refused,
                ),
                _figure("gatehouse_jobs_owed", "Long jobs that have not ended.", found.jobs.count),
                _figure(
                    "gatehouse_jobs_waiting_seconds",
                    "For how long the first due long job has been due.",
                    found.jobs.waiting.total_seconds(),
                ),
                _figure("gatehouse_events_unsealed", "Events that the ledger does not bind yet.", found.unsealed),
            ]
        )


def _figure(name: str, meaning: str, value: float) -> bytes:
    return f"# HELP {name} {meaning}\n# TYPE {name} gauge\n{name} {value}\n".encode()


class Metered:
    """Counts each request with its endpoint, never with its address, and how long the answer took."""

    def __init__(self, inner: Any, meter: Meter) -> None:
        self.inner, self.meter = inner, meter

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.perf_counter()
        status, endpoint = "500", "none"

        def start(said: str, *more: Any) -> Any:
            nonlocal status, endpoint
            # Flask takes its request away again before it returns.
            rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
            status, endpoint = said[:3], rule.endpoint if rule else "none"
            return start_response(said, *more)

        try:
            answer: Iterable[bytes] = self.inner(environ, start)
            return answer
        finally:
            method = environ.get("REQUEST_METHOD", "")
            method = method if method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
            seconds = time.perf_counter() - began
            self.meter.count(endpoint, method, status, seconds)
            logger.debug("answered", endpoint=endpoint, method=method, status=status, ms=round(seconds * 1000, 1))


def may_read(environ: dict[str, Any], settings: Settings) -> bool:
    """Whoever has the token, and programs on this very machine that no proxy speaks for."""
    token = settings.metrics_token.get_secret_value()
    said = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(said.encode(), token.encode()):
        return True
    return _is_loopback(environ.get("REMOTE_ADDR", "")) and not any(name in environ for name in FORWARDED)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def install(app: Flask) -> None:
    """Count requests, and tell the figures at /metrics."""
    meter = Meter()

    def tell(environ: dict[str, Any]) -> Answer:
        if not may_read(environ, app.config["SETTINGS"]):
            return 404, "text/plain; charset=utf-8", b"Not found\n"
        with app.app_context():
            return 200, "text/plain; version=0.0.4; charset=utf-8", meter.text()

    app.extensions["meter"] = meter
    app.wsgi_app = Probes(Metered(app.wsgi_app, meter), {"/metrics": tell})  # type: ignore[method-assign]
