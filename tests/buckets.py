"""An S3 server for tests: rclone, which serves a folder; every bucket is a folder in it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEY, SECRET = "gatehouse-tests", "a secret for tests"


class NoBuckets(Exception):
    """No S3 server can be started here; the message says why."""


@dataclass
class Buckets:
    """A running server; it can be stopped and started again with the same content."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """Settings that keep files here."""
        return {
            "files_url": "s3://gatehouse/files",
            "files_endpoint": self.endpoint,
            "files_access_key": KEY,
            "files_secret_key": SECRET,
        }

    def start(self) -> None:
        (self.folder / "gatehouse").mkdir(parents=True, exist_ok=True)
        served = ["serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY},{SECRET}"]
        # Nothing is kept in memory: what is acknowledged is in the folder, and what is in the folder is served.
        plain = ["--config", os.devnull, "--vfs-cache-mode", "off", "--dir-cache-time", "0s"]
        self.process = subprocess.Popen(
            [program(), *served, *plain, str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise NoBuckets("rclone did not answer")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def paths(self) -> list[str]:
        """What is in the bucket."""
        root = self.folder / "gatehouse"
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def empty(self) -> None:
        shutil.rmtree(self.folder / "gatehouse", ignore_errors=True)
        (self.folder / "gatehouse").mkdir(parents=True)


def program() -> str:
    """rclone: from the development environment, or as the machine has it."""
    beside = Path(sys.executable).parent / "rclone"
    found = str(beside) if beside.exists() else shutil.which("rclone")
    if found is None:
        raise NoBuckets("rclone is not installed")
    return found


@contextmanager
def serving(folder: Path) -> Iterator[Buckets]:
    """A server on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Buckets(folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
