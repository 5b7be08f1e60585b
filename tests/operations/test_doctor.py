"""The doctor names what is wrong with a site, and what to do about it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import socket
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from flask import Flask

from innovation import writers
from innovation.cli.examining import KEPT_FILES
from innovation.cli.main import gatehouse
from innovation.db import Base, db, now
from innovation.notifications.models import Message
from tests import make
from tests.accounts.local_provider import running
from tests.databases import take_guards_away
from tests.operations.other_process import holding

Look = Callable[..., dict[str, dict[str, str]]]
WELL = {"BASE_URL": "https://gatehouse.example", "SECURE_COOKIES": "true", "TRUSTED_HOSTS": '["gatehouse.example"]'}


@pytest.fixture
def look(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Calls the doctor to the site: its findings by name, and "exit" with how it ended."""

    def look(**settings: str) -> dict[str, dict[str, str]]:
        for name, value in (WELL | {"INSTANCE": app.instance_path} | settings).items():
            monkeypatch.setenv(f"GATEHOUSE_{name}", value)
        for path in Path(app.instance_path).glob("config.toml"):
            path.chmod(0o600)
        result = CliRunner().invoke(gatehouse, ["doctor", "--json"])
        found = {finding["name"]: finding for finding in json.loads(result.stdout)}
        return found | {"exit": {"state": str(result.exit_code)}}

    return look


@pytest.fixture
def post() -> Iterator[str]:
    """The port of a mail server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(object(), hostname="127.0.0.1", port=port)
    server.start()
    yield str(port)
    server.stop()


def test_a_well_kept_site_has_nothing_to_mend(look: Look, post: str) -> None:
    found = look(SMTP_HOST="127.0.0.1", SMTP_PORT=post)

    names = ["settings", "versions", "database", "disk", "secrets", "mail", "store", "provider", "tables", "clock"]
    names += ["queue", "machines", "files", "record", "writing", "pages"]
    assert {name: finding["state"] for name, finding in found.items()} == dict.fromkeys(names, "ok") | {"exit": "0"}
    assert [finding["advice"] for name, finding in found.items() if name != "exit"] == [""] * len(names)


def test_a_site_without_mail_works_but_is_told(look: Look) -> None:
    found = look()

    assert (found["mail"]["state"], found["exit"]["state"]) == ("attention", "0")
    assert "GATEHOUSE_SMTP_HOST" in found["mail"]["advice"]


def test_a_mail_server_that_does_not_answer_is_a_fault(look: Look) -> None:
    found = look(SMTP_HOST="127.0.0.1", SMTP_PORT="1")

    assert (found["mail"]["state"], found["exit"]["state"]) == ("fault", "1")


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({"SECURE_COOKIES": "false"}, "fault"),
        ({"BASE_URL": "http://gatehouse.example"}, "fault"),
        ({"TRUSTED_HOSTS": "[]"}, "ok"),
        ({"TRUSTED_HOSTS": '["another.example"]'}, "fault"),
        ({"BASE_URL": "http://127.0.0.1:5000"}, "attention"),
    ],
)
def test_settings_that_do_not_suit_the_open_are_named(look: Look, settings: dict[str, str], state: str) -> None:
    found = look(**settings)

    assert found["settings"]["state"] == state


def test_a_provider_that_answers_is_well_and_one_that_does_not_is_a_fault(look: Look) -> None:
    with running() as provider:
        there = look(OIDC_CLIENT_ID="gatehouse", OIDC_ISSUER=provider.issuer)

    gone = look(OIDC_CLIENT_ID="gatehouse", OIDC_ISSUER=provider.issuer)

    assert (there["provider"]["state"], gone["provider"]["state"]) == ("ok", "fault")


def test_a_setting_that_is_none_ends_in_its_name(look: Look) -> None:
    found = look(SMPT_HOST="mail.example.org")

    assert found["settings"]["text"] == "GATEHOUSE_SMPT_HOST is not a setting."
    assert found["exit"]["state"] == "1"


@pytest.mark.parametrize("key", ["change me: openssl rand -base64 48", "short"])
def test_a_key_that_others_know_or_can_guess_is_a_fault(look: Look, key: str) -> None:
    found = look(SECRET_KEY=key)

    assert (found["settings"]["state"], "openssl rand -base64 48" in found["settings"]["advice"]) == ("fault", True)


def test_a_key_that_is_empty_is_a_fault(app: Flask, look: Look) -> None:
    (Path(app.instance_path) / "secret_key").write_text("")

    found = look()

    assert (list(found), found["exit"]["state"]) == (["settings", "exit"], "1")
    assert "secret_key is empty" in found["settings"]["text"]


def test_a_key_that_others_can_read_is_a_fault(app: Flask, look: Look) -> None:
    key = Path(app.instance_path) / "secret_key"
    key.write_text("a key")
    key.chmod(0o644)

    found = look()

    assert found["secrets"]["state"] == "fault"
    assert found["secrets"]["advice"] == f"Run: chmod go-rwx {key}"


@pytest.mark.parametrize(("free", "state"), [(100_000_000, "fault"), (1_000_000_000, "attention")])
def test_a_disk_that_fills_up_is_named(look: Look, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**10, 10**10 - free, free))

    found = look()

    assert found["disk"]["state"] == state


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (5, "attention"), (20, "fault")])
def test_work_that_nobody_does_is_named(look: Look, minutes: int, state: str) -> None:
    due = now() - dt.timedelta(minutes=minutes)
    make.add(Message(why="test", to_address="someone@example.org", subject="Hello", text="Hello", next_at=due))
    db.session.commit()

    found = look()

    assert found["queue"]["state"] == state


def test_a_mail_that_fails_for_days_is_named_with_its_error_and_no_address(look: Look) -> None:
    error = "SMTPRecipientsRefused: {'someone@example.org': (451, b'Try again later')}"
    put_off = {"made_at": now() - dt.timedelta(days=4), "next_at": now() + dt.timedelta(hours=6), "attempts": 9}
    make.add(
        Message(why="test", to_address="someone@example.org", subject="Hello", text="Hello", error=error, **put_off)
    )
    db.session.commit()

    found = look()["queue"]

    assert found["state"] == "fault"
    assert "the first for 4 days. That is a mail, tried 9 times" in found["text"]
    assert ("Try again later" in found["text"], "someone@" in found["text"]) == (True, False)
    assert "mail server" in found["advice"]


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_queue_that_does_not_answer_is_a_fault(look: Look, url: str) -> None:
    found = look(QUEUE_URL=url)

    assert (found["queue"]["state"], found["exit"]["state"]) == ("fault", "1")
    assert "GATEHOUSE_QUEUE_URL" in found["queue"]["advice"]


@pytest.mark.usefixtures("newer_tables")
def test_tables_of_a_newer_release_are_told_from_those_of_an_older_one(look: Look) -> None:
    found = look()

    assert found["tables"]["advice"] == "They are of a newer release: install that one."


@pytest.mark.usefixtures("older_tables")
def test_tables_of_another_release_are_a_fault_and_the_rest_waits(look: Look) -> None:
    found = look()

    assert found["tables"]["state"] == "fault"
    assert found["tables"]["advice"] == "Make a backup, then run: gatehouse db upgrade"
    assert "record" not in found


@pytest.mark.parametrize(
    ("change", "name"),
    [("UPDATE event SET facts = '{}'", "record"), ("UPDATE event SET at = '2999-01-01 00:00:00'", "clock")],
)
def test_a_record_that_was_altered_and_a_clock_that_runs_behind_are_faults(look: Look, change: str, name: str) -> None:
    make.idea()
    make.scored_review()
    db.session.commit()
    take_guards_away()
    db.session.execute(sa.text(change))
    db.session.commit()

    found = look()

    assert (found[name]["state"], found["exit"]["state"]) == ("fault", "1")


def test_the_findings_read_well(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", app.instance_path)

    said = CliRunner().invoke(gatehouse, ["doctor"]).stdout.splitlines()

    assert said[0].startswith("attention  settings     Links in mails lead to http://127.0.0.1:5000")
    assert said[1].strip() == "Set GATEHOUSE_BASE_URL to the address that people use."


def test_a_folder_in_which_files_cannot_be_kept_is_a_fault(app: Flask, look: Look) -> None:
    (Path(app.instance_path) / "files").write_text("no folder")

    found = look()

    assert (found["store"]["state"], found["exit"]["state"]) == ("fault", "1")


def test_a_database_that_others_can_read_is_a_fault(look: Look, database_file: Path) -> None:
    database_file.chmod(0o640)

    found = look()

    assert (found["secrets"]["state"], str(database_file) in found["secrets"]["advice"]) == ("fault", True)


def test_a_database_that_can_be_read_and_not_written_is_a_fault(look: Look, database_file: Path) -> None:
    place = Path(f"{database_file}-writers")
    place.unlink(missing_ok=True)
    place.mkdir()  # where its writers stand in a queue

    found = look()

    assert (found["tables"]["state"], found["writing"]["state"], found["exit"]["state"]) == ("ok", "fault", "1")
    assert found["writing"]["text"] == f"{place}: Is a directory."


def test_a_process_that_stands_still_in_a_write_is_named_and_nothing_is_to_be_put_back(
    look: Look, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.1)
    with holding(f"sqlite:///{database_file}", "UPDATE alembic_version SET version_num = version_num") as other:
        other.send_signal(signal.SIGSTOP)

        writing = look()["writing"]
        other.kill()

    assert writing["state"] == "fault"
    assert "Somebody holds the write lock" in writing["text"]
    assert str(other.pid) in writing["advice"] or not writers.LOCKS.exists()
    assert "backup" not in writing["advice"]


def test_a_database_that_is_damaged_is_a_fault_with_advice(look: Look, database_file: Path) -> None:
    database_file.write_bytes(b"no database at all" * 1000)

    found = look()

    assert (found["tables"]["state"], "file is not a database" in found["tables"]["text"]) == ("fault", True)
    assert "put the last backup back" in found["tables"]["advice"]


def test_an_instance_that_is_no_folder_is_a_fault(look: Look, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")

    found = look(INSTANCE=str(tmp_path / "a file"))

    assert (found["settings"]["state"], "a file" in found["settings"]["text"]) == ("fault", True)


def test_every_column_that_names_a_file_is_looked_for(app: Flask) -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(("file_key", "photo_key"))
    }

    looked_for = {f"{column.class_.__tablename__}.{column.key}" for column, _number in KEPT_FILES}

    assert looked_for == named | {"attachment.key"}
