"""Files may live in a store that speaks S3: served by the application alone, and a store that is away loses nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import asdict

from innovation.app import create_app
from innovation.cli.main import gatehouse
from innovation.clinics.models import Card
from innovation.config import BadSettings, read_settings
from innovation.db import db, now
from innovation.dossiers.commands import ask_dossiers
from innovation.events import list_events
from innovation.ideas import commands
from innovation.ideas import store as stores
from innovation.ideas.models import Attachment, Idea
from innovation.jobs import running
from innovation.jobs.models import Job, JobPart
from tests import make
from tests.buckets import Buckets, NoBuckets, serving
from tests.conftest import FAST
from workflows import Refused

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buckets]:
    try:
        with serving(tmp_path_factory.mktemp("buckets")) as running:
            yield running
    except NoBuckets as reason:
        pytest.skip(f"LEFT OUT: {reason}")


@pytest.fixture
def bucket(server: Buckets) -> Iterator[Buckets]:
    """An empty bucket on a running server."""
    if server.process is None:
        server.start()
    server.empty()
    return server


@pytest.fixture
def site(app: Flask, bucket: Buckets) -> Flask:
    """The application, with its files in the bucket."""
    app.config["SETTINGS"] = read_settings(asdict(app.config["SETTINGS"]) | bucket.settings)
    return app


def kept_file() -> Attachment:
    idea = make.idea(title="A reading corner")
    return commands.add_attachment(make.actor(idea.owner), idea, file=make.file("plan.pdf", PDF))


def owner_of(app: Flask, attachment: Attachment) -> tuple[FlaskClient, str]:
    idea = db.session.get_one(Idea, attachment.idea_id)
    client = make.sign_in(app.test_client(), idea.owner)
    return client, f"/ideas/{idea.reference}/files/{attachment.id}"


def test_a_file_is_in_the_bucket_under_a_name_nobody_can_guess(site: Flask, bucket: Buckets) -> None:
    kept = kept_file()

    assert bucket.paths() == [f"files/{kept.key[:2]}/{kept.key}"]
    assert stores.store().get(kept.key) == PDF
    assert list(Path(site.instance_path).glob("files/*")) == []


def test_a_file_is_given_to_who_may_see_its_idea_and_to_nobody_else(site: Flask) -> None:
    owner, address = owner_of(site, kept_file())
    stranger = make.sign_in(site.test_client(), make.person())

    given, refused, unknown = owner.get(address), stranger.get(address), site.test_client().get(address)

    assert (given.status_code, given.data, given.headers["Content-Disposition"]) == (
        200,
        PDF,
        "attachment; filename=plan.pdf",
    )
    assert (refused.status_code, unknown.status_code) == (404, 302)


def test_a_file_that_is_gone_from_the_bucket_is_not_there(site: Flask, bucket: Buckets) -> None:
    owner, address = owner_of(site, kept_file())
    bucket.empty()

    assert owner.get(address).status_code == 404


def test_a_file_that_was_dropped_is_gone_from_the_bucket_and_may_be_dropped_again(site: Flask, bucket: Buckets) -> None:
    with site.app_context():
        store = stores.store()
        key = store.put(b"A photograph.")

        store.drop(key)
        store.drop(key)

        assert store.has(key) is False


def test_a_look_at_the_bucket_leaves_nothing_in_it(site: Flask, bucket: Buckets) -> None:
    with site.app_context():
        stores.store().check()

    assert bucket.paths() == []


def test_a_file_that_is_dropped_while_all_are_fetched_is_told_of(
    site: Flask, bucket: Buckets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.app_context():
        store = stores.store()
        kept, dropped = store.put(PDF), store.put(b"A photograph.")
        listed = list(store._paths())  # type: ignore[attr-defined]
        store.drop(dropped)
        monkeypatch.setattr(store, "_paths", lambda: iter(listed))

        folder, gone = store.as_folder(tmp_path / "all")

    assert gone == [f"{dropped[:2]}/{dropped}"]
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [kept]


def test_while_the_store_is_away_files_wait_and_everything_else_works(site: Flask, bucket: Buckets) -> None:
    owner, address = owner_of(site, kept_file())
    page = address.rpartition("/files/")[0]
    bucket.stop()

    opened, idea = owner.get(address), owner.get(page)

    assert (opened.status_code, opened.headers["Retry-After"], idea.status_code) == (503, "5", 200)
    assert "The place where files are kept does not answer." in opened.text


def test_what_was_typed_beside_a_file_comes_back_while_the_store_is_away_and_nothing_is_half_done(
    site: Flask, bucket: Buckets
) -> None:
    owner, address = owner_of(site, kept_file())
    page = address.rpartition("/files/")[0]
    bucket.stop()

    with Path(__file__).open("rb") as file:
        sent = owner.post(f"{page}/files", data={"note": "Signed by the principal", "file": (file, "notes.txt")})

    assert sent.status_code == 503
    assert "Signed by the principal" in sent.text
    assert db.session.query(Attachment).count() == 1


def test_the_same_file_can_be_sent_when_the_store_is_back(site: Flask, bucket: Buckets) -> None:
    first = kept_file()
    owner, address = owner_of(site, first)
    page = address.rpartition("/files/")[0]
    statuses = []
    for step in (bucket.stop, bucket.start):
        step()
        with Path(__file__).open("rb") as file:
            statuses.append(owner.post(f"{page}/files", data={"file": (file, "notes.txt")}).status_code)

    assert statuses == [503, 302]
    assert db.session.query(Attachment).count() == 2
    assert len(bucket.paths()) == 2


def test_dossiers_wait_for_a_store_that_is_away_and_are_whole_and_taken_once_afterwards(
    site: Flask, bucket: Buckets
) -> None:
    idea, who = db.session.get_one(Idea, kept_file().idea_id), make.staff("coordinator")
    make.account(who)
    job = ask_dossiers(make.actor(who), references=[idea.reference], form_key="once")
    found = []
    for step in (bucket.stop, bucket.start):
        step()
        db.session.execute(sa.update(Job).values(next_at=now()))
        db.session.commit()
        running.run_owed()
        db.session.expire_all()
        found.append((job.state, job.done, job.failed, len(list_events(f"idea:{idea.id}", kinds=["dossier_taken"]))))

    names = db.session.scalars(sa.select(JobPart.name).where(JobPart.job_id == job.id)).all()
    assert found == [("running", 0, 0, 0), ("finished", 1, 0, 1)]
    assert [name for name in names if name.endswith("plan.pdf")]


def test_a_key_that_the_store_does_not_know_and_a_bucket_that_is_not_there_are_told_apart(bucket: Buckets) -> None:
    reasons = []
    for change in ({"files_secret_key": "wrong"}, {"files_url": "s3://another-bucket"}):
        with pytest.raises(stores.StoreAway) as refused:
            stores.open_store(read_settings(bucket.settings | change)).put(b"x")
        reasons.append(str(refused.value))

    assert reasons == ["SignatureDoesNotMatch", "There is no such bucket."]


class NoDeleting(BaseHTTPRequestHandler):
    """A store whose key may not take files away."""

    def _refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_DELETE = do_POST = _refuse

    def log_message(self, *_said: object) -> None:
        """Nothing."""


def test_a_key_that_may_not_delete_is_told_what_to_allow(bucket: Buckets) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), NoDeleting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = {"files_endpoint": f"http://127.0.0.1:{server.server_port}"}

    with pytest.raises(stores.StoreAway, match=r"AccessDenied.*allow it s3:DeleteObject"):
        stores.open_store(read_settings(bucket.settings | there)).drop("ab" * 24)
    server.shutdown()
    server.server_close()


def test_the_secret_of_the_store_is_in_no_text(bucket: Buckets) -> None:
    settings = read_settings(bucket.settings)

    assert bucket.settings["files_secret_key"] not in f"{settings!r} {settings} {asdict(settings)}"


# Looking after it


@pytest.fixture
def run(app: Flask, bucket: Buckets, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs ``gatehouse`` on the site whose files are in the bucket."""

    def run(*words: str, **settings: str) -> Result:
        for name, value in (bucket.settings | {"instance": app.instance_path} | settings).items():
            monkeypatch.setenv(f"GATEHOUSE_{name.upper()}", value)
        db.session.remove()
        db.engine.dispose()
        return CliRunner().invoke(gatehouse, [*words])

    return run


def test_a_backup_holds_the_files_of_the_bucket_and_puts_them_back(
    site: Flask, bucket: Buckets, run: Callable[..., Result], tmp_path: Path
) -> None:
    key = kept_file().key
    backup = run("backup", str(tmp_path / "kept.tar.gz"))
    bucket.empty()

    restored = run("restore", "--replace", str(tmp_path / "kept.tar.gz"))

    assert (backup.exit_code, restored.exit_code) == (0, 0), backup.output + restored.output
    assert "1 files" in backup.output
    assert bucket.paths() == [f"files/{key[:2]}/{key}"]
    assert stores.store().get(key) == PDF


def test_a_backup_of_a_folder_can_be_put_back_into_a_bucket(
    app: Flask, bucket: Buckets, run: Callable[..., Result], tmp_path: Path
) -> None:
    key = kept_file().key
    nowhere = dict.fromkeys(bucket.settings, "")
    run("backup", str(tmp_path / "kept.tar.gz"), **nowhere)

    run("restore", "--replace", str(tmp_path / "kept.tar.gz"))

    assert bucket.paths() == [f"files/{key[:2]}/{key}"]


def test_a_restore_that_the_store_refuses_changes_nothing(
    site: Flask, bucket: Buckets, run: Callable[..., Result], tmp_path: Path
) -> None:
    kept_file()
    run("backup", str(tmp_path / "kept.tar.gz"))
    bucket.stop()

    refused = run("restore", "--replace", str(tmp_path / "kept.tar.gz"))

    assert isinstance(refused.exception, Refused)
    assert db.session.query(Attachment).count() == 1
    assert list(Path(site.instance_path).glob("before-restore-*")) == []


def found(run: Callable[..., Result], name: str, **settings: str) -> tuple[str, str]:
    findings = json.loads(run("doctor", "--json", **settings).stdout)
    return next((finding["state"], finding["text"]) for finding in findings if finding["name"] == name)


def kept_photo_of_a_card() -> None:
    clinic = make.clinic()
    make.add(
        Card(
            clinic_id=clinic.id,
            number=1,
            reference="LP26-9001",
            state="printed",
            made_at=now(),
            photo_key=stores.store().put(b"A photograph."),
        )
    )
    db.session.commit()


def test_the_doctor_writes_to_the_store_and_looks_for_files(
    site: Flask, bucket: Buckets, run: Callable[..., Result]
) -> None:
    kept_file()
    kept_photo_of_a_card()
    well = found(run, "store"), found(run, "files")
    bucket.empty()
    gone = found(run, "files")
    refused = found(run, "store", files_secret_key="wrong")

    assert well == (
        ("ok", "Files can be kept and read in s3://gatehouse/files."),
        ("ok", "2 files were looked for; all are there."),
    )
    assert gone == ("fault", "2 of 2 files that were looked for are not in the store.")
    assert refused == ("fault", "Files cannot be kept in s3://gatehouse/files: SignatureDoesNotMatch")


# Settings


FAULTS: list[tuple[dict[str, str], str]] = [
    (
        {"files_url": "http://files.example.org"},
        "GATEHOUSE_FILES_URL: This should be s3://bucket or s3://bucket/folder",
    ),
    ({"files_url": "s3://Bad_Bucket"}, "GATEHOUSE_FILES_URL: This should be s3://bucket or s3://bucket/folder"),
    ({"files_url": "s3://bucket/../up"}, "GATEHOUSE_FILES_URL: This should be s3://bucket or s3://bucket/folder"),
    ({"files_url": "s3://bucket", "files_endpoint": "s3.example.org"}, "GATEHOUSE_FILES_ENDPOINT: This should be the"),
    ({"files_url": "s3://bucket", "files_access_key": "key"}, "GATEHOUSE_FILES_SECRET_KEY: This is empty, and its"),
    ({"files_url": "s3://bucket", "files_secret_key": "key"}, "GATEHOUSE_FILES_ACCESS_KEY: This is empty, and its"),
    ({"files_endpoint": "https://s3.example.org"}, "GATEHOUSE_FILES_URL: This is empty, and a store is described."),
]


@pytest.mark.parametrize(("settings", "sentence"), FAULTS)
def test_settings_of_a_store_that_cannot_be_are_refused_at_the_start(
    tmp_path: Path, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        create_app(instance=tmp_path, **FAST, **settings)

    assert str(refused.value)[: len(sentence)] == sentence
