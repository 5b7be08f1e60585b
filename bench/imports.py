"""What importing ideas costs: rows per second and statements for each row, one row and many in a transaction.

With ``--faulty 500`` one table of ``--rows`` is imported twice, of which so many have a fault: how long the first time
takes, what memory, whether every fault is named by its row and column, and what the second time adds.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from servers import DATABASES, database

from innovation.app import create_app
from innovation.db import db
from innovation.ideas import importing
from innovation.ideas.imported_rows import guess_columns
from innovation.ideas.importing import Destination
from innovation.tables import Table, read_table
from tests import make
from tests.databases import statements

HEADING = "Idea No,Title,Problem,Summary,Owner,Email,Phases,Theme,District,School"
ROW = "{n},Clubs {n},Few read,Leavers read,Owner {n},o{n}@gatehouse.example,FP,t1,Vhembe East,930320001"


def table(first: int, rows: int) -> Table:
    """So many ideas that are not there yet, each with an owner who agreed to be contacted."""
    lines = [HEADING, *(ROW.format(n=number) for number in range(first, first + rows))]
    return read_table("\n".join(lines).encode(), "ideas.csv")


def measure(told: Table, batch: int) -> dict[str, Any]:
    """Import the table, so many rows in a transaction."""
    importing.BATCH = batch
    actor = make.actor(make.first(make.Person, name="Coordinator"))
    there = Destination(make.programme().id, make.region().id)
    mapping = guess_columns(make.programme(), told.columns)
    db.session.commit()
    begun = time.perf_counter()
    with statements() as asked:
        report = importing.import_ideas(actor, there, table=told, mapping=mapping, all_agree=True)
    seconds = time.perf_counter() - begun
    if report.made != len(told.rows):
        raise RuntimeError(f"{report.made} of {len(told.rows)} rows were imported: {report.faults[:3]}")
    each = {"rows_per_second": round(report.made / seconds, 1), "statements": round(len(asked) / report.made, 2)}
    return {"batch": batch, "rows": report.made, **each}


def compare(folder: Path, rows: int, batches: list[int], rounds: int) -> list[dict[str, Any]]:
    """The batches in turn, round by round, so that what else the machine does is shared fairly."""
    with programme_in(folder):
        tries = range(rounds * len(batches))
        return [measure(table(n * rows, rows), batches[n % len(batches)]) for n in tries]


@contextmanager
def programme_in(folder: Path) -> Iterator[None]:
    """A programme with who imports, and where to."""
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        make.staff("coordinator", "Coordinator")
        make.region()
        make.school()
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


COLUMNS = ("Title", "Email", "District")  # one of which is spoilt in each faulty row
SPOILT = {"Title": "", "Email": "nowhere", "District": "Atlantis"}


def spoilt_table(rows: int, faulty: int) -> tuple[Table, set[tuple[int, str]]]:
    """A table with faults, and where they are: the number of the row as a spreadsheet shows it, and the column."""
    told = {"Title": "Clubs {n}", "Email": "o{n}@gatehouse.example", "District": "Vhembe East"}
    places = {n: COLUMNS[at % 3] for at, n in enumerate(sorted(random.Random(1).sample(range(rows), faulty)))}
    lines = [HEADING]
    for n in range(rows):
        said = {column: text.format(n=n) for column, text in told.items()}
        if n in places:
            said[places[n]] = SPOILT[places[n]]
        cells = (said["Title"], "Few read", "Leavers read", f"Owner {n}", said["Email"], "FP", "t1", said["District"])
        lines.append(",".join([str(n), *cells, "930320001"]))
    return read_table("\n".join(lines).encode(), "ideas.csv"), {(n + 2, column) for n, column in places.items()}


def measure_faulty(folder: Path, rows: int, faulty: int) -> dict[str, Any]:
    """The table imported twice, in pieces as the worker takes it."""
    with programme_in(folder):
        actor = make.actor(make.first(make.Person, name="Coordinator"))
        there = Destination(make.programme().id, make.region().id)
        told, places = spoilt_table(rows, faulty)
        mapping = guess_columns(make.programme(), told.columns)
        db.session.commit()
        before, begun, worked = peak_mb(), time.perf_counter(), time.process_time()
        report = importing.import_ideas(actor, there, table=told, mapping=mapping, all_agree=True)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
        again = importing.import_ideas(actor, there, table=told, mapping=mapping, all_agree=True)
        return {
            "rows": rows,
            "made": report.made,
            "faulty_rows": report.faulty_rows,
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "every_fault_named": {(fault.row, fault.column) for fault in report.faults} == places,
            "peak_mb": peak_mb(),
            "before_mb": before,
            "made_again": again.made,
        }


def peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of both")
    parser.add_argument("--rows", type=int, default=300, help="of each table")
    parser.add_argument("--faulty", type=int, default=0, help="rows with a fault, in one table that is imported twice")
    parser.add_argument("--batch", type=int, action="append", help="rows in a transaction (1, 25 and 100)")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    figures = {}
    for kind in arguments.database or DATABASES:
        with tempfile.TemporaryDirectory() as made, database(kind, Path(made) / "instance"):
            if arguments.faulty:
                figures[kind] = [measure_faulty(Path(made) / "instance", arguments.rows, arguments.faulty)]
                print(*(json.dumps(each) for each in figures[kind] if not arguments.json))
                continue
            batches = arguments.batch or [1, 25, 100]
            figures[kind] = compare(Path(made) / "instance", arguments.rows, batches, arguments.rounds)
        for each in figures[kind] if not arguments.json else []:
            told = "{batch:4} in a transaction: {rows_per_second:7} rows a second, {statements:6} statements a row"
            print(f"{kind:10} {told.format(**each)}")
    if arguments.json:
        print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
