"""What sites cost as they grow from 50 to 5 000: the pages of a pilot, the map of reach, and an import of 100 000."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from servers import DATABASES, database

from innovation.app import create_app
from innovation.db import UTCDateTime, db
from innovation.fragments import drawn
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM
from innovation.pilots import places as pilot_places
from innovation.pilots.columns import make_columns_anew
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.reading_import import batches, import_readings
from innovation.pilots.reading_models import BASELINE, Reading
from innovation.pilots.reading_rows import Layout, check, guess, register_of
from innovation.pilots.writing import count_all_anew
from innovation.places.models import School, SchoolTerm
from innovation.replication import places as rollout_places
from innovation.replication.models import Rollout, RolloutSite
from innovation.tables import read_table
from tests import make

FEW, MANY, INDICATORS = 50, 5000, 40
TERMS = [f"{year}-{term}" for year in (2025, 2026) for term in (1, 2, 3, 4)]
READINGS = 100_000
MOST_RATIO, MOST_SECONDS = 2.0, 60.0


def pilot(sites: int, first: int) -> Pilot:
    """One that runs for eight terms, at schools that are there for it alone."""
    days = {"starts_on": dt.date(2025, 1, 15), "ends_on": dt.date(2026, 12, 9)}
    made = make.add(Pilot(idea=make.idea(place="piloting"), number=1, state="running", **days))
    like = make.school()
    emis = [f"97{number:07}" for number in range(first, first + sites)]
    kept = {"district_id": like.district_id, "province_code": like.province_code}
    schools = [{**_plain(like), **kept, "emis": each, "name": f"Demo school {each}"} for each in emis]
    db.session.execute(sa.insert(School), schools)
    row = {"pilot_id": made.id, "is_high_dosage": False, "left_because": "", "learners": 100}
    rows = [{**row, "place": each, "emis": each, "is_comparison": at % 5 == 4} for at, each in enumerate(emis)]
    db.session.execute(sa.insert(PilotSite), rows)
    pilot_places.keep_places(made.id)
    for position in range(1, INDICATORS + 1):
        levels = {"baseline": 20.0, "target": 40.0, "stop_at": 10.0}
        db.session.add(Indicator(pilot=made, position=position, name=f"Indicator number {position}", **levels))
    db.session.commit()
    return made


def _plain(school: School) -> dict[str, Any]:
    columns: Any = School.__table__.c
    return {column.key: getattr(school, column.key) for column in columns if hasattr(school, column.key)}


def fill(of: Pilot) -> None:
    """Every site has reported everything at its baseline and in every term; in the last, one in fifty is missing."""
    columns = ("indicator_id", "site_id", "term", "value", "learners", "note", "created_at")
    value = sa.literal(20.0) + (PilotSite.id * 7 + Indicator.id) % 17
    for term in (BASELINE, *TERMS):
        given = (sa.literal(term), value, sa.literal(30), sa.literal(""), sa.literal(of.planned_at, UTCDateTime()))
        every = sa.select(Indicator.id, PilotSite.id, *given).join(PilotSite, PilotSite.pilot_id == Indicator.pilot_id)
        every = every.where(Indicator.pilot_id == of.id)
        if term == TERMS[-1]:
            every = every.where(PilotSite.id % 50 != 0)
        db.session.execute(sa.insert(Reading).from_select(columns, every, include_defaults=False))
    count_all_anew(of)
    make_columns_anew(each.id for each in of.indicators)
    db.session.commit()


PAGES = {
    "plan": "pilot",
    "sites": "pilot/sites",
    "overview": "pilot/readings/overview",
    "typing": "pilot/readings?term=2026-3",
    "results": "pilot/results",
    "idea_reach": "reach",
}


class Times(NamedTuple):
    """Milliseconds of a page by the clock and of the processor, each the median."""

    clock: float
    processor: float


def page(client: FlaskClient, addresses: list[str], rounds: int, before: Callable[[], None]) -> list[Times]:
    """The times of each page, asked for in turn, so that what else the machine does is shared fairly."""
    times: list[list[tuple[float, float]]] = [[] for _each in addresses]
    for number in range(rounds + 2):
        for at, address in enumerate(addresses):
            db.session.remove()  # a request begins with nothing read
            before()
            begun, worked = time.perf_counter(), time.process_time()
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            if number > 1:
                spent = time.perf_counter() - begun, time.process_time() - worked
                times[at].append((spent[0] * 1000, spent[1] * 1000))
    return [Times(*(statistics.median(part) for part in zip(*each, strict=True))) for each in times]


def compared(few: Times, many: Times) -> dict[str, float]:
    parts = {"ms": (few.clock, many.clock), "cpu_ms": (few.processor, many.processor)}
    told = {
        f"at_{n}_{name}": round(t, 1) for name, both in parts.items() for n, t in zip((FEW, MANY), both, strict=True)
    }
    return {**told, "ratio": round(many.clock / few.clock, 2), "cpu_ratio": round(many.processor / few.processor, 2)}


def both_ways(app: Flask) -> dict[str, Callable[[], None]]:
    """A page as it is made by a process that has kept nothing of it, and as it is given again."""
    return {"first": lambda: forget(app), "again": lambda: None}


def forget(app: Flask) -> None:
    app.extensions["pages"].forget()
    drawn.forget()  # type: ignore[attr-defined]


def measure_pages(app: Flask, reader: FlaskClient, rounds: int) -> dict[str, Any]:
    few, many = pilot(FEW, 1), pilot(MANY, 10_001)
    for each in (few, many):
        fill(each)
    references = [each.idea.reference for each in (few, many)]
    db.session.commit()
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        addresses = [f"/ideas/{reference}/{path}" for reference in references]
        found[name] = {way: compared(*page(reader, addresses, rounds, do)) for way, do in both_ways(app).items()}
    return found


IDEAS, KINDS = 10, ("pilot", "rollout", "rollout")  # each idea has these, and all share the sites of the world


def spread(sites: int, ideas: list[Idea], first: int) -> None:
    """Every idea at its share of so many schools, half of them at a neighbour's, too, in pilots and in rollouts."""
    like = make.school()
    kept = {"district_id": like.district_id, "province_code": like.province_code}
    emis = [f"96{number:07}" for number in range(first, first + sites)]
    rows = [
        {**_plain(like), **kept, "emis": e, "name": f"Demo school {e}", "quintile": n % 5 + 1}
        for n, e in enumerate(emis)
    ]
    db.session.execute(sa.insert(School), rows)
    share = sites // IDEAS
    for at, idea in enumerate(ideas):
        own = emis[at * share : (at + 1) * share]
        shared = emis[(at + 1) % IDEAS * share :][: share // 2]
        for kind, places in zip(KINDS, (own, own[: share // 2], shared), strict=True):
            _at_work(idea, kind, places)
    db.session.commit()


def _at_work(idea: Idea, kind: str, places: list[str]) -> None:
    said = [{"place": e, "emis": e, "learners": 20 + n % 300, "teachers": 1 + n % 9} for n, e in enumerate(places)]
    if kind == "pilot":
        held = db.session.scalar(sa.select(Pilot).filter_by(idea_id=idea.id))
        days = {"starts_on": dt.date(2025, 1, 15), "ends_on": dt.date(2026, 12, 9)}
        held = held or make.add(Pilot(idea=idea, number=1, state="running", **days))
        fixed = {"pilot_id": held.id, "is_comparison": False, "is_high_dosage": False, "left_because": ""}
        db.session.execute(sa.insert(PilotSite), [row | fixed for row in said])
        pilot_places.keep_places(held.id)
        return
    number = (db.session.scalar(sa.select(sa.func.max(Rollout.number)).filter_by(idea_id=idea.id)) or 0) + 1
    about = {"organisation": f"Adopter {number}", "kind": "district", "agreed_on": dt.date(2025, 2, 1)}
    made = make.add(Rollout(idea=idea, number=number, state="running", **about))
    fixed = {"rollout_id": made.id, "starts_on": dt.date(2025, 3, 1)}
    db.session.execute(sa.insert(RolloutSite), [row | fixed for row in said])
    rollout_places.keep_places(made.id)


def measure_reach(app: Flask, reader: FlaskClient, rounds: int) -> dict[str, Any]:
    """The map of all that a programme reaches: at 50 sites, and in the same world grown to 5 000."""
    ideas = [make.idea(place="piloting") for _number in range(IDEAS)]
    times: dict[str, list[Times]] = {}
    for sites, first in ((FEW, 1), (MANY - FEW, 100_001)):
        spread(sites, ideas, first)
        for way, do in both_ways(app).items():
            for name, address in (("reach", "/reach"), ("reach_of_term", "/reach?term=2025-3&stage=rollout")):
                times.setdefault(f"{name}:{way}", []).extend(page(reader, [address], rounds, do))
    found: dict[str, Any] = {}
    for key, both in times.items():
        name, _colon, way = key.partition(":")
        found.setdefault(name, {})[way] = compared(*both)
    return found


def measure_import() -> dict[str, Any]:
    """100 000 readings from a CSV, checked and written in batches; then the same again."""
    of = pilot(MANY, 20_001)
    places, names = [site.place for site in of.sites], [each.name for each in of.indicators]
    lines = ["EMIS,Indicator,Term,Value,Learners,SD"]
    lines += [f"{place},{name},2026-1,{20 + n % 17}.5,30,4" for n, place in enumerate(places) for name in names[:20]]
    content = "\n".join(lines[: READINGS + 1]).encode()
    db.session.commit()
    first = _bring_in(of, content)
    again = _bring_in(of, content)
    db.session.remove()
    tracemalloc.start()
    _bring_in(db.session.get_one(Pilot, of.id), content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    found = {"readings": first[1], "seconds": first[0], "again_seconds": again[0], "peak_mb": round(peak / 1e6)}
    return {**found, "processor_seconds": first[2]}


def _bring_in(of: Pilot, content: bytes) -> tuple[float, int, float]:
    begun, worked = time.perf_counter(), time.process_time()
    table, register = read_table(content, "readings.csv"), register_of(of)
    checked = check(table, Layout(guess(table.columns, register)), register)
    for given in batches(checked):
        import_readings(SYSTEM, of, given=given)
    took = round(time.perf_counter() - begun, 1), round(time.process_time() - worked, 1)
    return took[0], len(checked.readings), took[1]


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        for key in TERMS:
            day = dt.date(int(key[:4]), int(key[-1]) * 3 - 1, 1)
            make.add(SchoolTerm(key=key, starts_on=day, ends_on=day + dt.timedelta(days=60)))
        reader = make.sign_in(app.test_client(), make.staff("coordinator"))
        found: dict[str, Any] = {"pages": measure_reach(app, reader, rounds)}
        found["pages"] |= measure_pages(app, reader, rounds)
        found["import"] = measure_import()
        db.session.remove()
        db.engine.dispose()
    return found


def is_slow(found: dict[str, Any]) -> bool:
    ratios = [way["cpu_ratio"] for each in found["pages"].values() for way in each.values()]
    return max(ratios) > MOST_RATIO or found["import"]["seconds"] > MOST_SECONDS


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--json", action="store_true", help="print the figures as JSON")
    told.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    told.add_argument("--database", choices=DATABASES, action="append", help="one of both")
    asked = told.parse_args()
    figures = {}
    for kind in asked.database or DATABASES:
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name) / "instance"):
            figures[kind] = measure(Path(name) / "instance", asked.rounds)
    print(json.dumps(figures, indent=None if asked.json else 2))
    return int(any(map(is_slow, figures.values())))


if __name__ == "__main__":
    sys.exit(main())
