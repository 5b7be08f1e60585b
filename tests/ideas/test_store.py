"""The store in the folder: whole files under names nobody can guess, in every process of a server."""

from __future__ import annotations

import os
import re
import signal
import warnings
from pathlib import Path

import pytest

from innovation.ideas.store import FolderStore, StoreAway


def test_a_kept_file_is_for_its_owner_only_and_nothing_else_is_left(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)

    key = store.put(b"a letter")

    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path == tmp_path / key[:2] / key
    assert re.fullmatch("[0-9a-f]{48}", key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (store.get(key), store.has(key), store.has("ab" * 24)) == (b"a letter", True, False)


def test_a_file_that_was_dropped_is_gone_and_may_be_dropped_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    key, other = store.put(b"a letter"), store.put(b"another")

    store.drop(key)
    store.drop(key)

    assert (store.has(key), store.has(other)) == (False, True)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FolderStore(tmp_path).get("ab" * 24)


def test_a_folder_that_takes_nothing_is_away(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder")

    with pytest.raises(StoreAway, match="Not a directory"):
        FolderStore(tmp_path / "files").put(b"a letter")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="servers fork where there is a fork")
def test_a_process_reads_files_that_were_used_before_it_was_forked(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    key = store.put(b"a letter")
    store.get(key)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other threads of the tests do not matter to the child
        child = os.fork()
    if child == 0:
        signal.alarm(10)
        os._exit(0 if store.get(key) == b"a letter" else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
