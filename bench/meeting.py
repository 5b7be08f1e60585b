"""A meeting with fifteen people following it live on two server processes: what a page costs then, and when idle."""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from flask_migrate import upgrade
from load import HEADERS, Browser
from servers import SERVE, free_port, serving

from innovation.accounts.passwords import hash_password
from innovation.app import create_app
from innovation.db import db, now
from innovation.gates import commands as gates
from innovation.gates.models import Panel, PanelMember
from innovation.meetings import commands
from tests import make

ROLES = ("chair", "deputy", "government", "practitioner", *("member",) * 10, "secretary")
EVERY = 3.0  # seconds between two questions of a screen
AT_MOST = 3.0
PAGES = ("/meetings/1", "/reviews")


def make_world(folder: Path, items: int) -> list[str]:
    """An open meeting with so many items, and the addresses of the fifteen who are asked to it."""
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        secret = hash_password(make.PASSWORD)
        coordinator = make.staff("coordinator")
        people = [make.person(f"{role.title()} {n}") for n, role in enumerate(ROLES)]
        for person in people:
            make.account(person, secret)
        panel = make.add(Panel(programme_id=make.programme().id, gate_key="screening", name="Screening panel"))
        for role, person in zip(ROLES, people, strict=True):
            make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
        db.session.expire(panel, ["members"])
        for n in range(items):
            review = gates.convene_panel(
                make.actor(coordinator), make.idea(place="at_screening"), panel_id=panel.id, scoring="now"
            )
            make.ask(review.idea)
            for seat in review.seats:
                make.declare(seat)
                if seat.scores:
                    make.score(seat, 5 + n % 4)
        chair = make.actor(people[0])
        meeting = commands.plan_meeting(
            make.actor(coordinator), panel, title="Screening", starts_at=now() + dt.timedelta(minutes=5)
        )
        commands.fix_agenda(chair, meeting, order="rank")
        for attendee in meeting.attendees:
            commands.note_attendance(make.actor(coordinator), attendee, what="arrived")
        commands.open_meeting(chair, meeting)
        db.session.commit()
        addresses = [str(person.email) for person in people]
        db.session.remove()
        db.engine.dispose()
    return addresses


@dataclass
class Asked:
    """What the screens asked and got."""

    statuses: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Follower(Browser):
    """Somebody whose screen follows: it asks every few seconds, and says what it has."""

    def follow(self, until: float, asked: Asked) -> None:
        tag = ""
        time.sleep(random.uniform(0, EVERY))  # screens were opened one after the other
        while time.perf_counter() < until:
            begun = time.perf_counter()
            headers = HEADERS | {"Cookie": self.cookie} | ({"If-None-Match": tag} if tag else {})
            answer = self._answer("GET", f"{PAGES[0]}/now", None, headers)
            answer.read()
            tag = answer.getheader("ETag") or ""
            asked.statuses.append(answer.status)
            asked.waits.append(time.perf_counter() - begun)
            time.sleep(max(0.0, EVERY - (time.perf_counter() - begun)))


def lead(browser: Browser, order: Iterator[int], until: float, told: list[int]) -> None:
    """The chair goes from item to item, faster than any chair does: every screen changes each time."""
    while time.perf_counter() < until:
        _cookie, token = browser.token(PAGES[0])
        said = {"csrf_token": token, "item_id": next(order)}
        told.append(browser.ask("POST", f"{PAGES[0]}/item", urlencode(said))[0])
        time.sleep(8)


def read(browser: Browser, until: float) -> dict[str, float]:
    """Milliseconds at 95 of 100 for each page, asked one after the other."""
    took: dict[str, list[float]] = {page: [] for page in PAGES}
    while time.perf_counter() < until:
        for page in PAGES:
            begun = time.perf_counter()
            browser.read(page)
            took[page].append(time.perf_counter() - begun)
    return {page: round(quantiles(times, n=20)[18] * 1000, 1) for page, times in took.items()}


def run(
    reader: Browser, chair: Browser, followers: list[Follower], order: Iterator[int], seconds: float
) -> dict[str, object]:
    """The same pages, idle and then with everybody following."""
    idle = read(reader, time.perf_counter() + seconds)
    until, asked, told = time.perf_counter() + seconds, Asked(), list[int]()
    threads = [threading.Thread(target=each.follow, args=(until, asked)) for each in followers]
    threads.append(threading.Thread(target=lead, args=(chair, order, until, told)))
    for thread in threads:
        thread.start()
    live = read(reader, until)
    for thread in threads:
        thread.join()
    return {
        "idle_p95_ms": idle,
        "live_p95_ms": live,
        "ratio": {page: round(live[page] / idle[page], 2) for page in PAGES},
        "asked": len(asked.statuses),
        "unchanged": asked.statuses.count(304),
        "screen_p95_ms": round(quantiles(asked.waits, n=20)[18] * 1000, 1),
        "errors": sum(status not in (200, 304) for status in asked.statuses) + sum(status != 302 for status in told),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--items", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each half of a run")
    arguments = parser.parse_args()
    port, runs = free_port(), []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        addresses = make_world(folder, arguments.items)
        with serving([*SERVE, str(port), "--workers", "2"], port, folder, "/sign-in"):
            signed_in = [Browser(port).sign_in(address, make.PASSWORD) for address in addresses]
            reader, chair = (Browser(port, signed_in[n].cookie) for n in (1, 0))
            for page in PAGES * 8:  # both processes have read what they keep
                Browser(port, reader.cookie).read(page)
            order = itertools.cycle(range(1, arguments.items + 1))
            for _run in range(arguments.runs):
                followers = [Follower(port, each.cookie) for each in signed_in]
                runs.append(run(reader, chair, followers, order, arguments.seconds))
    ratio = {page: median(each["ratio"][page] for each in runs) for page in PAGES}  # type: ignore[index]
    found = {"people": len(addresses), "ratio": ratio, "limit": AT_MOST, "errors": sum(r["errors"] for r in runs)}
    found |= {"runs": runs}
    print(json.dumps(found, indent=2)) if arguments.json else show(found)
    sys.exit(max(ratio.values()) > AT_MOST or found["errors"] > 0)


def show(found: dict[str, object]) -> None:
    for each in found["runs"]:
        print(each)
    print(f"{found['people']} people, median ratios {found['ratio']}, limit {found['limit']}, errors {found['errors']}")


if __name__ == "__main__":
    main()
