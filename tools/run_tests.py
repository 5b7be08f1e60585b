"""Runs every test, on SQLite and PostgreSQL, the quick ones first, then those in a browser.

GATEHOUSE_TEST_DATABASE names the databases: ``both`` (the default), ``sqlite`` or ``postgresql``. It ends with
what was run and left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from chromium import find_chromium, install_chromium

CLOSING = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+ in [\d.]+s.*?)\s*=*$")
COUNT = re.compile(r"(\d+) (failed|passed|skipped|deselected|xfailed|xpassed|errors?|warnings?)")
NOTHING_COLLECTED = 5
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")  # by name: the longest files come first
DATABASE = "GATEHOUSE_TEST_DATABASE"
KEPT = "GATEHOUSE_TEST_KEPT"  # the folder in which what is costly to make is kept for all runs on SQLite
MEMORY = Path("/dev/shm")  # where a disk does not keep anybody waiting
ROOM = 3_000_000_000
WITHOUT_DATABASE = (
    "workflows",
    "pages",
    "test_tables.py",
    "demo/test_data.py",
    "demo/test_ideas.py",
    *(f"architecture/test_{rule}.py" for rule in ("house_rules", "imports", "readme", "setup", "templates", "wheel")),
)


def run_pytest(*arguments: str) -> tuple[int, str]:
    """Run pytest with its output passed on as it comes; its exit code and its closing line."""
    command = [sys.executable, "-m", "pytest", "--color=no", *arguments]
    closing = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            match = CLOSING.match(line.strip())
            closing = match.group(1) if match else closing
    return process.returncode, closing


def total(closings: list[str], seconds: float) -> str:
    """One closing line in pytest's own form for all runs together."""
    counts: dict[str, int] = {}
    for closing in closings:
        for number, word in COUNT.findall(closing):
            word = "errors" if word == "error" else word
            counts[word] = counts.get(word, 0) + int(number)
    counts.pop("deselected", None)
    body = ", ".join(f"{number} {word}" for word, number in counts.items()) or "no tests ran"
    return f" {body} in {seconds:.2f}s ".center(80, "=")


def run_on_databases(which: str) -> tuple[list[int], list[str], list[str]]:
    """The tests without a browser: their exit codes, their closing lines, and what is to be said at the end."""
    codes, closings, notes = [], [], []
    if which in ("sqlite", "both"):
        marked = "not browser" if which == "sqlite" else "not browser and not postgres"
        code, closing = run_pytest("-m", marked, "-n", "auto", "--dist", "worksteal", *sys.argv[1:])
        codes.append(code)
        closings.append(closing)
    if which in ("postgresql", "both"):
        print("\nThe same on PostgreSQL:", flush=True)
        os.environ[DATABASE] = "postgresql"
        kept = os.environ.pop(KEPT)
        ignored = [f"--ignore=tests/{path}" for path in WITHOUT_DATABASE]
        code, closing = run_pytest("-m", "not browser", "-n", "auto", "--dist", "worksteal", *ignored, *sys.argv[1:])
        del os.environ[DATABASE]
        os.environ[KEPT] = kept
        if code == NOTHING_COLLECTED:
            code = 0
            notes.append("LEFT OUT: every test on PostgreSQL; the reason is above.")
        codes.append(code)
        closings.append(closing)
    return codes, closings, notes


def has_room_in_memory() -> bool:
    """True where files can be kept in memory, enough of them, and programs among them can be started."""
    try:
        found = os.statvfs(MEMORY)
        can_start = not found.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK)
        free = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text("utf-8"))
    except (AttributeError, OSError):
        return False
    return can_start and min(found.f_bavail * found.f_frsize, int(free[1]) * 500 if free else 0) > ROOM


def main() -> int:
    in_memory = "TMPDIR" not in os.environ and has_room_in_memory()
    with tempfile.TemporaryDirectory(prefix="gatehouse-tests-", dir=MEMORY if in_memory else None) as folder:
        os.environ[KEPT] = os.path.join(folder, "kept")
        os.mkdir(os.environ[KEPT])
        if in_memory:
            os.environ["TMPDIR"] = folder  # nothing of it stays in memory afterwards
        return run_all()


def run_all() -> int:
    required = os.environ.get("GATEHOUSE_REQUIRE_BROWSER", "0") not in ("", "0")
    started = time.monotonic()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # many tests start processes: compile everything once for all
    chromium = find_chromium() or install_chromium()
    codes, closings, notes = run_on_databases(os.environ.pop(DATABASE, "both"))
    if chromium:
        os.environ["CHROMIUM"] = chromium
        code, closing = run_pytest("-m", "browser", *SIDE_BY_SIDE, *sys.argv[1:])
        if code == NOTHING_COLLECTED and not required:
            code = 0
        ran = {word: int(number) for number, word in COUNT.findall(closing)}.get("passed", 0)
        if required and not ran:
            notes.append("No browser test ran, and here they must.")
            code = code or 1
        codes.append(code)
        closings.append(closing)
    else:
        notes.append("LEFT OUT: every browser test (tests marked `browser`), because no Chromium was found.")
        notes.append("Install Chromium, or name one: CHROMIUM=/path/to/chromium make test")
        codes.append(1 if required else 0)
    print()
    for note in notes:
        print(f"!!! {note}")
    print(total(closings, time.monotonic() - started), flush=True)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
