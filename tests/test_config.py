"""Settings that complete themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from innovation.config import load_settings


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: load_settings({"instance": tmp_path}).secret_key.get_secret_value(), range(8)))

    assert len(found[0]) == 64
    assert set(found) == {found[0]}
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
