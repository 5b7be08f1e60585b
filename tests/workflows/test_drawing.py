"""A definition drawn as Mermaid text."""

from __future__ import annotations

import pytest

from workflows import LIBRARY, draw, library_definition

EDUCATION = library_definition("education")


def test_the_picture_shows_where_outcomes_lead():
    lines = [line.strip() for line in draw(EDUCATION).splitlines()]

    assert lines[0] == "stateDiagram-v2"
    assert [line for line in lines if line.startswith("at_pilot")] == [
        "at_pilot --> ready: go, conditional go",
        "at_pilot --> concept: recycle",
        "at_pilot --> captured: recycle",
    ]
    assert [line for line in lines if line.startswith("captured -->")] == [
        "captured --> at_screening: present",
        "captured --> at_light: light way",
        "captured --> at_replication: proven way",
    ]
    assert "ready --> piloting: start pilot" in lines


@pytest.mark.parametrize("key", LIBRARY)
def test_every_place_is_drawn_once(key):
    definition = library_definition(key)
    lines = draw(definition).splitlines()

    named = [line.rpartition(" as ")[2] for line in lines if line.strip().startswith("state ")]

    assert sorted(named) == sorted(item.place for item in (*definition.stages, *definition.gates))


def test_the_same_definition_gives_the_same_picture():
    assert draw(EDUCATION) == draw(library_definition("education"))
