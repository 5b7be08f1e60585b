"""A restore that is stopped takes back what it has begun; one that is killed leaves a site that says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_serve import free_port
from tests.operations.conftest import Run
from tests.operations.test_backup import rows
from tests.operations.test_restoring import state
from workflows import Refused

ROOT = Path(__file__).parents[2]
STOPPED_AT = """
import importlib, os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests may run where these are ignored, as under nohup
signal.signal(signal.SIGINT, signal.default_int_handler)
module, name = sys.argv[1].rsplit(".", 1)
setattr(importlib.import_module(module), name, lambda *_words, **_said: os.kill(os.getpid(), int(sys.argv[2])))
from innovation.cli.main import main
main(sys.argv[3:])
"""
BEFORE_THE_DATABASE, AT_THE_KEY = "innovation.cli.copying.copy_in", "innovation.cli.swapping._exchange_key"
STEPS = (BEFORE_THE_DATABASE, "innovation.cli.swapping._exchange_files", AT_THE_KEY)
NOT_WHOLE = "A restore has begun here and not ended"
pytestmark = pytest.mark.slow


@pytest.fixture
def site(run: Run, kept: Path, empty: Path) -> Path:
    """Another site like it, whose database nobody needs afterwards."""
    run(empty, "restore", str(kept))
    return empty


def gatehouse(instance: Path, *words: str, step: str = "", number: int = 0) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which gets a signal where it comes to a step."""
    begin = [STOPPED_AT, step, str(number)] if step else ["from innovation.cli.main import main; main()"]
    return subprocess.run(
        [sys.executable, "-c", *begin, *words],
        env=os.environ | {"GATEHOUSE_INSTANCE": str(instance)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def kill_a_restore(instance: Path, kept: Path, step: str) -> None:
    killed = gatehouse(instance, "restore", "--replace", str(kept), step=step, number=signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL, killed.stderr


@pytest.mark.parametrize("step", STEPS)
def test_a_site_whose_restore_was_killed_is_not_gone_on_with_until_it_was_done_again(
    run: Run, kept: Path, site: Path, tmp_path: Path, step: str
) -> None:
    before = rows(site)
    kill_a_restore(site, kept, step)

    with pytest.raises(Refused, match=NOT_WHOLE):
        run(site, "db", "upgrade")
    with pytest.raises(Refused, match=NOT_WHOLE):
        run(site, "backup", str(tmp_path / "half.tar.gz"))
    said = run(site, "restore", "--replace", str(kept))
    run(site, "db", "upgrade")

    assert "The record is whole." in said
    assert rows(site) == before


def test_no_process_begins_where_a_restore_was_killed_and_the_doctor_tells_of_it(kept: Path, site: Path) -> None:
    kill_a_restore(site, kept, AT_THE_KEY)
    port = ("--port", str(free_port()))

    said = [gatehouse(site, *words) for words in (("serve", *port), ("worker",), ("run", *port))]
    found = {finding["name"]: finding for finding in json.loads(gatehouse(site, "doctor", "--json").stdout)}

    assert {each.returncode for each in said} == {1}
    first, again, places = said[0].stderr.splitlines()[-3:]
    assert (NOT_WHOLE in first, "gatehouse restore --replace FILE" in again) == (True, True)
    assert sorted(site.glob("before-restore-*"))[-1].name in places
    assert [each.stderr.splitlines()[-3:] for each in said] == [[first, again, places]] * 3
    assert (found["tables"]["state"], found["tables"]["text"], found["tables"]["advice"]) == (
        "fault",
        first,
        f"{again} {places}",
    )


@pytest.mark.parametrize("step", ["copy_in", "_set_references"])
def test_another_machine_sees_in_the_database_that_a_restore_was_killed(
    run: Run, kept: Path, site: Path, step: str
) -> None:
    if "config.toml" not in os.listdir(site):
        pytest.skip("A file has one machine.")
    kill_a_restore(site, kept, f"innovation.cli.copying.{step}")
    (site / "restoring").unlink()

    with pytest.raises(Refused, match=NOT_WHOLE):
        run(site, "db", "upgrade")


@pytest.mark.parametrize(
    ("step", "number"),
    [(BEFORE_THE_DATABASE, signal.SIGINT), (AT_THE_KEY, signal.SIGTERM), (AT_THE_KEY, signal.SIGHUP)],
)
def test_a_restore_that_is_stopped_leaves_the_site_as_it_was(
    run: Run, kept: Path, site: Path, step: str, number: int
) -> None:
    before, there = state(site), set(os.listdir(site))

    said = gatehouse(site, "restore", "--replace", str(kept), step=step, number=number)

    assert said.returncode == 1
    assert "Nothing was changed: what was here is back in its place." in said.stderr
    assert (state(site), set(os.listdir(site)) - there) == (before, set())
    run(site, "db", "upgrade")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_backup_that_is_stopped_leaves_nothing(kept: Path, site: Path, tmp_path: Path, number: int) -> None:
    place = tmp_path / "backups"
    place.mkdir()

    said = gatehouse(site, "backup", str(place / "new.tar.gz"), step="innovation.cli.archive._pack", number=number)

    assert (said.returncode, said.stderr) == (1, f"Stopped by {signal.Signals(number).name}.\n")
    assert list(place.iterdir()) == []


def test_a_restore_that_fails_where_one_was_killed_before_leaves_the_note_of_that_one(
    run: Run, kept: Path, site: Path
) -> None:
    kill_a_restore(site, kept, AT_THE_KEY)

    gatehouse(site, "restore", "--replace", str(kept), step=BEFORE_THE_DATABASE, number=signal.SIGTERM)

    with pytest.raises(Refused, match=NOT_WHOLE):
        run(site, "db", "upgrade")
