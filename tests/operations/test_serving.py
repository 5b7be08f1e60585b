"""Several web processes are one site: they count together, and one that dies is replaced."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """A site that is served by two processes."""

    process: subprocess.Popen[bytes]
    address: str

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def wait_for(self, count: int) -> None:
        """Until so many processes serve and one of them answers."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if len(self.children()) == count and self.get("/healthz") == "alive\n":
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError("It did not answer.")


@pytest.fixture
def site(database: dict[str, Any]) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", "from innovation.cli.main import main; main()", "serve", "--port", str(port)],
        env=os.environ | {"GATEHOUSE_INSTANCE": str(database["instance"])},
        cwd=ROOT,
    )
    found = Site(process, f"http://127.0.0.1:{port}")
    try:
        found.wait_for(2)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=40)


def visits(site: Site) -> int:
    line = re.search(r'requests_total\{endpoint="ideas.status",method="GET",status="200"\} (\d+)', site.get("/metrics"))
    return int(line.group(1)) if line else 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes as Linux lists them")
def test_the_figures_are_those_of_all_processes_and_outlive_one_that_is_killed(site: Site) -> None:
    for _visit in range(8):
        site.get("/status")
    told = {visits(site) for _time in range(6)}
    victim = site.children()[0]

    os.kill(victim, signal.SIGKILL)
    time.sleep(0.5)
    site.wait_for(2)

    assert told == {8}
    assert victim not in site.children()
    assert visits(site) == 8
    assert '"ready": true' in site.get("/readyz")
