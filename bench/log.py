"""What checking the record costs: ``gatehouse log verify`` on a long one and on a tenth of it, each in a process."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from innovation.app import create_app
from innovation.chain import seal_hash
from innovation.db import db
from innovation.events import ADD_EVENTS, GENESIS, HEADS, Seal, chain_hash

AT_MOST_SECONDS = 60.0
AT_MOST_GROWTH = 1.25  # of the memory, from a tenth of the record to the whole
PER_SUBJECT = 16  # events of an idea on its way
PER_SEAL = 5  # events between two rounds of the sealer on a busy day
AT_ONCE = 5_000
BEGAN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def write_record(events: int) -> None:
    """A whole record as years of work leave it: chains that grow in turns, and a seal for every few events."""
    links = _links(events, max(1, events // PER_SUBJECT))
    seals: dict[str, Any] = {"last": GENESIS, "sealed": {}}
    while part := list(islice(links, AT_ONCE)):
        db.session.execute(sa.insert(ADD_EVENTS.table), part)
        db.session.execute(sa.insert(Seal.__table__), list(_seals(part, seals)))
    heads = [
        {"subject": subject, "seq": seq, "hash": digest, "sealed_seq": seq}
        for subject, (seq, digest) in seals["sealed"].items()
    ]
    db.session.execute(sa.insert(HEADS), heads)
    db.session.commit()


def _links(events: int, subjects: int) -> Iterator[dict[str, Any]]:
    chances = random.Random(7)
    heads: dict[str, tuple[int, str]] = {}
    for number in range(events):
        subject = f"idea:{chances.randrange(subjects) + 1}"
        seq, previous = heads.get(subject, (0, GENESIS))
        at = BEGAN + dt.timedelta(seconds=60 * number)
        facts = json.dumps({"idea_id": int(subject[5:]), "revision": seq + 1}, separators=(",", ":"))
        link = chain_hash(previous, subject, seq + 1, "canvas_handed_in", at, 1, facts)
        heads[subject] = (seq + 1, link)
        yield {
            "at": at,
            "kind": "canvas_handed_in",
            "subject": subject,
            "seq": seq + 1,
            "actor_id": 1,
            "facts": facts,
            "previous_hash": previous,
            "hash": link,
        }


def _seals(links: list[dict[str, Any]], state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(links), PER_SEAL):
        moved: dict[str, tuple[int, str]] = {}
        for link in links[start : start + PER_SEAL]:
            moved[link["subject"]] = (link["seq"], link["hash"])
        rows = [
            [subject, state["sealed"].get(subject, (0, ""))[0], seq, digest]
            for subject, (seq, digest) in sorted(moved.items())
        ]
        heads, at = json.dumps(rows), links[start]["at"]
        link = seal_hash(state["last"], at, heads)
        yield {"at": at, "heads": heads, "previous_hash": state["last"], "hash": link}
        state["last"] = link
        state["sealed"].update(moved)


def make_record(folder: Path, events: int) -> None:
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        write_record(events)
        db.session.remove()
        db.engine.dispose()


def measure(folder: Path) -> dict[str, float]:
    """Seconds by the clock and of the processor, and the most memory, of the command as people call it."""
    began = time.perf_counter()
    environment = os.environ | {"GATEHOUSE_INSTANCE": str(folder), "GATEHOUSE_LOG_LEVEL": "WARNING"}
    code = "import sys; from innovation.cli.main import main; sys.argv[1:] = ['log', 'verify']; main()"
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code], environment, file_actions=_silent())
    _pid, status, usage = os.wait4(child, 0)
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024, 1),
        "exit_code": os.waitstatus_to_exitcode(status),
    }


def _silent() -> list[tuple[Any, ...]]:
    return [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the records are kept and used again")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    if arguments.make:
        make_record(arguments.make, arguments.events)
        return 0
    with tempfile.TemporaryDirectory() as spare:
        home = arguments.folder or Path(spare)
        figures: dict[str, Any] = {}
        for name, events in (("tenth", arguments.events // 10), ("whole", arguments.events)):
            folder = home / f"log-{events}"
            if not (folder / "gatehouse.sqlite").exists():
                folder.mkdir(parents=True)
                # In a process of its own: what is measured begins with the memory of the one that starts it.
                subprocess.run([sys.executable, __file__, "--make", str(folder), "--events", str(events)], check=True)
            figures[name] = {"events": events} | measure(folder)
    figures["memory_growth"] = round(figures["whole"]["peak_mb"] / figures["tenth"]["peak_mb"], 2)
    whole = figures["whole"]
    figures["ok"] = (
        whole["exit_code"] == 0
        and min(whole["seconds"], whole["cpu_seconds"]) <= AT_MOST_SECONDS
        and figures["memory_growth"] <= AT_MOST_GROWTH
    )
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name in ("tenth", "whole"):
            row = figures[name]
            print(
                f"{row['events']:9} events  {row['seconds']:6.1f} s  {row['cpu_seconds']:6.1f} s of CPU"
                f"  {row['peak_mb']:6.1f} MB"
            )
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
