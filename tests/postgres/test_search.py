"""Searching ideas on PostgreSQL answers as it does on SQLite."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.db import db
from innovation.ideas import queries
from innovation.ideas.queries import Filters
from tests import make


def titles(who: object, text: str) -> list[str]:
    page = queries.search_ideas(who, text, Filters(standing="any"))
    return [idea.title for idea in page.items]


def test_every_word_must_occur_and_the_last_may_be_a_beginning(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    make.idea(title="Reading clubs at the library", search_text="matric leavers read with children")
    make.idea(title="Water tanks for schools", search_text="roof water and gutters")

    found = titles(manager, "reading libr")

    assert found == ["Reading clubs at the library"]


def test_a_word_in_the_title_counts_more_than_one_in_the_text(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    make.idea(title="Gardens", search_text="some mathematics happens in the garden")
    make.idea(title="Mathematics on the bus", search_text="a bus with games")

    found = titles(manager, "mathematics")

    assert found == ["Mathematics on the bus", "Gardens"]


def test_what_one_may_not_see_is_not_found(app: Flask) -> None:
    stranger = make.actor(make.person())
    make.idea(title="Reading clubs at the library", search_text="matric leavers")

    found = titles(stranger, "reading")

    assert found == []


@pytest.mark.parametrize("text", ["water-tank AND (", "'; DROP TABLE idea; --", ":*", "a & | !", '"', "\\", "%_", "🙂"])
def test_no_text_is_an_operator(app: Flask, text: str) -> None:
    manager = make.actor(make.staff("manager"))
    make.idea(title="Reading clubs", search_text="matric leavers")
    db.session.commit()

    found = titles(manager, text)

    assert found == []


def test_ideas_that_read_alike_are_hinted_at(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    make.idea(title="Reading clubs led by matric leavers", search_text="Children do not read for meaning after class")

    found = queries.find_alike(manager, "Reading clubs by matric leavers", "Children do not read for meaning")

    assert [each.title for each in found] == ["Reading clubs led by matric leavers"]


@pytest.mark.parametrize("text", ["LP26-0317", "lp26-03", "covid-19", "grade 7/8", "reading.example", "two_words"])
def test_words_with_signs_between_them_are_found(app: Flask, text: str) -> None:
    manager = make.actor(make.staff("manager"))
    told = "After Covid-19, grade 7/8 learners read at reading.example in two_words."
    make.idea(title="Reading clubs", reference="LP26-0317", search_text=told)

    found = titles(manager, text)

    assert found == ["Reading clubs"]


def test_what_an_idea_is_searched_by_stays_in_its_row(app: Flask) -> None:
    of_ideas = "attrelid = 'idea'::regclass AND attname = 'search_vector'"

    kept = db.session.scalar(sa.text(f"SELECT attstorage::text FROM pg_attribute WHERE {of_ideas}"))

    assert kept == "m"  # "x" would lay it aside as soon as it is long


def test_questions_are_planned_for_disks_that_do_not_turn(app: Flask) -> None:
    said = [db.session.scalar(sa.text(f"SHOW {name}")) for name in ("random_page_cost", "jit")]

    assert said == ["1.1", "off"]
