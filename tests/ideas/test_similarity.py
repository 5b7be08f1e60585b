"""How alike ideas read: by words, other forms of words, words that mean nearly the same, and wrong spellings."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from innovation.ideas.similarity import Text, count, rank
from innovation.ideas.wordforms import related, stem_of, words

CLUBS = Text(1, "Reading clubs run by matric leavers", "Children in Grade 4 cannot read for meaning.")
TANKS = Text(2, "Water tanks for school gardens", "Vegetables dry out in August, before the rains.")
TOILETS = Text(3, "Safe toilets at primary schools", "Pit latrines are dangerous for small children.")
BUSES = Text(4, "A bus for learners on farms", "Children walk ten kilometres to school.")
ALL = [CLUBS, TANKS, TOILETS, BUSES]
ENDS = ("ings", "ization", "fulness", "ational", "ably", "iveness", "ies", "edly")


def nearest(title: str, problem: str = "") -> object:
    return rank(Text(0, title, problem), ALL)[0].id


def test_other_forms_of_a_word_are_the_same_word() -> None:
    assert [stem_of(word) for word in words("Children’s gardens; gardening")] == ["child", "garden", "garden"]


def test_words_without_their_accents_are_the_same_word() -> None:
    assert words("Tshivenḓa l’école") == ["tshivenda", "lecole"]


def test_a_word_is_related_to_those_that_mean_nearly_the_same() -> None:
    assert "student" in dict(related("pupil"))


def test_the_same_thing_in_other_words_comes_first() -> None:
    assert nearest("Transport for pupils from distant farms", "Kids walk too far.") == BUSES.id


def test_wrong_spellings_still_find_it() -> None:
    assert nearest("Redaing clup with matriculants") == CLUBS.id


def test_the_reason_is_the_words_that_both_say_the_rarest_first() -> None:
    found = rank(Text(0, "Toilets", "Latrines for small pupils"), ALL)[0]

    assert (found.id, found.shared) == (TOILETS.id, ("toilets", "small", "latrines"))


def test_words_that_mean_nearly_the_same_are_told_as_a_pair() -> None:
    found = rank(Text(0, "Gardens", "Kids grow food"), [*ALL, Text(5, "Gardens for the child")])

    assert ("kids", "child") in {pair for each in found for pair in each.near}


def test_a_shared_school_counts_and_is_told() -> None:
    mine = Text(0, "Gardens", "", {"school": "930320001", "theme": None})
    there = Text(6, "Gardens", "", {"school": "930320001", "theme": None})

    found = rank(mine, [Text(7, "Gardens"), there])

    assert [(each.id, each.same) for each in found] == [(6, ("school",)), (7, ())]


def test_a_shared_school_alone_makes_nothing_alike() -> None:
    mine = Text(0, "Gardens", "", {"school": "930320001"})

    assert rank(mine, [Text(6, "Buses", "", {"school": "930320001"})]) == []


def test_at_most_five_are_told_and_never_the_idea_itself() -> None:
    many = [Text(n, f"Gardens number {n}") for n in range(9)]

    found = rank(many[0], many)

    assert len(found) == 5
    assert many[0].id not in {each.id for each in found}


def test_nothing_is_like_a_text_that_says_nothing() -> None:
    assert rank(Text(0, "What about it?"), ALL) == []


def test_rarity_may_come_from_more_texts_than_are_compared() -> None:
    rarity = count([*(each.whole for each in ALL), *["water for gardens"] * 50])

    found = [
        [each.id for each in rank(Text(0, "Water for safe gardens"), [TANKS, TOILETS], rarity=known)]
        for known in (None, rarity)
    ]

    assert found == [[TANKS.id, TOILETS.id], [TOILETS.id, TANKS.id]]


def test_many_who_type_at_once_get_the_stems_that_one_alone_would() -> None:
    asked = [f"{begin}{middle}{end}" for begin in ("read", "teach", "walk") for middle in "abcdefghij" for end in ENDS]
    alone = [stem_of(word) for word in asked]
    stem_of.cache_clear()
    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda _n: [stem_of(word) for word in asked], range(8)))
    finally:
        sys.setswitchinterval(pause)
        stem_of.cache_clear()

    assert together == [alone] * 8
