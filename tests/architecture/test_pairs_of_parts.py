"""Whoever has two parts reads no more than what the narrower one opens: in two worlds that differ only in that."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from innovation import errors
from innovation.db import fixed_now, now
from tests.architecture import two_funds, two_parts
from tests.architecture.pairs import Scene, Told, told
from tests.architecture.stage import Stage

TEAM, FUND = two_parts.SCENE, two_funds.SCENE
PAIRS = [
    *((TEAM, "coordinator", narrow) for narrow in ("owner", "contributor")),
    *((TEAM, wide, "team") for wide in ("manager", "administrator", "facilitator", "funder_member", "panel")),
    *((FUND, wide, "fund") for wide in ("coordinator", "facilitator")),
    *((FUND, wide, "team") for wide in ("nothing", "manager", "administrator")),
]
"""Somebody of a team sits on other panels as well, and is walled off from an idea: see ``two_parts``."""
SEEN: list[tuple[Scene, str, set[str]]] = [
    (
        TEAM,
        "manager",
        {
            *("/announcements", "/due", "/meetings/1", "/meetings/1/agenda", "/meetings/1/now", "/reviews/1"),
            *("/reviews/1/announcement", "/reviews/1/interests", "/reviews/1/seats", "/ideas/LP1-1"),
            *("the dossier of scoring", "the dossier of the meeting open"),
        },
    ),
    (TEAM, "administrator", {"/log", "/log?export=csv&standing=any&scores=yes", "/mail"}),
    (
        FUND,
        "coordinator",
        {
            *("/due", "/funders/interests", "/work", "/ideas/LP1-1/funding", "/ideas/LP1-1/reports/1"),
            *("the dossier of ready", "the notices", "the mails"),
        },
    ),
]
"""What is told of the same things to whoever has the wide part alone; numbers are written as 1."""


def _named(part: object) -> str:
    return part if isinstance(part, str) else ""


@pytest.fixture(autouse=True)
def plainly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refusals are known by their status, and both worlds are built and read in one moment."""
    monkeypatch.setattr(errors, "render_template", lambda _names, *, status, **_context: str(status))
    token = fixed_now.set(now())
    yield
    fixed_now.reset(token)


@pytest.mark.parametrize(("scene", "wide", "narrow"), PAIRS, ids=_named)
def test_nothing_differs_for_whoever_has_both_parts(stage: Stage, scene: Scene, wide: str, narrow: str) -> None:
    one, other = (told(stage, scene, wide, narrow, otherwise=otherwise) for otherwise in (False, True))

    assert differences(one, other) == {}
    assert one.keys() == other.keys()
    assert sum(status == 200 for status, _text in one.values()) > 40


@pytest.mark.parametrize(("scene", "wide", "seen"), SEEN, ids=_named)
def test_the_same_things_are_told_to_whoever_has_the_wide_part_alone(
    stage: Stage, scene: Scene, wide: str, seen: set[str]
) -> None:
    """The comparison above finds nothing when there is nothing to be found."""
    one, other = (told(stage, scene, wide, "alone", otherwise=otherwise) for otherwise in (False, True))

    assert seen - {re.sub(r"\d+", "1", address) for address in differences(one, other)} == set()


def differences(one: Told, other: Told) -> dict[str, str]:
    """The addresses that answer otherwise, each with the words that the second answer has and the first has not."""
    return {
        address: f"{one[address][0]}, {status}: {_words_beside(one[address][1], text)}"
        for address, (status, text) in other.items()
        if one.get(address) != (status, text)
    }


def _words_beside(one: str, other: str) -> str:
    """From where they part, some words of each."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return " | ".join(" ".join(re.sub(r"<[^>]*>?", " ", text[at : at + 300]).split()) for text in (one, other))
