"""The record on PostgreSQL: sealed, whole, and found out when somebody alters it."""

from __future__ import annotations

import pytest
from flask import Flask

from innovation import chain
from innovation.accounts.events import SessionStarted
from innovation.command import transaction
from innovation.events import record
from tests import make
from tests.tampering import FOUND, FOUND_BY_HEAD, tampered, two_chains


def three_things_happen() -> None:
    for _n in range(3):
        person = make.person()
        with transaction():
            record(make.actor(person), SessionStarted(person.id, 1))


def test_a_record_that_nobody_touched_is_whole(app: Flask) -> None:
    three_things_happen()
    chain.seal_all()

    report = chain.verify()

    assert (report.ok, report.events, report.unsealed) == (True, 3, 0)


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
