"""The table of consequences lists every event, and an idea's page has a sentence for each."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest
from flask import Flask

from innovation.app import AREAS
from innovation.events import Fact, fact_classes
from innovation.pipeline.timeline import SENTENCES
from innovation.reactions import REACTIONS, named

AUDIENCES = {"everyone", "team", "panel", "staff"}


def facts() -> list[type[Fact]]:
    """Every fact that an area can record: a subclass that others are not made from."""
    found = []
    for area in AREAS:
        folder = Path(str(importlib.import_module(f"innovation.{area}").__file__)).parent
        for name in sorted(path.stem for path in folder.glob("*events*") if path.stem != "__pycache__"):
            module = importlib.import_module(f"innovation.{area}.{name}")
            classes = [c for _name, c in inspect.getmembers(module, inspect.isclass) if issubclass(c, Fact)]
            found += [c for c in classes if c.__module__.startswith(module.__name__) and not c.__subclasses__()]
    return found


def test_every_event_is_listed_with_what_follows_from_it() -> None:
    missing = [fact.__name__ for fact in facts() if fact not in REACTIONS]

    assert missing == []


def test_the_table_lists_nothing_that_no_area_records() -> None:
    assert set(REACTIONS) - set(facts()) == set()


def test_every_reaction_is_found_by_its_name() -> None:
    reactions = {reaction for listed in REACTIONS.values() for reaction in listed}

    assert {named(reaction.__name__) for reaction in reactions} == reactions


def test_every_event_about_an_idea_has_a_sentence() -> None:
    missing = [fact.kind() for fact in facts() if fact.about == "idea_id" and fact.kind() not in SENTENCES]

    assert missing == []


def test_every_sentence_is_about_an_event_that_exists() -> None:
    assert set(SENTENCES) - {fact.kind() for fact in facts()} == set()


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact.__name__)
def test_every_event_says_who_may_read_it(fact: type[Fact]) -> None:
    assert fact.audience in AUDIENCES


def test_every_event_is_known_by_its_kind(app: Flask) -> None:
    assert {fact.kind() for fact in facts()} - set(fact_classes) == set()
