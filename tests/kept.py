"""What is costly to make is made once for all processes of a run of the tests."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = "GATEHOUSE_TEST_KEPT"


def shared(temporary: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run share, and those of the run in a browser after it where it is named."""
    if os.environ.get(FOLDER):
        return Path(os.environ[FOLDER])
    base = temporary.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder as ``make`` has filled it; whoever comes meanwhile waits."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
