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
from pathlib import Path
from statistics import quantiles
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


def send(
    server: tuple[int, int], cookies: list[tuple[str, str]], work: Iterator[tuple[int, Post]], n: int, seconds: float
) -> Any:
    """``n`` people at once send what there is to send; what it took, and the answers that were no redirect.

    ``server`` is its process and its port. Its own processor time is told, too: others at work on the machine do not
    change that as much as they change what the clock says.
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
    whole = time.perf_counter() - begun
    cuts = quantiles(took, n=100) if len(took) > 1 else [took[0]] * 99
    return {
        "sent": len(took),
        "per_second": round(len(took) / whole, 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "cpu_ms": round((cpu_seconds(process) - before) * 1000 / max(1, len(took)), 2),
        "errors": len(wrong),
        "answers": sorted(set(wrong)),
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
    found: dict[str, Any] = {name: {} for name in kinds}
    cookies, forms, port = {}, {}, free_port()
    with serving([*SERVE, str(port)], port, folder, "/sign-in") as (process, _seconds):
        for name, (work, people) in kinds.items():
            cookies[name] = signed_in(port, people)
            endless = work(world)
            forms[name] = list(next(work(world))[1][1])
            found[name]["ours"] = {
                str(n): send((process, port), cookies[name], endless, n, seconds) for n in CONCURRENCY
            }
    port = free_port()
    command = [sys.executable, bare.__file__, str(folder), str(port), json.dumps(forms)]
    with serving(command, port, folder, "/capture") as (process, _seconds):
        for name in kinds:
            typed = dict.fromkeys(forms[name], "Clear enough to try with two schools.")
            endless = ((0, (f"/{name}", typed)) for _n in itertools.count())
            known = [Browser(port, cookies[name][0][0]).token(f"/{name}")]
            found[name]["bare"] = {str(n): send((process, port), known, endless, n, seconds) for n in CONCURRENCY}
    for each in found.values():
        each["ratio"] = {
            n: round(each["ours"][n]["per_second"] / each["bare"][n]["per_second"], 2) for n in each["bare"]
        }
        each["cpu_ratio"] = {n: round(each["bare"][n]["cpu_ms"] / each["ours"][n]["cpu_ms"], 2) for n in each["bare"]}
        eight = each["ours"]["8"]
        each["p99_to_p50_at_8"] = round(eight["p99_ms"] / eight["p50_ms"], 1)
    return {"writes": found, **counted(folder, found, world)}


def counted(folder: Path, found: dict[str, Any], world: World) -> dict[str, Any]:
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
            sent = sum(run["sent"] - run["errors"] for run in found[name]["ours"].values())
            lost[name] = sent - db.session.scalar(sa.text(query))
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
    for name, each in figures["writes"].items():
        for n, ratio in each["ratio"].items():
            if ratio < AT_LEAST[name]:
                said.append(f"{name} x{n}: {ratio} of the bare write, at least {AT_LEAST[name]} is asked")
            if each["ours"][n]["errors"]:
                said.append(f"{name} x{n}: {each['ours'][n]['errors']} errors {each['ours'][n]['answers']}")
        if each["p99_to_p50_at_8"] > 5:
            said.append(
                f"{name} x8: the 99th of 100 takes {each['p99_to_p50_at_8']} times the median, at most 5 is asked"
            )
    said += [f"{name}: {n} lost" for name, n in figures["lost"].items() if n]
    return said + figures["faults_in_the_record"]


def show(kind: str, figures: dict[str, Any]) -> None:
    for name, each in figures["writes"].items():
        for n, ours in each["ours"].items():
            best = each["bare"][n]
            print(
                f"{kind:10} {name:9} x{n:2}  {ours['per_second']:6.1f}/s  p50 {ours['p50_ms']:6.1f}"
                f"  p99 {ours['p99_ms']:7.1f} ms   bare {best['per_second']:6.1f}/s   ratio {each['ratio'][n]:.2f}"
                f"   by processor {each['cpu_ratio'][n]:.2f}"
                f"   errors {ours['errors']}"
            )
        print(f"{kind:10} {name:9} p99 to p50 at 8: {each['p99_to_p50_at_8']}")
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
