"""``gatehouse match evaluate``: the figures it prints, and what it says of files that are not as they should be."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from innovation.cli.match import match
from tests.funders.past import past_awards, write

KEYS = ["mrr", "recall_1", "recall_5", "recall_10", "macro_mrr"]


def run(awards: Path, queries: Path, *more: str) -> Result:
    return CliRunner().invoke(match, ["evaluate", "--awards", str(awards), "--queries", str(queries), *more])


def test_json_has_the_agreed_keys(tmp_path: Path) -> None:
    file = write(past_awards(6), tmp_path / "awards.jsonl")

    result = run(file, file, "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(found) == [*KEYS, "education", "fit_s", "query_p50_ms", "query_p95_ms", "peak_mb"]
    assert list(found["education"]) == KEYS
    assert found["mrr"] == 1.0


def test_without_json_the_figures_are_told_in_words(tmp_path: Path) -> None:
    file = write(past_awards(4), tmp_path / "awards.jsonl")

    result = run(file, file)

    assert result.stdout.startswith("Learned from 12 awards of 3 funders")


def test_lines_left_out_are_told_and_end_in_exit_code_1(tmp_path: Path) -> None:
    awards = write(past_awards(4), tmp_path / "awards.jsonl")
    queries = tmp_path / "queries.jsonl"
    queries.write_text(awards.read_text() + 'oops\n{"funder": "Nobody knows"}\n')

    result = run(awards, queries, "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["recall_10"] == round(12 / 13, 4)
    assert "line 13: this is not JSON." in result.stderr
    assert "1 query names a funder without an award" in result.stderr


def test_a_file_without_an_award_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")

    result = run(empty, empty)

    assert result.exit_code == 1
    assert "holds no award" in result.stderr
