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
from servers import SERVE, free_port, megabytes, serving

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
            asked = {str(n): fire(port, path, browser.cookie, concurrency=n, seconds=seconds) for n in CONCURRENCY}
            figures[name] = {"path": path, "ours": asked}
        memory = megabytes(server)
    port = free_port()
    with serving([sys.executable, ideal.__file__, str(folder), str(port)], port, folder, "/list") as _ideal:
        for name, found in figures.items():
            path = f"/{name}"
            found["same_bytes"] = Browser(port, cookies[name]).read(path) == (mains / f"{name}.html").read_text()
            runs = {str(n): fire(port, path, cookies[name], concurrency=n, seconds=seconds) for n in CONCURRENCY}
            found["ideal"] = runs
            found["ratio"] = {n: round(found["ours"][n]["per_second"] / runs[n]["per_second"], 2) for n in runs}
    return {"pages": figures, "memory_mb": memory, "first_answer_s": round(first, 2)}


def show(found: dict[str, object]) -> None:
    for name, page in found["pages"].items():
        for n, ours in page["ours"].items():
            best = page["ideal"][n]
            print(
                f"{name:8} x{n}  {ours['per_second']:7.1f}/s  p50 {ours['p50_ms']:6.1f}  p95 {ours['p95_ms']:6.1f} ms"
                f"   ideal {best['per_second']:7.1f}/s   ratio {page['ratio'][n]:.2f}"
                f"   errors {ours['errors'] + best['errors']}"
            )
    print(f"memory of a process {found['memory_mb']} MB, first answer after {found['first_answer_s']} s")


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
