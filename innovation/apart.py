"""Programmes of ours run in a process of their own, which gives its memory back, can be stopped and knows no secret."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Of all that is set, what a Python may need to begin.
NEEDED = {"PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE"}
NEEDED |= {"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}


def run_apart(
    program: Path, *said: str, given: bytes, seconds: float, into: IO[bytes] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a programme by its path, with what people sent on its standard input; its answer goes ``into`` a file.

    ``TimeoutExpired`` where it had to be stopped; how it ended is for the caller to look at.
    """
    return subprocess.run(  # noqa: S603 - our own programme
        [sys.executable, "-P", str(program), *said],
        input=given,
        stdout=into if into is not None else subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name in NEEDED},
        timeout=seconds,
        check=False,
    )


@contextmanager
def turn(lock: threading.Lock, seconds: float) -> Iterator[float]:
    """One at a time: the seconds that are left once it is our turn; ``TimeoutError`` where others took them all."""
    begun = time.monotonic()
    if not lock.acquire(timeout=seconds):
        raise TimeoutError
    try:
        yield seconds - (time.monotonic() - begun)
    finally:
        lock.release()
