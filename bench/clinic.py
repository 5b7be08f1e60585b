"""A clinic with sixty phones at once: they capture, vote and follow the wall, and nothing is lost or doubled."""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import random
import re
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_migrate import upgrade
from load import HEADERS, TOKEN, Browser
from servers import SERVE, free_port, serving

from innovation.accounts.passwords import hash_password
from innovation.app import create_app
from innovation.clinics import rooms, rounds, walls
from innovation.clinics.models import Clinic
from innovation.clinics.wall_models import Ballot
from innovation.db import db
from innovation.ideas.models import Idea
from tests import make

EVERY = 3.0  # seconds between two questions of a page that follows
AT_MOST = 10.0  # times the idle figure
DOTS, MOST = 5, 2
CLINIC, FACILITATOR = "CL-LP-2026-60", "facilitator@gatehouse.example"
NUMBER = re.compile(r'name="number" value="([0-9]+)"')
ROUND = re.compile(r'name="round" value="([0-9]+)"')
CHOICE = re.compile(r'name="dots-([0-9]+)"')


def make_world(folder: Path, ideas: int) -> str:
    """An open clinic with so many ideas on its wall, and a round of dots; the code of its room."""
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        clinic = make.clinic(code=CLINIC)
        runs = make.person("Facilitator", email=FACILITATOR)
        make.grant(runs, "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
        make.account(runs, hash_password(make.PASSWORD))
        actor = make.actor(runs)
        made = [make.idea(clinic_id=clinic.id, reference=f"LP26-{9000 + n}").id for n in range(ideas)]
        walls.set_wall(actor, clinic, at_once=True, names=False)
        for start in range(3):
            walls.add_topic(actor, clinic, name=f"Topic {start + 1}", idea_ids=made[start::4])
        code = str(rooms.open_room(actor, clinic).code)
        rounds.open_round(actor, clinic, dots=DOTS, most=MOST)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return code


@dataclass
class Told:
    """What phones were told: titles that arrived, dots that were taken last, how long each answer took, faults."""

    titles: list[str] = field(default_factory=list)
    dots: dict[int, dict[int, int]] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def p95(self) -> dict[str, float]:
        return {
            kind: round(quantiles(waits, n=20)[18] * 1000, 1)
            for kind, waits in sorted(self.waits.items())
            if len(waits) > 1
        }


class Phone:
    """Somebody in the room, with a browser that keeps its cookies."""

    def __init__(self, port: int, code: str, number: int, told: Told) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.code, self.number, self.told = code, number, told
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.tags: dict[str, str] = {}

    def ask(self, kind: str, method: str, path: str, body: str | None = None, **more: str) -> tuple[int, str]:
        headers = HEADERS | more
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        answer, content = self._answer(method, path, body, headers)
        self.told.waits[kind].append(time.perf_counter() - begun)
        self.told.statuses[answer.status] += 1
        for given in answer.headers.get_all("Set-Cookie") or ():
            name, _is, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status >= 400:
            self.told.faults.append(f"{kind} {answer.status}")
        self.tags[path] = answer.getheader("ETag") or ""
        packed = answer.getheader("Content-Encoding") == "gzip"
        return answer.status, (gzip.decompress(content) if packed else content).decode()

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """As browsers do, ask once more where the server has let an idle connection go."""
        for last in (False, True):
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer, answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection.close()
                if last:
                    raise
        raise AssertionError

    # What people do

    def join(self) -> None:
        _status, text = self.ask("join", "POST", f"/join/{self.code}/devices", "")
        self.token = json.loads(text)["token"]

    def follow(self) -> None:
        path = f"/join/{self.code}/{random.choice(('wall', 'dots'))}/now"
        held = {"If-None-Match": self.tags[path]} if self.tags.get(path) else {}
        self.ask("follow", "GET", path, **held)

    def capture(self) -> None:
        """An idea; one in four times the answer counts as lost on the way, and the phone sends the same again."""
        title = f"Idea {uuid.uuid4().hex[:12]} of phone {self.number}"
        said = {
            "form_key": str(uuid.uuid4()),
            "title": title,
            "problem": "Children do not read for meaning.",
            "summary": "Matric leavers read with children after school.",
            "under_18": "no",
            "owner_name": "Demo owner",
            "notice_version": "1",
            "notice_language": "en",
            **{f"consent_{purpose}": "no" for purpose in ("contact", "public_name", "photo", "share_with_funders")},
        }
        for _time in range(random.choice((1, 1, 1, 2))):
            status, _text = self.ask(
                "capture", "POST", "/capture/ideas", urlencode(said), Authorization=f"Bearer {self.token}"
            )
        if status in (200, 201):
            self.told.titles.append(title)

    def vote(self) -> None:
        """Other dots than before; now and then the same form is sent twice."""
        path = f"/join/{self.code}/dots"
        _status, page = self.ask("dots page", "GET", path)
        choices, token = [int(number) for number in CHOICE.findall(page)], TOKEN.search(page)
        number, held = NUMBER.search(page), ROUND.search(page)
        if not (choices and token and number and held):
            self.told.faults.append("no ballot on the page")
            return
        marks = Counter(random.choices(choices, k=random.randint(1, DOTS)))
        marks = Counter({idea: min(MOST, dots) for idea, dots in marks.items()})
        said = {"csrf_token": token[1], "number": number[1], "round": held[1]}
        said |= {f"dots-{idea}": str(dots) for idea, dots in marks.items()}
        for _time in range(random.choice((1, 1, 1, 2))):
            status, _text = self.ask("vote", "POST", path, urlencode(said))
        if status == 302:
            self.told.dots[self.number] = dict(marks)

    def take_part(self, until: float, pace: float) -> None:
        """Follow all the time; capture and vote every ``pace`` seconds or so."""
        acts = self._acts(pace)
        time.sleep(random.uniform(0, EVERY))
        while time.perf_counter() < until:
            begun = time.perf_counter()
            try:
                self.follow()
                next(acts)
            except Exception as error:
                self.told.faults.append(type(error).__name__)
            time.sleep(max(0.0, EVERY * random.uniform(0.8, 1.2) - (time.perf_counter() - begun)))

    def _acts(self, pace: float) -> Iterator[None]:
        turns = max(2, round(pace / EVERY))
        at, votes = random.randrange(turns), random.randrange(turns)
        while True:
            at += 1
            if at % turns == 0:
                self.capture()
            if at % turns == votes:
                self.vote()
            yield


def idle(port: int, code: str, seconds: float) -> dict[str, float]:
    """Milliseconds at 95 of 100 for one phone that is alone, and does one thing after the other."""
    told = Told()
    phone = Phone(port, code, 0, told)
    phone.join()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        phone.follow()
        phone.capture()
        phone.vote()
        phone.follow()
    if told.faults:
        raise RuntimeError(f"Faults already when idle: {told.faults[:3]}")
    return told.p95()


def crowd(port: int, code: str, phones: int, seconds: float, pace: float) -> Told:
    told = Told()
    people = [Phone(port, code, number, told) for number in range(1, phones + 1)]
    for phone in people:
        phone.join()
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=phone.take_part, args=(until, pace)) for phone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def close(port: int) -> None:
    """The facilitator ends the round, as on the page."""
    browser = Browser(port).sign_in(FACILITATOR, make.PASSWORD)
    page = browser.read(f"/clinics/{CLINIC}/board")
    action = re.search(r'action="([^"]+/rounds/[0-9]+/end)"', page)
    token = TOKEN.search(page)
    if action is None or token is None:
        raise RuntimeError("The board has no round to close.")
    status, _content = browser.ask("POST", action[1], urlencode({"csrf_token": token[1]}))
    if status != 302:
        raise RuntimeError(f"The round could not be closed: {status}")


def check(folder: Path, told: Told) -> list[str]:
    """Every idea once, and exactly the dots that were taken last."""
    app, wrong = create_app(instance=folder), []
    with app.app_context():
        clinic = make.first(Clinic, code=CLINIC)
        kept = Counter(db.session.scalars(sa.select(Idea.title).where(Idea.title.contains("of phone"))))
        kept = Counter({title: many for title, many in kept.items() if not title.endswith("of phone 0")})
        if lost := set(told.titles) - set(kept):
            wrong.append(f"{len(lost)} ideas lost")
        if doubled := [title for title, many in kept.items() if many > 1]:
            wrong.append(f"{len(doubled)} ideas doubled")
        found = rounds.find_round(clinic)
        ballots = db.session.scalars(sa.select(Ballot).where(Ballot.round_id == found.id)).all()
        cast = Counter[int]()
        for ballot in ballots:
            cast.update(ballot.dots)
        totals = {place.idea_id: place.dots for place in rounds.result_of(clinic, found).places if place.dots}
        expected = Counter[int]()
        for marks in told.dots.values():
            expected.update(marks)
        if len(ballots) != len(told.dots) or dict(expected) != totals or dict(cast) != totals:
            wrong.append(f"{sum(expected.values())} dots were taken, {sum(totals.values())} counted")
        db.session.remove()
        db.engine.dispose()
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--short", action="store_true", help="a try: 12 phones for 10 seconds")
    parser.add_argument("--phones", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--ideas", type=int, default=20, help="on the wall before it begins")
    parser.add_argument("--pace", type=float, default=15.0, help="seconds between two ideas of a phone, and two votes")
    arguments = parser.parse_args()
    phones, seconds = (12, 10.0) if arguments.short else (arguments.phones, arguments.seconds)
    port = free_port()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        code = make_world(folder, arguments.ideas)
        with serving([*SERVE, str(port), "--workers", "2"], port, folder, "/sign-in"):
            idle(port, code, 2.0)  # both processes have read what they keep
            alone = idle(port, code, max(4.0, seconds / 8))
            _forget_idle_votes(folder)
            told = crowd(port, code, phones, seconds, arguments.pace)
            close(port)
        wrong = check(folder, told)
    crowded = told.p95()
    ratio = {kind: round(crowded[kind] / alone[kind], 2) for kind in alone if kind in crowded and kind != "join"}
    found = {
        "phones": phones,
        "seconds": seconds,
        "asked": sum(told.statuses.values()),
        "statuses": dict(sorted(told.statuses.items())),
        "ideas": len(told.titles),
        "votes": len(told.waits["vote"]),
        "idle_p95_ms": alone,
        "p95_ms": crowded,
        "ratio": ratio,
        "limit": AT_MOST,
        "errors": dict(Counter(told.faults)),
        "wrong": wrong,
    }
    print(json.dumps(found, indent=2)) if arguments.json else show(found)
    sys.exit(bool(told.faults or wrong or max(ratio.values()) >= AT_MOST))


def _forget_idle_votes(folder: Path) -> None:
    app = create_app(instance=folder)
    with app.app_context():
        db.session.execute(sa.delete(Ballot))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def show(found: dict[str, object]) -> None:
    for name, value in found.items():
        print(f"{name:>12}  {value}")


if __name__ == "__main__":
    main()
