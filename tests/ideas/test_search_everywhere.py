"""What a search finds, the same on every database: letters of all our languages, signs, operators and nonsense."""

from __future__ import annotations

import pytest
from flask import Flask

from innovation.ideas import queries, search
from innovation.ideas.queries import Filters
from tests import make

TITLES = {
    "venda": "Tshivenḓa ṱhalutshedzo ya ṅanga",
    "zulu": "Ukufunda kwezingane eThekwini ngesiZulu",
    "afrikaans": "Lees saam: sê dit, teken dit, vergelyk reëls",
    "sepedi": "Puku ya šitšhaba",
    "quoted": 'Gogo\'s "reading bench" & tea',
    "numbers": "Grade R/1 sums 7,2 right of 10.5",
    "address": "See www.example.org/books?id=5 or write to books@example.org",
    "emoji": "Smiles 🙂 for all",
    "operators": "Learners and teachers near the river or not",
    "joined": "well-being_and_after-school",
}
FOUND = [
    ("Tshivenḓa", ["venda"]),
    ("tshivenda", ["venda"]),
    ("Tshivend\u032da", ["venda"]),
    ("thalutshedzo", ["venda"]),
    ("nanga", ["venda"]),
    ("ukufunda ngesiz", ["zulu"]),
    ("reels", ["afrikaans"]),
    ("re\u0308els", ["afrikaans"]),
    ("ree\u0308ls", ["afrikaans"]),
    ("sê dit", ["afrikaans"]),
    ("gogo’s", ["quoted"]),
    ("SITSHABA", ["sepedi"]),
    ("gogo's", ["quoted"]),
    ('"reading bench"', ["quoted"]),
    ("tea & gogo", ["quoted"]),
    ("7,2", ["numbers"]),
    ("r/1", ["numbers"]),
    ("10.5", ["numbers"]),
    ("example books", ["address"]),
    ("books@example.org", ["address"]),
    ("www.example.org", ["address"]),
    ("id=5", ["address"]),
    ("🙂", []),
    ("smiles 🙂 all", ["emoji"]),
    ("learners AND teachers", ["operators"]),
    ("near NOT river", ["operators"]),
    ("learners OR tractors", []),
    ("well being", ["joined"]),
    ("after-school", ["joined"]),
    ("t", ["venda", "afrikaans", "quoted", "operators", "address"]),
    ("river*", ["operators"]),
    ("title:river", []),
    ("river:*", ["operators"]),
    ("!river", ["operators"]),
    ("(river", ["operators"]),
    ("river\x00", ["operators"]),
    ("river" * 2000, []),
    ("river " * 2000, ["operators"]),
]


@pytest.mark.parametrize(("text", "keys"), FOUND)
def test_the_same_search_finds_the_same_ideas(app: Flask, text: str, keys: list[str]) -> None:
    ideas = {key: make.idea(title=title, summary="", search_text="") for key, title in TITLES.items()}
    manager = make.actor(make.staff("manager"))

    found = queries.search_ideas(manager, text)
    listed = queries.list_ideas(manager, Filters(q=text))

    assert {idea.title for idea in found.items} == {ideas[key].title for key in keys}
    assert {idea.title for idea in listed.items} == {ideas[key].title for key in keys}


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("LP26-0317", ["LP26-0317"]),
        ("lp26-03", ["LP26-0317", "LP26-0318"]),
        ("lp26", ["LP26-0317", "LP26-0318"]),
        ("LP26 0317", ["LP26-0317"]),
        ("0317", ["LP26-0317", "KZN25-0317"]),
        ("kzn25-0317", ["KZN25-0317"]),
        ("LP26-0319", []),
    ],
)
def test_a_search_finds_references_whole_and_in_part(app: Flask, text: str, references: list[str]) -> None:
    for reference in ("LP26-0317", "LP26-0318", "KZN25-0317"):
        make.idea(title="An idea", summary="", search_text="", reference=reference)
    manager = make.actor(make.staff("manager"))

    found = queries.search_ideas(manager, text)

    assert {idea.reference for idea in found.items} == set(references)


def test_a_snippet_marks_a_word_with_its_accents_however_it_was_typed() -> None:
    parts = search.snippet("Puku ya Tshivend\u032da na šitšhaba.", "tshivenda šitšhaba")

    assert [text for text, found in parts if found] == ["Tshivenḓa", "šitšhaba"]
