"""What is measured: a server in processes of its own, and the database that it works on."""

from __future__ import annotations

import compileall
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import started

# What only developing brings along is not there where Gatehouse is installed: structlog would load rich if it found it.
START = "import sys; sys.modules['rich'] = None; from innovation.cli.main import main; main()"
SERVE = [sys.executable, "-c", START, "serve", "--demo", "--port"]
DATABASES = ("sqlite", "postgresql")
CODE = [Path(__file__).parent.parent / package for package in ("innovation", "workflows")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], port: int, folder: Path, first: str) -> Iterator[tuple[int, float]]:
    """The process id of a server of two processes and eight threads, and its seconds to the first answer."""
    for package in CODE:  # as where it is installed, though Python may not keep what it compiles
        compileall.compile_dir(package, quiet=2)
    begun = time.perf_counter()
    environment = os.environ | {"GATEHOUSE_INSTANCE": str(folder)}
    process = subprocess.Popen(command, env=environment)
    try:
        while not answers(port, first):
            if process.poll() is not None or time.perf_counter() - begun > 120:
                raise RuntimeError("The server did not start.")
            time.sleep(0.02)
        yield process.pid, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def cpu_seconds(server: int) -> float:
    """The processor's time that the processes which answer have taken so far."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13] for child in children]
    return sum(int(tick) for both in ticks for tick in both) / os.sysconf("SC_CLK_TCK")


def megabytes(server: int) -> tuple[float, float]:
    """The memory of the largest process that answers: whole, and with its part of what others see too."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    whole, share = ([_kilobytes(child, name) for child in children] for name in ("Rss", "Pss"))
    return round(max(whole) / 1024, 1), round(max(share) / 1024, 1)


def _kilobytes(process: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found.group(1)) if found else 0


@contextmanager
def database(kind: str, folder: Path) -> Iterator[None]:
    """Give the folder a database of this kind; a PostgreSQL of our own is set up as one at work is."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield
        return
    with started() as server:
        server.settle_at_work()
        server.prepare(folder)
        yield
        server.drop(folder)
