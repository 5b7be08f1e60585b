"""Facets: what is chosen narrows the list, and counts say what each further choice would bring."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.funders import queries
from innovation.funders.facets import Filters, Tally, Traits, ask_band, cents_of, fit_band
from innovation.funders.queries import Browsing
from innovation.funders.workspace_models import Passed, Shortlisted
from innovation.ideas.models import Idea, Wall
from innovation.web import today
from tests import make
from tests.databases import statements
from tests.funders.watching import Fund, fund, listed, page

BROWSE = "/funders/ideas"


def browsing(of: Fund) -> Browsing:
    return Browsing(make.actor(of.member), of.funder, queries.mandates_for(of.funder, today()), today())


def counts(of: Fund, filters: Filters, facet: str) -> dict[str, int]:
    look = browsing(of)
    return dict(look.tally(filters, look.find(filters)).counts[facet])


def ids(of: Fund, filters: Filters) -> set[int]:
    return {match.idea_id for match in browsing(of).find(filters).matches}


def traits(**more: str) -> Traits:
    had = {"theme": "t1", "province": "ZA-LP", "district": "1", "phase": "fp", "stage": "ready", "ask": "b1"}
    return Traits(**{name: (value,) for name, value in (had | {"evidence": "E1"} | more).items()})


def elsewhere(**ask: object) -> Idea:
    """An idea of another theme in another province."""
    idea = listed(theme_id=make.first(make.Theme, key="t6").id)
    make.ask(idea, number=2, **({"provinces": ["ZA-WC"], "amount_cents": 900_000_00} | ask))
    db.session.commit()
    return idea


# Pure


def test_counts_of_a_facet_are_not_narrowed_by_what_is_chosen_of_it() -> None:
    tally = Tally(Filters(theme=("t1",))).add([(traits(), 90), (traits(theme="t6"), 90), (traits(theme="t6"), 40)])

    assert dict(tally.counts["theme"]) == {"t1": 1, "t6": 2}
    assert dict(tally.counts["fit"]) == {"strong": 1}


def test_what_two_facets_leave_out_is_counted_nowhere() -> None:
    tally = Tally(Filters(theme=("t1",), province=("ZA-LP",))).add([(traits(theme="t6", province="ZA-WC"), 90)])

    assert [sum(counter.values()) for counter in tally.counts.values()] == [0] * 8


@pytest.mark.parametrize(("cents", "band"), [(1, "b1"), (50_000_00, "b1"), (50_000_01, "b2"), (10_000_000_01, "b6")])
def test_an_ask_lies_in_the_band_that_the_band_says(cents: int, band: str) -> None:
    least, most = cents_of(band)

    assert ask_band(cents) == band
    assert least < cents <= (most or cents)


def test_every_score_has_a_band() -> None:
    assert [fit_band(score) for score in (100, 80, 79, 60, 59, 0)] == ["strong"] * 2 + ["good"] * 2 + ["fair"] * 2


def test_what_an_address_cannot_mean_is_left_out() -> None:
    told = {"theme": ["t1", "t1", ""], "district": ["7", "x", "9" * 12], "ask": ["b1", "b9"], "fit": "strong"}

    filters = Filters.of({**told, "q": "  Reading clubs ", "within": "everything"})

    assert filters == Filters(theme=("t1",), district=("7",), ask=("b1",), q="Reading clubs")
    assert Filters.of(filters.kept) == filters


# What is found


def test_several_values_of_a_facet_join_by_or_and_facets_by_and(app: Flask) -> None:
    here, there = listed(), elsewhere()
    csi = fund(appetite={}, theme_keys=[])

    assert ids(csi, Filters(theme=("t1", "t6"))) == {here.id, there.id}
    assert ids(csi, Filters(theme=("t1", "t6"), province=("ZA-WC",))) == {there.id}
    assert ids(csi, Filters(theme=("t1",), province=("ZA-WC",))) == set()


def test_a_count_is_what_a_click_brings(app: Flask) -> None:
    listed()
    listed(place="piloting")
    elsewhere()
    csi = fund(appetite={}, theme_keys=[])
    chosen = Filters(theme=("t1",))

    for facet in ("province", "stage", "ask", "evidence", "phase", "fit"):
        for value, count in counts(csi, chosen, facet).items():
            assert len(ids(csi, Filters(**{"theme": ("t1",), facet: (value,)}))) == count  # type: ignore[arg-type]
    assert counts(csi, chosen, "theme") == {"t1": 2, "t6": 1}


def test_a_district_counts_for_itself_alone(app: Flask) -> None:
    east = make.district()
    for name in [f"District {number}" for number in range(11)]:
        make.district(name)
    twelfth = make.first(type(east), name="District 10")
    near, far = listed(district_id=east.id), listed()
    make.ask(far, number=2, district_ids=[twelfth.id])
    csi = fund()

    assert ids(csi, Filters(district=(str(east.id),))) == {near.id}
    assert ids(csi, Filters(district=(str(twelfth.id),))) == {far.id}


def test_words_are_looked_for_in_title_and_summary_only(app: Flask) -> None:
    hidden = {"problem": "A gazelle is nowhere else.", "summary": "Matric leavers run reading clubs after school."}
    idea = listed(title="Radio lessons", answers=hidden)
    csi = fund()

    assert ids(csi, Filters(q="LESSONS matric")) == {idea.id}
    assert ids(csi, Filters(q="lessons gazelle")) == set()
    assert ids(csi, Filters(q="100%")) == set()


def test_what_a_person_may_not_see_is_in_no_count(app: Flask) -> None:
    walled, kept = listed(), listed(place="piloting")
    early = make.idea(place="concept")
    make.ask(early)
    csi = fund(appetite={})
    make.add(Wall(idea_id=walled.id, person_id=csi.member.id, why="seat:1"))
    db.session.commit()

    assert counts(csi, Filters(), "stage") == {"piloting": 1}
    assert counts(csi, Filters(stage=("ready",)), "stage") == {"piloting": 1}
    assert ids(csi, Filters()) == {kept.id}


def test_the_shortlist_and_what_was_passed_on_are_parts_of_the_list(app: Flask) -> None:
    plain, short, gone = listed(), listed(), listed()
    csi, other = fund(), fund("Demo trust")
    make.add(Shortlisted(funder_id=csi.funder.id, idea_id=short.id))
    make.add(Passed(funder_id=csi.funder.id, idea_id=gone.id, reason="time"))
    db.session.commit()

    assert ids(csi, Filters()) == {plain.id, short.id}
    assert ids(csi, Filters(within="shortlist")) == {short.id}
    assert ids(csi, Filters(within="passed")) == {gone.id}
    assert ids(other, Filters()) == {plain.id, short.id, gone.id}
    assert ids(other, Filters(within="shortlist")) == set()


# The page


def test_the_address_holds_all_that_is_chosen_and_each_chip_takes_one_away(client: FlaskClient) -> None:
    listed()
    elsewhere()
    csi = fund(appetite={}, theme_keys=[])

    text = page(client, csi.member, f"{BROWSE}?theme=t1&theme=t6&province=ZA-LP&q=matric")[1]

    assert "1 idea fits" in text
    assert 'name="theme" value="t1" checked' in text
    assert f'href="{BROWSE}?theme=t6&amp;province=ZA-LP&amp;q=matric"' in text
    assert f'href="{BROWSE}?theme=t1&amp;theme=t6&amp;province=ZA-LP"' in text


NARROWED = f"{BROWSE}?theme=t1&province=ZA-LP&stage=ready&ask=b3&fit=strong&q=clubs"


def test_a_narrowed_list_asks_the_database_once_more_however_much_there_is(client: FlaskClient) -> None:
    csi = fund(appetite={}, theme_keys=[])
    listed()
    whole, few = asked_for(client, csi, BROWSE), asked_for(client, csi, NARROWED)
    for _number in range(12):
        listed()

    many = asked_for(client, csi, NARROWED)

    assert max(whole, few) <= 20
    assert many == few


def asked_for(client: FlaskClient, of: Fund, address: str) -> int:
    """How often a page asks the database that nobody has looked at yet."""
    page(client, of.member, f"{address}{'&' if '?' in address else '?'}page=1")
    client.application.extensions["pages"].forget()
    with statements() as asked:
        page(client, of.member, address)
    return sum(text.lstrip().upper().startswith("SELECT") for text in asked)
