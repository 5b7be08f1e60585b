"""What writes cost: commits per second beside a bare write, on both databases, and that no write is lost."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import bare
import sqlalchemy as sa
from load import Browser
from seed_writes import World, make_world, scorecard_fields
from servers import DATABASES, SERVE, cpu_seconds, database, free_port, serving

from innovation import chain
from innovation.app import create_app
from innovation.db import db
from innovation.ideas.models import Idea, Tally
from tests import make
from workflows import library_definition

CONCURRENCY = (1, 8, 32)
ROUNDS = 3  # of each server, in turn
WARMING = 8  # at once, before the first round: what each process makes at its first use is not part of the figures
AT_LEAST = {"capture": 0.4, "scorecard": 0.4, "decision": 0.25}
DECISION = {
    "outcome": "go",
    "rationale": "A clear need, and an owner who knows the schools.",
    "against_reason": "The panel knows more.",
    "plan": "Two schools in the first term.",
    "next_date": "2030-03-01",
    "resources": "One coach, two days a week.",
}
Post = tuple[str, dict[str, str]]
"""Where a form is sent to, and what is typed."""


class Runs:
    """Hands out each piece of work once, to whoever asks next; ends when there is none or the time is over."""

    def __init__(self, work: Iterator[tuple[int, Post]], seconds: float) -> None:
        self._work, self._lock = work, threading.Lock()
        self.until = time.perf_counter() + seconds

    def __iter__(self) -> Runs:
        return self

    def __next__(self) -> tuple[int, Post]:
        with self._lock:
            if time.perf_counter() > self.until:
                raise StopIteration
            return next(self._work)


def captures(world: World) -> Iterator[tuple[int, Post]]:
    for number in itertools.count():
        typed = {
            "form_key": str(uuid.uuid4()),
            "title": f"Reading clubs {number}",
            "problem": "Children do not read for meaning after grade four.",
            "summary": "Matric leavers run reading clubs after school.",
            "owner_name": f"Owner of {number}",
        }
        yield 0, (f"/ideas/new?clinic={world.clinic}", typed)


def scorecards(world: World) -> Iterator[tuple[int, Post]]:
    typed = dict(scorecard_fields(library_definition("education").gate("screening")))
    for review, member in itertools.product(world.to_score, range(len(world.panel))):
        yield member, (f"/reviews/{review}/scorecard", typed | {"once": str(uuid.uuid4())})


def decisions(world: World) -> Iterator[tuple[int, Post]]:
    for review in world.to_decide:
        yield 0, (f"/reviews/{review}/decision", DECISION | {"once": str(uuid.uuid4())})


@dataclass(frozen=True)
class Sent:
    """What some people have sent in one round: the seconds that each took, and the answers that were no redirect."""

    took: list[float]
    wrong: list[int]
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu_seconds * 1000 / max(1, len(self.took))


def send(
    server: tuple[int, int], cookies: list[tuple[str, str]], work: Iterator[tuple[int, Post]], n: int, seconds: float
) -> Sent:
    """``n`` people at once send what there is to send; ``server`` is its process and its port.

    The server's own processor time is told, too: others at work on the machine do not change that as much as they
    change what the clock says.
    """
    (process, port), before = server, cpu_seconds(server[0])
    took: list[float] = []
    wrong: list[int] = []
    runs = Runs(work, seconds)

    def go() -> None:
        browser = Browser(port)
        for who, (path, typed) in runs:
            browser.cookie, token = cookies[who]
            begun = time.perf_counter()
            status, _content = browser.ask("POST", path, urlencode(typed | {"csrf_token": token}))
            took.append(time.perf_counter() - begun)
            if status != 302:
                wrong.append(status)

    begun = time.perf_counter()
    threads = [threading.Thread(target=go) for _n in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Sent(took, wrong, time.perf_counter() - begun, cpu_seconds(process) - before)


def told(rounds: list[Sent]) -> dict[str, Any]:
    """All rounds of one server and one concurrency together."""
    took = [each for sent in rounds for each in sent.took]
    wrong = [each for sent in rounds for each in sent.wrong]
    cuts = quantiles(took, n=100) if len(took) > 1 else [took[0]] * 99
    return {
        "sent": len(took),
        "per_second": round(len(took) / sum(sent.seconds for sent in rounds), 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "cpu_ms": round(median(sent.cpu_ms for sent in rounds), 2),
        "errors": len(wrong),
        "answers": sorted(set(wrong)),
    }


def compared(ours: list[Sent], best: list[Sent]) -> dict[str, Any]:
    """Both servers, and the medians of the ratios of their rounds."""
    if not all(sent.took for sent in ours):
        sys.exit("All work was done before the time was over. Ask for more with --reviews.")
    pairs = list(zip(ours, best, strict=True))
    return {
        "ours": told(ours),
        "bare": told(best),
        "ratio": round(median(our.per_second / other.per_second for our, other in pairs), 2),
        "cpu_ratio": round(median(other.cpu_ms / our.cpu_ms for our, other in pairs), 2),
    }


def signed_in(port: int, emails: list[str]) -> list[tuple[str, str]]:
    """The cookie and the token of each of these people."""
    found = []
    for email in emails:
        browser = Browser(port).sign_in(email, make.PASSWORD)
        found.append(browser.token("/account"))
    return found


def measure(folder: Path, seconds: float, reviews: int) -> dict[str, Any]:
    world = make_world(str(folder), reviews)
    kinds: dict[str, tuple[Callable[[World], Iterator[Any]], list[str]]] = {
        "capture": (captures, [world.facilitator]),
        "scorecard": (scorecards, list(world.panel)),
        "decision": (decisions, [world.panel[0]]),
    }
    forms = {name: list(next(work(world))[1][1]) for name, (work, _people) in kinds.items()}
    found: dict[str, Any] = {}
    first: dict[str, int] = {}
    port, other = free_port(), free_port()
    command = [sys.executable, bare.__file__, str(folder), str(other), json.dumps(forms)]
    with (
        serving([*SERVE, str(port)], port, folder, "/sign-in") as (process, _seconds),
        serving(command, other, folder, "/capture") as (ideal, _at_once),
    ):
        for name, (work, people) in kinds.items():
            cookies = signed_in(port, people)
            known = [Browser(other, cookies[0][0]).token(f"/{name}")]
            typed = dict.fromkeys(forms[name], "Clear enough to try with two schools.")
            real, plain = work(world), itertools.repeat((0, (f"/{name}", typed)))
            found[name] = {}
            first[name] = len(send((process, port), cookies, real, WARMING, seconds / ROUNDS).took)
            send((ideal, other), known, plain, WARMING, seconds / ROUNDS)
            for n in CONCURRENCY:
                ours, best = [], []
                for _round in range(ROUNDS):  # in turn: a machine that slows down slows both down
                    ours.append(send((process, port), cookies, real, n, seconds / ROUNDS))
                    best.append(send((ideal, other), known, plain, n, seconds / ROUNDS))
                found[name][str(n)] = compared(ours, best)
    return {"writes": found, **counted(folder, found, first, world)}


def counted(folder: Path, found: dict[str, Any], first: dict[str, int], world: World) -> dict[str, Any]:
    """What is in the database beside what was acknowledged; every difference is a lost or a doubled write."""
    app = create_app(instance=folder)
    with app.app_context():
        kept = {
            "capture": "SELECT count(*) FROM idea WHERE import_key LIKE 'form:%'",
            "scorecard": "SELECT count(*) FROM event WHERE kind = 'scorecard_submitted'",
            "decision": "SELECT count(*) FROM decision",
        }
        lost = {}
        for name, query in kept.items():
            sent = sum(each["ours"]["sent"] - each["ours"]["errors"] for each in found[name].values())
            lost[name] = first[name] + sent - db.session.scalar(sa.text(query))
        ideas = db.session.scalar(sa.select(sa.func.count()).select_from(Idea))
        lost["tally"] = ideas - db.session.scalar(sa.select(sa.func.sum(Tally.n)))
        db.session.rollback()
        faults = chain.verify().faults
        db.session.remove()
        db.engine.dispose()
    return {"lost": lost, "faults_in_the_record": faults, "reviews": len(world.to_score)}


def faults_of(figures: dict[str, Any]) -> list[str]:
    """What does not hold."""
    said = []
    for name, runs in figures["writes"].items():
        for n, each in runs.items():
            ours = each["ours"]
            if each["ratio"] < AT_LEAST[name]:
                said.append(f"{name} x{n}: {each['ratio']} of the bare write, at least {AT_LEAST[name]} is asked")
            if ours["errors"]:
                said.append(f"{name} x{n}: {ours['errors']} errors {ours['answers']}")
        if uneven(runs) > 5:
            said.append(f"{name} x8: the 99th of 100 takes {uneven(runs)} times the median, at most 5 is asked")
    said += [f"{name}: {n} lost" for name, n in figures["lost"].items() if n]
    return said + figures["faults_in_the_record"]


def uneven(runs: dict[str, Any]) -> float:
    """How many times the median the slowest of a hundred takes, with eight at once."""
    ours = runs["8"]["ours"]
    return round(ours["p99_ms"] / ours["p50_ms"], 1)


def show(kind: str, figures: dict[str, Any]) -> None:
    for name, runs in figures["writes"].items():
        for n, each in runs.items():
            ours = each["ours"]
            print(
                f"{kind:10} {name:9} x{n:2}  {ours['per_second']:6.1f}/s  p50 {ours['p50_ms']:6.1f}"
                f"  p99 {ours['p99_ms']:7.1f} ms   bare {each['bare']['per_second']:6.1f}/s   ratio {each['ratio']:.2f}"
                f"   by processor {each['cpu_ratio']:.2f}"
                f"   errors {ours['errors']}"
            )
        print(f"{kind:10} {name:9} p99 to p50 at 8: {uneven(runs)}")
    print(f"{kind:10} lost: {figures['lost']}, faults in the record: {len(figures['faults_in_the_record'])}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of both")
    parser.add_argument("--seconds", type=float, default=4.0, help="for each write and concurrency")
    parser.add_argument("--reviews", type=int, default=900, help="that wait for cards, and as many for a decision")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {}
    for kind in arguments.database or DATABASES:
        with tempfile.TemporaryDirectory() as made, database(kind, Path(made) / "instance"):
            figures[kind] = measure(Path(made) / "instance", arguments.seconds, arguments.reviews)
        if not arguments.json:
            show(kind, figures[kind])
    faults = [f"{kind}: {fault}" for kind, found in figures.items() for fault in faults_of(found)]
    if arguments.json:
        print(json.dumps({**figures, "faults": faults}, indent=2))
    for fault in faults:
        print(f"!!! {fault}", file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
