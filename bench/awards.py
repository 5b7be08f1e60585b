"""What importing past awards costs: seconds for so many, as new ones and once more when all are there already.

python bench/awards.py --json
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from servers import DATABASES, database

from innovation.app import create_app
from innovation.db import db
from innovation.funders import award_import
from innovation.funders.award_import import AwardPlan
from innovation.funders.row_files import read_rows
from innovation.permission import SYSTEM

HEADING = (
    "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Recipient Org:Identifier,"
    "Recipient Org:Name,Funding Org:Identifier,Funding Org:Name,Beneficiary Location:Name"
)
ROW = (
    "360G-bench-{n},Reading clubs {n},Clubs after school in {n} schools with books and readers,ZAR,{amount},"
    "2024-{month:02}-01,ZA-NPO-{npo:03}-123,Readers {n},ZA-NPO-{funder:03}-001,Funder {funder},Vhembe East"
)


def written(awards: int, funders: int) -> bytes:
    """A table of so many awards, the funders in no order."""
    dice = random.Random(6)
    lines = [
        ROW.format(
            n=n,
            amount=dice.randrange(1, 900) * 1000,
            month=n % 12 + 1,
            npo=n % 1000,
            funder=dice.randrange(funders),
        )
        for n in range(awards)
    ]
    return "\n".join([HEADING, *lines]).encode()


def bring_in(content: bytes) -> tuple[AwardPlan, float]:
    begun = time.perf_counter()
    rows = read_rows(content, "awards.csv")
    reading, done = award_import.reading_of(rows), AwardPlan()
    for part in award_import.parts(award_import.in_order(rows, reading), reading):
        done.add(award_import.import_awards(SYSTEM, part))
    return done, round(time.perf_counter() - begun, 1)


def measure(folder: Path, awards: int, funders: int) -> dict[str, Any]:
    app, content = create_app(instance=folder), written(awards, funders)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        first, seconds = bring_in(content)
        again, seconds_again = bring_in(content)
        db.session.remove()
        db.engine.dispose()
    if (len(first.new), again.unchanged) != (awards, awards):
        raise RuntimeError(f"{len(first.new)} new, then {again.unchanged} as they were: {first.faults[:3]}")
    return {"awards": awards, "funders": funders, "seconds": seconds, "seconds_again": seconds_again}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of both")
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--funders", type=int, default=900)
    asked = parser.parse_args()
    found = {}
    for kind in asked.database or DATABASES:
        with tempfile.TemporaryDirectory() as made, database(kind, Path(made) / "instance"):
            found[kind] = measure(Path(made) / "instance", asked.awards, asked.funders)
    print(json.dumps(found, indent=None if asked.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
