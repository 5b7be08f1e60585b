"""The processes: they say plainly what stands in their way, and start and stop together."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask import Flask

from innovation.cli.serve import lead_here, serve, worker
from innovation.config import load_settings
from innovation.db import db
from innovation.demo.setting import PASSWORD
from tests import make

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_taken_port_is_said_in_a_plain_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", app.instance_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = CliRunner().invoke(serve, ["--port", str(port)])

    assert (result.exit_code, str(result.exception)) == (
        1,
        f"Port {port} is taken by another program. Stop it, or choose another with --port.",
    )


def test_demo_accounts_are_not_served_unless_asked_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make.person("Demo coordinator", is_demo=True)
    db.session.commit()
    monkeypatch.setenv("GATEHOUSE_INSTANCE", app.instance_path)

    result = CliRunner().invoke(serve, ["--port", str(free_port())])

    assert (result.exit_code, "--demo" in str(result.exception)) == (1, True)


@pytest.mark.parametrize("command", [serve, worker], ids=["serve", "worker"])
def test_a_database_without_tables_says_which_command_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: object
) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))

    result = CliRunner().invoke(command, [])  # type: ignore[arg-type]

    assert str(result.exception) == "The database has no tables yet. Run: gatehouse db upgrade"


@pytest.mark.parametrize(
    ("host", "named", "links"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:5131"),
        ("0.0.0.0", "", "http://127.0.0.1:5131"),
        ("::1", "", "http://[::1]:5131"),
        ("127.0.0.1", "https://gatehouse.example", "https://gatehouse.example"),
    ],
)
def test_links_lead_to_the_port_that_run_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, named: str, links: str
) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("GATEHOUSE_BASE_URL", named)
    if not named:
        monkeypatch.delenv("GATEHOUSE_BASE_URL")

    lead_here(host, 5131)

    assert load_settings().base_url == links


def test_links_lead_to_the_address_that_the_file_of_settings_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text('base_url = "https://gatehouse.example"\n', "utf-8")
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))
    monkeypatch.delenv("GATEHOUSE_BASE_URL", raising=False)

    lead_here("127.0.0.1", 5131)

    assert load_settings().base_url == "https://gatehouse.example"


@pytest.mark.slow
def test_run_serves_an_empty_folder_with_a_worker_and_ctrl_c_stops_both(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", "from innovation.cli.main import main; main()", "run", "--port", str(port)],
        env=os.environ | {"GATEHOUSE_INSTANCE": str(tmp_path)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        page = answer_of(f"http://127.0.0.1:{port}/", process)
        file = a_file_of(tmp_path, f"http://127.0.0.1:{port}")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    finally:
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=40)[0]

    assert "Look up an idea" in page
    assert file.startswith(b"%PDF-")
    assert len(re.findall(r"@\S+", said)) >= 5
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.slow
def test_a_worker_whose_parent_died_before_it_was_ready_stops(app: Flask) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    command = ["from innovation.cli.main import main; main()", "worker", f"--parent={int(gone.stdout)}"]

    worker = subprocess.run(
        [sys.executable, "-c", *command],
        env=os.environ | {"GATEHOUSE_INSTANCE": app.instance_path},
        cwd=ROOT,
        timeout=100,
        check=False,
    )

    assert worker.returncode == 0


def answer_of(url: str, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(0.5)
    raise AssertionError("It did not answer.")


def a_file_of(instance: Path, site: str) -> bytes:
    """A file of the demonstration as the server gives it to the coordinator; none may take long."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    sign_in = browser.open(f"{site}/sign-in", timeout=10).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', sign_in)
    assert token
    said = {"csrf_token": token[1], "email": "coordinator@gatehouse.example", "password": PASSWORD}
    browser.open(f"{site}/sign-in", urlencode(said).encode(), timeout=10)
    with sqlite3.connect(instance / "gatehouse.sqlite") as database:
        query = (
            "SELECT i.reference, a.id FROM attachment a JOIN idea i ON i.id = idea_id WHERE content_type LIKE '%pdf'"
        )
        reference, number = database.execute(query).fetchone()
    content: bytes = browser.open(f"{site}/ideas/{reference}/files/{number}", timeout=10).read()
    return content
