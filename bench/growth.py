"""What pages cost as a programme grows: the median of each page at every size, asked in turn in the same run."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask.testing import FlaskClient
from seed import make_world
from servers import DATABASES, database

from innovation.app import create_app
from innovation.demo.setting import PASSWORD

SIZES = (200, 2_000, 20_000, 200_000)
FROM, AT_MOST = 2_000, 1.5
PAGES = {
    "list": ("coordinator", "/"),
    "list, page 20": ("coordinator", "/?page=20"),
    "place": ("coordinator", "/?place=at_screening"),
    "title": ("coordinator", "/?sort=title"),
    "due": ("coordinator", "/?sort=due"),
    "updated": ("coordinator", "/?sort=-updated"),
    "theme": ("coordinator", "/?theme=learner-support-and-wellbeing"),
    "small theme": ("coordinator", "/?theme=government-capacity-to-deliver"),
    "no such theme": ("coordinator", "/?theme=t1"),
    "theme by title": ("coordinator", "/?theme=learner-support-and-wellbeing&sort=title"),
    "topic": ("coordinator", "/?topic=literacy"),
    "district": ("coordinator", "/?district=1"),
    "waiting": ("coordinator", "/?waiting=30"),
    "place and theme": ("coordinator", "/?place=concept&theme=resourcing-of-education"),
    "standing": ("coordinator", "/?standing=stopped"),
    "reference": ("coordinator", "/?sort=reference"),
    "words in the list": ("coordinator", "/?q=reading"),
    "rare word": ("coordinator", "/?q=zzyzx"),
    "search": ("coordinator", "/search?q=reading"),
    "search for two": ("coordinator", "/search?q=reading+clubs"),
    "reviews": ("coordinator", "/reviews"),
    "reviews, reviewer": ("reviewer1", "/reviews"),
    "reviews, page 20": ("coordinator", "/reviews?page=20"),
    # As many rows at every size; of ideas to convene there are 8 at 2 000 and a full page at 200 000.
    "desk, to present": ("coordinator", "/reviews/desk?act=present"),
    "desk, to remind": ("coordinator", "/reviews/desk?act=remind"),
    "list, facilitator": ("facilitator", "/"),
    "list, owner": ("owner", "/?owner=me"),
    "my work, coordinator": ("coordinator", "/work"),
    "my work, reviewer": ("reviewer1", "/work"),
    "my work, owner": ("owner", "/work"),
    "clinics": ("facilitator", "/clinics"),
    "funder browse": ("funder", "/funders/ideas"),
    "people": ("administrator", "/people"),
    "log": ("administrator", "/log"),
}


@dataclass
class World:
    """One size of a programme, and a browser for everybody who asks."""

    size: int
    clients: dict[str, FlaskClient]

    def ask(self, page: str) -> float:
        """Milliseconds of processor and waiting that the page takes."""
        who, path = PAGES[page]
        begun = time.perf_counter()
        answer = self.clients[who].get(path)
        took = (time.perf_counter() - begun) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code} to the {who}")
        return took


def open_world(folder: Path, size: int) -> World:
    make_world(folder, size)
    app = create_app(instance=folder)
    app.config["WTF_CSRF_ENABLED"] = False
    clients = {}
    for who in {who for who, _path in PAGES.values()}:
        clients[who] = app.test_client()
        clients[who].post("/sign-in", data={"email": f"{who}@gatehouse.example", "password": PASSWORD})
    return World(size, clients)


def measure(kind: str, sizes: list[int], rounds: int, folder: Path) -> dict[str, Any]:
    """The medians of every page by size, and what the largest costs of what ``FROM`` costs."""
    with ExitStack() as open_ones:
        worlds = []
        for size in sizes:
            home = folder / kind / str(size)
            open_ones.enter_context(database(kind, home))
            begun = time.perf_counter()
            worlds.append(open_world(home, size))
            print(f"{kind}: {size} ideas after {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        took: dict[str, dict[int, list[float]]] = {page: {size: [] for size in sizes} for page in PAGES}
        for round_, page in itertools.product(range(rounds + 2), PAGES):
            for world in worlds:
                spent = world.ask(page)
                if round_ > 1:  # the first two fill what is kept
                    took[page][world.size].append(spent)
    found = {page: {str(size): round(median(times), 2) for size, times in by.items()} for page, by in took.items()}
    base = str(FROM if FROM in sizes else sizes[0])
    ratios = {page: round(by[str(sizes[-1])] / by[base], 2) for page, by in found.items()}
    return {"median_ms": found, "ratio": ratios}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of both")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path, help="keep the files of SQLite there, and use them again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = (arguments.folder or Path(made)).resolve()
        kinds = arguments.database or DATABASES
        figures = {kind: measure(kind, sorted(arguments.sizes), arguments.rounds, folder) for kind in kinds}
    if arguments.json:
        print(json.dumps(figures, indent=2))
    faults = 0
    for kind, found in figures.items():
        for page, by in found["median_ms"].items():
            faults += found["ratio"][page] > AT_MOST
            if not arguments.json:
                sizes = "  ".join(f"{size}: {ms:7.2f}" for size, ms in by.items())
                print(f"{kind:10} {page:22} {sizes} ms   ratio {found['ratio'][page]:.2f}")
    return faults > 0


if __name__ == "__main__":
    sys.exit(main())
