"""Whatever somebody with the keys of the database does to the record is found, on either engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from innovation import chain
from innovation.cli.log import log
from innovation.db import now
from innovation.events import chain_hash
from tests.tampering import FOUND, FOUND_BY_HEAD, cut, tampered, two_chains


@pytest.mark.parametrize("what", FOUND)
def test_a_record_tampered_with_is_found_out(app: Flask, what: str) -> None:
    one, _other = two_chains()
    act, sentence = FOUND[what]
    newest = chain.head().seal

    faults = tampered(act, one)

    assert sentence.format(subject=f"idea:{one}", newest=newest) in faults


@pytest.mark.parametrize("what", FOUND_BY_HEAD)
def test_a_record_whole_in_itself_does_not_agree_with_its_kept_head(app: Flask, what: str) -> None:
    one, _other = two_chains()
    act, sentences = FOUND_BY_HEAD[what]
    kept = chain.head()

    faults = tampered(act, one, kept)

    assert faults == [sentence.format(newest=kept.seal) for sentence in sentences]
    assert chain.verify().ok


def test_a_record_that_only_grew_agrees_with_its_kept_head(app: Flask) -> None:
    two_chains()
    kept = chain.head()

    two_chains()

    assert chain.verify(kept).faults == []


def test_the_head_of_an_empty_record_agrees_with_what_comes(app: Flask) -> None:
    kept = chain.head()

    two_chains()

    assert (kept.seal, chain.verify(kept).faults) == (0, [])


def test_the_hash_of_an_event_is_that_of_its_canonical_json() -> None:
    at = now()
    content = json.dumps(["0" * 64, "idea:1", 2, "kind", at.isoformat(), None, '{"ä":"\\"\n"}'])

    by_hand = chain_hash("0" * 64, "idea:1", 2, "kind", at, None, '{"ä":"\\"\n"}')

    assert by_hand == chain.hashlib.sha256(content.encode()).hexdigest()


def test_the_command_compares_with_a_head_from_a_file(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", app.instance_path)
    one, _other = two_chains()
    kept = tmp_path / "head.json"
    kept.write_text(CliRunner().invoke(log, ["head"]).stdout)
    tampered(cut, one)

    result = CliRunner().invoke(log, ["verify", "--head", str(kept)])

    assert (result.exit_code, result.output.splitlines()[0][:35]) == (1, "The head kept elsewhere names seal ")


def test_a_file_without_a_head_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "head.json"
    file.write_text('{"gatehouse_log_head": 2}')

    result = CliRunner().invoke(log, ["verify", "--head", str(file)])

    assert (result.exit_code, "This file holds no head of a record." in result.output) == (2, True)
