"""Two machines behind a proxy under load: processes are killed, a machine is switched off; is anything lost or doubled?

It starts all it needs on loopback: PostgreSQL, an S3 server, a mail server, two servers, two workers, nginx if it is
installed (else people try the other machine themselves). What people were told is done is then counted against rows,
files and mails.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

import people
import sqlalchemy as sa
from flask_migrate import upgrade
from machines import Site, site

from innovation import chain
from innovation.accounts.passwords import hash_password
from innovation.app import create_app
from innovation.db import db
from innovation.events import Delivery, Event
from innovation.gates.models import PanelMember, Review, Scorecard, Seat
from innovation.ideas.models import Attachment, Idea
from innovation.notifications.mailer import PERHAPS_SENT
from innovation.notifications.models import Message
from tests import make

FACILITATORS, OWNERS, REVIEWERS, READERS = 4, 4, 3, 3
REVIEWS = 60
PATIENCE = 150  # seconds until everything owed must be done: a killed worker's lease is a minute


def build(settings: dict[str, Any]) -> dict[str, Any]:
    """Bring up the database, with people who sign in and what they work on."""
    app = create_app(**settings)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        found = _people()
        db.session.commit()
        chain.seal_all()
        db.session.remove()
        db.engine.dispose()
    return found


def _people() -> dict[str, Any]:
    clinic, secret = make.clinic(), hash_password(people.PASSWORD)
    facilitators = [make.staff("facilitator", clinic_id=clinic.id) for _n in range(FACILITATORS)]
    owners = [make.person(f"Owner {n}") for n in range(OWNERS)]
    references = [make.idea(owner, reference=f"LP25-{n:04d}").reference for n, owner in enumerate(owners)]
    reviewers = [make.person(f"Reviewer {n}") for n in range(REVIEWERS)]
    readers = [make.staff("coordinator") for _n in range(READERS)]
    panel = make.panel("screening", REVIEWERS)
    members = db.session.scalars(sa.select(PanelMember).where(PanelMember.panel_id == panel.id))
    for member, person in zip(members, reviewers, strict=True):
        member.person_id = person.id
    db.session.flush()
    reviews = []
    for n in range(REVIEWS):
        idea = make.idea(place="at_screening", reference=f"LP25-{n + 100:04d}")
        review = make.gate_commands.convene_panel(make.actor(readers[0]), idea, panel_id=panel.id, scoring="now")
        for seat in review.seats:
            make.declare(seat)
        reviews.append(review.id)
    gate = db.session.get_one(Review, reviews[0]).gate
    form = {f"m{n}_answer": "yes" for n, _c in enumerate(gate.must)}
    form |= {f"s{n}_mark": "7" for n, _c in enumerate(gate.should)}
    for person in (*facilitators, *owners, *reviewers, *readers):
        make.account(person, secret)
    return {
        "clinic": clinic.code,
        "facilitators": [p.email for p in facilitators],
        "owners": [p.email for p in owners],
        "references": references,
        "reviewers": [p.email for p in reviewers],
        "readers": [p.email for p in readers],
        "reviews": reviews,
        "form": form,
    }


# The load


def busy(there: Site, world: dict[str, Any], told: people.Told, begun: float, stop: threading.Event) -> list[Any]:
    """A thread for each person, at work until ``stop``; all have signed in."""
    paths = ["/", "/work", "/ideas/new?clinic=" + world["clinic"], *(f"/ideas/{r}" for r in world["references"])]

    def person(email: str, act: Callable[[people.Visitor, int], None], pause: float) -> threading.Thread:
        visitor = people.Visitor(there.ports, told, begun)
        visitor.sign_in(email, people.PASSWORD)

        def go() -> None:
            number = 0
            while not stop.is_set():
                try:
                    act(visitor, number)
                except Exception as fault:
                    told.wrong.append(f"{type(fault).__name__}: {fault}"[:200])
                number += 1
                stop.wait(random.uniform(0.5, 1.5) * pause)

        return threading.Thread(target=go)

    threads = [person(e, lambda v, n: people.capture(v, world["clinic"], n), 0.4) for e in world["facilitators"]]
    for email, reference in zip(world["owners"], world["references"], strict=True):
        threads.append(person(email, lambda v, n, r=reference: people.send_file(v, r, n), 1.2))
    for email in world["reviewers"]:
        todo = iter(world["reviews"])
        threads.append(person(email, lambda v, _n, t=todo: _score_next(v, t, world["form"]), 1.0))
    threads += [person(email, lambda v, _n: people.read(v, paths), 0.3) for email in world["readers"]]
    return threads


def _score_next(visitor: people.Visitor, todo: Any, form: dict[str, str]) -> None:
    review = next(todo, None)
    if review is not None:
        people.score(visitor, review, form)


# What happens meanwhile


def disturb(there: Site, seconds: float, happened: list[tuple[float, str]]) -> None:
    """Kill a web process and a worker of A, switch B off, and bring everything back, spread over ``seconds``."""
    a, b = there.machines
    begun = time.perf_counter()
    steps: list[tuple[float, str, Callable[[], None]]] = [
        (0.15, "kill -9 a web process of A", a.kill_a_web_process),
        (0.25, "kill -9 the worker of A", a.kill_the_worker),
        (0.35, "the worker of A starts again", a.start_worker),
        (0.45, "B is switched off (kill -9 of all it runs)", b.pull_the_plug),
        (0.70, "B starts again", b.start),
        (0.85, "kill -9 a web process of B", b.kill_a_web_process),
    ]
    for at, what, step in steps:
        time.sleep(max(0.0, begun + at * seconds - time.perf_counter()))
        happened.append((round(time.perf_counter() - begun, 1), what))
        step()
    time.sleep(max(0.0, begun + seconds - time.perf_counter()))


def run(there: Site, world: dict[str, Any], seconds: float) -> dict[str, Any]:
    for machine in there.machines:
        machine.start()
    told, begun, stop = people.Told(), time.perf_counter(), threading.Event()
    threads = busy(there, world, told, begun, stop)
    for thread in threads:
        thread.start()
    happened: list[tuple[float, str]] = []
    disturb(there, seconds, happened)
    stop.set()
    for thread in threads:
        thread.join(timeout=60)
    return {"told": told, "happened": happened, "seconds": round(time.perf_counter() - begun, 1)}


# The counting


def count(there: Site, settings: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What people were told against what is there, once nothing is owed any more."""
    told: people.Told = found.pop("told")
    app = create_app(**settings)
    with app.app_context():
        begun = time.monotonic()
        while (owed := _owed()) and time.monotonic() - begun < PATIENCE:
            time.sleep(1)
        settled = round(time.monotonic() - begun, 1)
        lost = _lost(there, told)
        sent = set(db.session.scalars(sa.select(Message.id).where(Message.sent_at.is_not(None))))
        unknown = set(db.session.scalars(sa.select(Message.id).where(Message.error == PERHAPS_SENT)))
        mails = collections.Counter({int(name[1:].split(".")[0]): times for name, times in there.post.got.items()})
        deliveries = db.session.scalar(sa.select(sa.func.count()).select_from(Delivery))
        attempts = db.session.scalar(sa.select(sa.func.count()).where(Delivery.attempts > 1))
        report = chain.verify()
        db.session.remove()
        db.engine.dispose()
    cuts = quantiles(told.waits, n=100)
    kinds = collections.Counter(what for _at, what in told.interrupted)
    return found | {
        "parts": there.parts,
        "acknowledged": {"ideas": len(told.ideas), "files": len(told.files), "scorecards": len(told.scores)},
        "pages_read": told.pages,
        "requests": len(told.waits),
        "wait_ms": {"p50": round(cuts[49] * 1000), "p99": round(cuts[98] * 1000), "max": round(max(told.waits) * 1000)},
        "interrupted": dict(kinds),
        "wrong_answers": dict(collections.Counter(told.wrong)),
        "lost": lost,
        "doubled_ideas": lost.pop("doubled"),
        "owed_in_the_end": owed,
        "settled_after_s": settled,
        "deliveries": deliveries,
        "deliveries_tried_again": attempts,
        "mails": {
            "marked_sent": len(sent),
            "arrived": len(mails),
            "arrived_twice": sum(times - 1 for times in mails.values()),
            "never_arrived": len(sent - set(mails)),
            "perhaps_sent": len(unknown),
            "perhaps_sent_and_arrived": len(unknown & set(mails)),
        },
        "record_whole": report.ok,
        "events": report.events,
    }


def _owed() -> int:
    db.session.rollback()
    deliveries = sa.select(sa.func.count()).where(Delivery.done_at.is_(None)).scalar_subquery()
    messages = sa.select(sa.func.count()).where(Message.sent_at.is_(None), Message.given_up_at.is_(None))
    return int(db.session.scalar(sa.select(deliveries + messages.scalar_subquery())) or 0)


def _lost(there: Site, told: people.Told) -> dict[str, int]:
    titles = collections.Counter(db.session.scalars(sa.select(Idea.title)))
    rows = db.session.execute(sa.select(Attachment.name, Attachment.key, Attachment.sha256)).all()
    files = {name: (key, sha256) for name, key, sha256 in rows}
    submitted = set(
        db.session.execute(
            sa.select(Seat.review_id, Seat.person_id)
            .join(Scorecard, Scorecard.seat_id == Seat.id)
            .where(Scorecard.submitted_at.is_not(None))
        ).all()
    )
    captured = db.session.scalar(sa.select(sa.func.count()).where(Event.kind == "idea_captured"))
    return {
        "ideas": sum(titles[title] == 0 for title in told.ideas),
        "ideas_without_their_event": max(0, len(told.ideas) - (captured or 0)),
        "files": sum(name not in files or files[name][1] != sha for name, sha in told.files.items()),
        "files_not_in_the_store": sum(_digest(there.bucket / key[:2] / key) != sha for _n, key, sha in rows),
        "scorecards": max(0, len(told.scores) - len(submitted)),
        "doubled": sum(times - 1 for title, times in titles.items() if title.startswith("Idea ") and times > 1),
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def show(found: dict[str, Any]) -> None:
    for at, what in found["happened"]:
        print(f"{at:6.1f} s  {what}")
    for name, value in found.items():
        if name != "happened":
            print(f"{name:24} {json.dumps(value)}")


def is_good(found: dict[str, Any]) -> bool:
    nothing = (*found["lost"].values(), found["doubled_ideas"], found["owed_in_the_end"])
    mails = found["mails"]
    return not any((*nothing, mails["arrived_twice"], mails["never_arrived"], found["wrong_answers"])) and bool(
        found["record_whole"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long people are at work")
    parser.add_argument("--queue", choices=("postgresql", "redis"), default="postgresql")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with site(folder, arguments.queue) as there:
            settings = {name.removeprefix("GATEHOUSE_").lower(): value for name, value in there.settings.items()}
            settings["instance"] = folder / "keeper"
            world = build(settings)
            found = count(there, settings, run(there, world, arguments.seconds))
    print(json.dumps(found, indent=2)) if arguments.json else show(found)
    raise SystemExit(0 if is_good(found) else 1)


if __name__ == "__main__":
    main()
