"""Half an hour of mixed work by fifty people: no error, no growing memory, a whole record and an empty outbox."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import sqlalchemy as sa
from load import Browser
from seed import make_world
from servers import DATABASES, SERVE, database, free_port, serving

from innovation import chain
from innovation.app import create_app
from innovation.db import db
from innovation.demo.setting import PASSWORD
from innovation.events import Delivery, Event
from innovation.notifications.mailer import OWED
from innovation.notifications.models import Message
from tests.architecture.walk import Document, Sent
from tests.stories.filling import answers

PEOPLE = {
    "facilitator": 14,
    "coordinator": 8,
    "owner": 6,
    "reviewer1": 5,
    "reviewer2": 5,
    "chair": 4,
    "funder": 6,
    "manager": 2,
}
BEGINNINGS = {
    "facilitator": ("/ideas/new", "/", "/clinics"),
    "coordinator": ("/", "/work", "/reviews", "/search?q=reading"),
    "owner": ("/work", "/"),
    "funder": ("/funders/ideas", "/work"),
}
WRITES = re.compile(
    r"/(ideas/new|canvas|declaration|scorecard|scorecard/draft|decision|presentation|review|interests?|comments?)$"
)
LEFT_ALONE = re.compile(r"sign-out|/account|/people|export=|/static|\.xlsx|\.csv")
PAUSE = (1.0, 6.0)
MEASURED_FROM, AT_MOST = 5 * 60, 1.1


class Person(threading.Thread):
    """Somebody who opens pages, follows links and fills in some of the forms, as long as there is time."""

    def __init__(self, port: int, role: str, until: float, number: int) -> None:
        super().__init__(daemon=True)
        self.role, self.until = role, until
        self.chance = random.Random(number)
        self.browser = Browser(port).sign_in(f"{role}@gatehouse.example", PASSWORD)
        self.answers: Counter[int] = Counter()
        self.faults: list[str] = []
        self.page: Document | None = None

    def run(self) -> None:
        while time.monotonic() < self.until:
            time.sleep(self.chance.uniform(*PAUSE))
            try:
                self.act()
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(f"{self.role}: {type(error).__name__} {error}")
                self.browser.connection.close()

    def act(self) -> None:
        forms = [f for f in self.page.forms if f.method == "post" and self._writes(f)] if self.page else []
        if forms and self.chance.random() < 0.6:
            return self.send(self.chance.choice(forms))
        links = [link for link in set(self.page.inside()) if not LEFT_ALONE.search(link)] if self.page else []
        if links and self.chance.random() < 0.75:
            return self.open(self.chance.choice(sorted(links)))
        return self.open(self.chance.choice(BEGINNINGS.get(self.role, ("/work", "/"))))

    def _writes(self, form: Sent) -> bool:
        return WRITES.search(urlsplit(urljoin(self.page.address, form.action)).path) is not None

    def open(self, address: str) -> None:
        self._arrive(address, *self._ask("GET", address))

    def send(self, form: Sent) -> None:
        typed = {**form.values, **self._typed(form)}
        pairs = [(name, value) for name, values in typed.items() for value in values]
        target = urljoin(self.page.address, form.action)
        self._arrive(target, *self._ask("POST", target, urlencode(pairs)))

    def _typed(self, form: Sent) -> dict[str, list[str]]:
        """Something for each field that is empty but for the school, which the register would have to know, and one
        text that is new."""
        said = f"Seen at visit {self.chance.randrange(10**6)}"
        found = {name: value for name, value in answers(form, said).items() if "school" not in name}
        if form.texts:
            found[self.chance.choice(sorted(form.texts))] = said
        return {name: [value] for name, value in found.items() if isinstance(value, str)}

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, bytes, str]:
        status, content = self.browser.ask(method, address.partition("#")[0], body)
        self.answers[status] += 1
        if status >= 500 or status == 400:
            self.faults.append(f"{self.role}: {method} {address} answers {status}")
        return status, content, self.browser.location

    def _arrive(self, address: str, status: int, content: bytes, location: str) -> None:
        if 300 <= status < 400 and location:
            address = urljoin(address, location)
            status, content, _location = self._ask("GET", address)
        if urlsplit(address).path == "/sign-in":
            self.faults.append(f"{self.role}: is no longer signed in at {address}")
        text = content.decode(errors="replace")
        self.page = Document(address, text) if status in (200, 409, 422) and "<html" in text else None


@contextmanager
def working(folder: Path, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Some workers beside the server."""
    command = [*SERVE[:3], "worker"]
    environment = os.environ | {"GATEHOUSE_INSTANCE": str(folder)}
    running = [subprocess.Popen(command, env=environment) for _n in range(number)]
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=60)


def sizes(processes: list[int]) -> dict[int, float]:
    """Resident memory in MB by process; those of the server are its children."""
    found = {}
    for process in processes:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        for each in children or [str(process)]:
            size = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{each}/status").read_text())
            if size:
                found[int(each)] = round(int(size.group(1)) / 1024, 1)
    return found


def soak(folder: Path, minutes: float) -> dict[str, Any]:
    port, seconds = free_port(), minutes * 60
    before = count_events(folder)
    with (
        serving([*SERVE, str(port)], port, folder, "/sign-in") as (server, _first),
        working(folder, 2) as workers,
    ):
        processes = [server, *(worker.pid for worker in workers)]
        begun = time.monotonic()
        roles = [role for role, number in PEOPLE.items() for _n in range(number)]
        people = [Person(port, role, begun + seconds, number) for number, role in enumerate(roles)]
        for person in people:
            person.start()
        time.sleep(min(MEASURED_FROM, seconds / 2))
        early = sizes(processes)
        for person in people:
            person.join()
        late = sizes(processes)
        drained = wait_for_empty(folder)
    answered = sum((person.answers for person in people), Counter())
    return {
        "minutes": minutes,
        "people": len(people),
        "answers": {str(status): n for status, n in sorted(answered.items())},
        "faults": [fault for person in people for fault in person.faults][:50],
        "memory_mb": {str(pid): {"early": early.get(pid), "late": late.get(pid)} for pid in late},
        "growth": round(max(late[pid] / early.get(pid, late[pid]) for pid in late), 3),
        "same_processes": set(early) == set(late),
        **drained,
        "new_events": drained["events"] - before,
    }


def count_events(folder: Path) -> int:
    app = create_app(instance=folder)
    with app.app_context():
        found = db.session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0
        db.session.remove()
        db.engine.dispose()
    return found


def wait_for_empty(folder: Path, patience: float = 180) -> dict[str, Any]:
    """What the workers have left when they have had time to finish, and whether the record is whole."""
    app = create_app(instance=folder)
    with app.app_context():
        until, left = time.monotonic() + patience, 1
        while left and time.monotonic() < until:
            time.sleep(2)
            db.session.rollback()
            waiting = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.done_at.is_(None))
            unsent = sa.select(sa.func.count()).select_from(Message).where(OWED)
            left = (db.session.scalar(waiting) or 0) + (db.session.scalar(unsent) or 0)
        db.session.rollback()
        report = chain.verify()
        db.session.remove()
        db.engine.dispose()
    return {"left_in_the_outbox": left, "events": report.events, "faults_in_the_record": report.faults}


def faults_of(found: dict[str, Any]) -> list[str]:
    said = [*found["faults"], *found["faults_in_the_record"]]
    if found["growth"] > AT_MOST:
        said.append(f"A process grew to {found['growth']} of what it had.")
    if found["left_in_the_outbox"]:
        said.append(f"{found['left_in_the_outbox']} deliveries were left.")
    if not found["same_processes"]:
        said.append("A process ended and was replaced.")
    if found["new_events"] < found["people"] * found["minutes"] / 10:
        said.append(f"Hardly anything was written: {found['new_events']} events.")
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--ideas", type=int, default=2000)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, database(arguments.database, Path(made) / "instance"):
        make_world(Path(made) / "instance", arguments.ideas)
        found = soak(Path(made) / "instance", arguments.minutes)
    faults = faults_of(found)
    print(json.dumps({**found, "said": faults}, indent=None if arguments.json else 2))
    for fault in faults:
        print(f"!!! {fault}", file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
