"""What pages cost: requests per second beside the ideal of the same page, memory, and the time to the first answer."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import ideal
from load import Browser, fire
from seed import PEOPLE, find_page, make_world
from servers import SERVE, cpu_seconds, free_port, megabytes, serving

from innovation.demo.setting import PASSWORD

CONCURRENCY = (1, 8)
ROUNDS = 3  # of each server, in turn
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
Asked = tuple[int, int, str, str]
"""The process of a server, its port, a path and a cookie."""


def measure(folder: Path, seconds: float) -> dict[str, object]:
    """Both servers are up at once and take turns: a machine that slows down slows both down."""
    port, other = free_port(), free_port()
    mains, asked = folder / "mains", {}
    mains.mkdir(exist_ok=True)
    with serving([*SERVE, str(port)], port, folder, "/sign-in") as (server, first):
        for name, email in PEOPLE.items():
            browser = Browser(port).sign_in(email, PASSWORD)
            asked[name] = path, cookie = find_page(name, browser.read), browser.cookie
            for _time in range(6):  # both processes have read what they keep
                text = Browser(port, cookie).read(path)
            (mains / f"{name}.html").write_text(MAIN.search(text).group())
        with serving([sys.executable, ideal.__file__, str(folder), str(other)], other, folder, "/list") as (best, _at):
            figures = {
                name: compare((server, port, path, cookie), (best, other, f"/{name}", cookie), seconds)
                | {"same_bytes": Browser(other, cookie).read(f"/{name}") == (mains / f"{name}.html").read_text()}
                for name, (path, cookie) in asked.items()
            }
        memory, share = megabytes(server)
    return {"pages": figures, "memory_mb": memory, "share_mb": share, "first_answer_s": round(first, 2)}


def compare(ours: Asked, best: Asked, seconds: float) -> dict[str, object]:
    """One page and its ideal by concurrency, and ours with each address asked once (one round)."""
    found: dict[str, dict[str, object]] = {"ours": {}, "ideal": {}, "ratio": {}}
    for n in CONCURRENCY:
        rounds = [[weigh(*each, n, seconds / ROUNDS) for each in (ours, best)] for _round in range(ROUNDS)]
        found["ours"][str(n)], found["ideal"][str(n)] = map(middle, zip(*rounds, strict=True))
        found["ratio"][str(n)] = middle([ratios(*both) for both in rounds])
    anew = weigh(*ours, CONCURRENCY[-1], seconds, anew=True)
    found["ratio"]["anew"] = ratios(anew, found["ideal"][str(CONCURRENCY[-1])])
    return {"path": ours[2], "anew": anew, **found}


def middle(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure; errors are added up."""
    told = {name: [each[name] for each in rounds] for name in rounds[0]}
    return {name: sum(each) if name == "errors" else round(median(each), 2) for name, each in told.items()}


def weigh(
    server: int, port: int, path: str, cookie: str, concurrency: int, seconds: float, *, anew: bool = False
) -> dict[str, float]:
    """What ``fire`` finds, and the processor's milliseconds a request, which others on the machine change less."""
    before = cpu_seconds(server)
    found = fire(port, path, cookie, concurrency=concurrency, seconds=seconds, anew=anew)
    return found | {"cpu_ms": round((cpu_seconds(server) - before) * 1000 / found["answers"], 2)}


def ratios(ours: dict[str, float], best: dict[str, float]) -> dict[str, float]:
    """Ours beside the ideal, in requests per second and in requests per second of the processor."""
    return {
        "throughput": round(ours["per_second"] / best["per_second"], 2),
        "cpu": round(best["cpu_ms"] / max(ours["cpu_ms"], 0.01), 2),
    }


def show(found: dict[str, object]) -> None:
    for name, page in found["pages"].items():
        for n, ours in [*page["ours"].items(), ("anew", page["anew"])]:
            best, ratio = page["ideal"].get(n, page["ideal"][str(CONCURRENCY[-1])]), page["ratio"][n]
            label = f"x{n}" if n.isdigit() else n
            print(
                f"{name:8} {label:4} {ours['per_second']:7.1f}/s"
                f"  p50 {ours['p50_ms']:6.1f}  p95 {ours['p95_ms']:6.1f} ms"
                f"   ideal {best['per_second']:7.1f}/s   ratio {ratio['throughput']:.2f}"
                f"   cpu {ours['cpu_ms']:.2f} / {best['cpu_ms']:.2f} ms, ratio {ratio['cpu']:.2f}"
                f"   errors {ours['errors'] + best['errors']}"
            )
    print(
        f"memory of a process {found['memory_mb']} MB, {found['share_mb']} MB with its part of what others hold too;"
        f" first answer after {found['first_answer_s']} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--ideas", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each page and concurrency")
    parser.add_argument("--folder", type=Path, help="keep the world there, and use it again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = (arguments.folder or Path(made)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        make_world(folder, arguments.ideas)
        found = measure(folder, arguments.seconds)
    print(json.dumps(found, indent=2)) if arguments.json else show(found)


if __name__ == "__main__":
    main()
