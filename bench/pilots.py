"""What readings cost as the sites of a pilot grow: its page at 50 and at 5 000 sites, and an import of 100 000."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from servers import DATABASES, database

from innovation.app import create_app
from innovation.db import UTCDateTime, db
from innovation.permission import SYSTEM
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.reading_import import batches, import_readings
from innovation.pilots.reading_models import Reading
from innovation.pilots.reading_rows import Layout, check, guess, register_of
from innovation.pilots.writing import count_all_anew
from innovation.places.models import School, SchoolTerm
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
    for position in range(1, INDICATORS + 1):
        levels = {"baseline": 20.0, "target": 40.0, "stop_at": 10.0}
        db.session.add(Indicator(pilot=made, position=position, name=f"Indicator number {position}", **levels))
    db.session.commit()
    return made


def _plain(school: School) -> dict[str, Any]:
    columns: Any = School.__table__.c
    return {column.key: getattr(school, column.key) for column in columns if hasattr(school, column.key)}


def fill(of: Pilot) -> None:
    """Every site has reported every indicator in every term but the last, where one in fifty is missing."""
    columns = ("indicator_id", "site_id", "term", "value", "learners", "note", "created_at")
    value = sa.literal(20.0) + (PilotSite.id * 7 + Indicator.id) % 17
    for term in TERMS:
        given = (sa.literal(term), value, sa.literal(30), sa.literal(""), sa.literal(of.planned_at, UTCDateTime()))
        every = sa.select(Indicator.id, PilotSite.id, *given).join(PilotSite, PilotSite.pilot_id == Indicator.pilot_id)
        every = every.where(Indicator.pilot_id == of.id)
        if term == TERMS[-1]:
            every = every.where(PilotSite.id % 50 != 0)
        db.session.execute(sa.insert(Reading).from_select(columns, every, include_defaults=False))
    count_all_anew(of)
    db.session.commit()


def page(client: FlaskClient, addresses: list[str], rounds: int) -> list[float]:
    """The median time of each page in milliseconds, in turn, so that what else the machine does is shared fairly."""
    times: list[list[float]] = [[] for _each in addresses]
    for number in range(rounds + 2):
        for at, address in enumerate(addresses):
            begun = time.perf_counter()
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            if number > 1:
                times[at].append((time.perf_counter() - begun) * 1000)
    return [statistics.median(each) for each in times]


def measure_pages(app: Flask, rounds: int) -> dict[str, Any]:
    few, many = pilot(FEW, 1), pilot(MANY, 10_001)
    for each in (few, many):
        fill(each)
    references = [each.idea.reference for each in (few, many)]
    reader = make.sign_in(app.test_client(), make.staff("coordinator"))
    db.session.commit()
    found: dict[str, Any] = {}
    for name, path in (("overview", "readings/overview"), ("typing", "readings?term=2026-3")):
        small, large = page(reader, [f"/ideas/{reference}/pilot/{path}" for reference in references], rounds)
        found[name] = {"at_50_ms": round(small, 1), "at_5000_ms": round(large, 1), "ratio": round(large / small, 2)}
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
        found = {"pages": measure_pages(app, rounds), "import": measure_import()}
        db.session.remove()
        db.engine.dispose()
    return found


def is_slow(found: dict[str, Any]) -> bool:
    ratios = [each["ratio"] for each in found["pages"].values()]
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
