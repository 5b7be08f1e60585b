"""What pages cost: requests per second beside the ideal of the same page, memory, and the time to the first answer."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

import ideal
from load import Browser, fire
from seed import PEOPLE, find_page, make_world
from servers import SERVE, cpu_seconds, free_port, megabytes, serving

from innovation.demo.setting import PASSWORD

CONCURRENCY = (1, 8)
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)


def measure(folder: Path, seconds: float) -> dict[str, object]:
    port, figures = free_port(), {}
    mains, cookies = folder / "mains", {}
    mains.mkdir(exist_ok=True)
    with serving([*SERVE, str(port)], port, folder, "/sign-in") as (server, first):
        for name, email in PEOPLE.items():
            browser = Browser(port).sign_in(email, PASSWORD)
            path, cookies[name] = find_page(name, browser.read), browser.cookie
            for _time in range(6):  # both processes have read what they keep
                text = Browser(port, browser.cookie).read(path)
            (mains / f"{name}.html").write_text(MAIN.search(text).group())
            asked = {str(n): weigh(server, port, path, browser.cookie, n, seconds) for n in CONCURRENCY}
            anew = weigh(server, port, path, browser.cookie, CONCURRENCY[-1], seconds, anew=True)
            figures[name] = {"path": path, "ours": asked, "anew": anew}
        memory, share = megabytes(server)
    port = free_port()
    with serving([sys.executable, ideal.__file__, str(folder), str(port)], port, folder, "/list") as (server, _first):
        for name, found in figures.items():
            path = f"/{name}"
            found["same_bytes"] = Browser(port, cookies[name]).read(path) == (mains / f"{name}.html").read_text()
            runs = {str(n): weigh(server, port, path, cookies[name], n, seconds) for n in CONCURRENCY}
            found["ideal"] = runs
            found["ratio"] = {n: ratios(found["ours"][n], runs[n]) for n in runs}
            found["ratio"]["anew"] = ratios(found["anew"], runs[str(CONCURRENCY[-1])])
    return {"pages": figures, "memory_mb": memory, "share_mb": share, "first_answer_s": round(first, 2)}


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
