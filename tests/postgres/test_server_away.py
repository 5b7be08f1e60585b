"""The database server is cut off while people capture: what was acknowledged is there, and what was not can be sent
again without becoming two ideas."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation import chain
from innovation.db import db
from innovation.ideas.models import Idea
from tests import make
from tests.conftest import Home, bring_up, make_home
from tests.databases import NoServer, Server, started

PEOPLE, CRASHES = 4, 2
PATIENCE = 60
END_OURS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name AND application_name <> ''"
)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test's own, which waits for the disk before it says that something is kept."""
    try:
        with started() as server:
            server.keep_what_is_committed()
            yield server
    except NoServer as reason:
        pytest.skip(f"LEFT OUT: {reason}")


@pytest.fixture
def site(server: Server, tmp_path: Path) -> Iterator[Home]:
    folder = tmp_path / "migrated"
    server.prepare(folder)
    bring_up(instance=folder)
    home = make_home(server, folder, tmp_path / "home")
    yield home
    with home.app.app_context():
        db.session.remove()
        db.engine.dispose()


class Phone(threading.Thread):
    """Somebody who captures at a clinic until it is over, and sends each form until it is acknowledged."""

    def __init__(self, client: FlaskClient, code: str, over: threading.Event) -> None:
        super().__init__()
        self.client, self.code, self.over = client, code, over
        self.refused: set[int] = set()
        self.acknowledged = 0

    def run(self) -> None:
        while not self.over.is_set():
            form = {
                "form_key": str(uuid.uuid4()),
                "title": f"A reading corner {self.acknowledged}",
                "problem": "Children wait in shops.",
                "summary": "Shelves with books.",
                "owner_name": "Demo owner",
            }
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                status = self.client.post(f"/ideas/new?clinic={self.code}", data=form).status_code
                if status == 302:
                    self.acknowledged += 1
                    break
                self.refused.add(status)
                time.sleep(0.1)


def test_a_connection_that_the_server_has_ended_meanwhile_is_not_used_again(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("facilitator"))
    assert client.get("/account").status_code == 200
    db.session.remove()
    others = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with others.connect() as connection:
        ended = connection.execute(sa.text(END_OURS), {"name": db.engine.url.database}).all()

    assert ended
    assert client.get("/account").status_code == 200


@pytest.mark.slow
def test_a_server_that_is_cut_off_under_load_loses_and_doubles_nothing(site: Home, server: Server) -> None:
    with site.app.app_context():
        clinic = make.clinic()
        clients = [make.sign_in(FlaskClient(site.app), make.staff("facilitator")) for _person in range(PEOPLE)]
        over = threading.Event()
        phones = [Phone(client, clinic.code, over) for client in clients]
        db.session.commit()
        db.session.remove()

    for phone in phones:
        phone.start()
    for _time in range(CRASHES):
        time.sleep(0.5)
        server.crash()
    time.sleep(0.5)
    over.set()
    for phone in phones:
        phone.join(2 * PATIENCE)

    with site.app.app_context():
        kept = db.session.scalar(sa.select(sa.func.count()).select_from(Idea))
        faults = chain.verify().faults
        db.session.remove()
    assert kept > PEOPLE
    assert (kept, faults) == (sum(phone.acknowledged for phone in phones), [])
    assert set.union(*(phone.refused for phone in phones)) == {503}
