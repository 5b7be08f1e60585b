"""The strip "Less seen": drawn once a day, apart from the list, and counted without harm."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.funders.exposure import SELDOM, SLOTS, Seen, choose_strip, note_shown
from innovation.funders.models import Exposure
from innovation.funders.queries.browsing import PAGE
from innovation.web import today
from tests import make
from tests.funders.watching import fund, listed, page

DAY = dt.date(2026, 11, 26)
POOL = [Seen(idea_id, 0) for idea_id in range(1, 40)]


def test_a_day_fixes_the_draw_and_another_day_or_funder_draws_anew() -> None:
    drawn = choose_strip(1, DAY, POOL, above=())

    assert drawn == choose_strip(1, DAY, list(reversed(POOL)), above=())
    assert len(drawn) == SLOTS
    assert len({tuple(choose_strip(1, DAY + dt.timedelta(days=n), POOL, above=())) for n in range(5)}) > 1
    assert len({tuple(choose_strip(n, DAY, POOL, above=())) for n in range(5)}) > 1


def test_only_what_was_seldom_shown_and_is_not_on_top_anyway_is_drawn() -> None:
    pool = [Seen(1, SELDOM), Seen(2, SELDOM - 1), Seen(3, 0)]

    assert choose_strip(1, DAY, pool, above={3}) == [2]


def test_the_strip_is_at_least_a_fifth_of_what_a_page_shows() -> None:
    assert SLOTS * 5 >= PAGE + SLOTS


def exposures(funder_id: int) -> dict[int, tuple[int, bool]]:
    rows = db.session.execute(
        sa.select(Exposure.idea_id, Exposure.times, Exposure.strip_on).filter_by(funder_id=funder_id)
    )
    return {idea_id: (times, strip_on is not None) for idea_id, times, strip_on in rows}


def test_an_idea_counts_once_a_day(app: Flask) -> None:
    funder_id, first, second = fund().funder.id, listed().id, listed().id
    db.session.commit()

    note_shown(db.engine, funder_id, [first], [], DAY)
    note_shown(db.engine, funder_id, [first, second], [second], DAY)
    note_shown(db.engine, funder_id, [first], [], DAY + dt.timedelta(days=1))

    assert exposures(funder_id) == {first: (2, False), second: (1, True)}


def test_a_failure_to_count_harms_nobody(app: Flask) -> None:
    funder_id = fund().funder.id
    db.session.commit()

    note_shown(db.engine, funder_id, [999_999], [], DAY)

    assert exposures(funder_id) == {}


def test_the_strip_stays_for_the_day_and_stands_apart_from_list_and_export(client: FlaskClient) -> None:
    for n in range(PAGE + SLOTS):
        listed(title=f"Idea number {n:02d}")
    csi = fund()

    first = page(client, csi.member, "/funders/ideas")[1]
    kept = {idea_id for idea_id, (_times, in_strip) in exposures(csi.funder.id).items() if in_strip}
    second = page(client, csi.member, "/funders/ideas")[1]
    filtered = page(client, csi.member, "/funders/ideas?show=newest&theme=t6")[1]

    strip, again = (text.split("Less seen")[1].split("</section>")[0] for text in (first, second))
    assert len(kept) == SLOTS
    assert again == strip
    assert strip.count("<h3>") == SLOTS
    assert filtered.count("<h3>") == SLOTS
    assert len(exposures(csi.funder.id)) == PAGE + SLOTS
    assert page(client, csi.member, "/funders/ideas?export=csv")[1].count("Idea number") == PAGE + SLOTS


def test_what_no_longer_fits_leaves_the_strip_at_once(client: FlaskClient) -> None:
    ideas = [listed(title=f"Idea number {n:02d}") for n in range(12)]
    csi = fund()
    drawn = ideas[0]
    make.add(Exposure(funder_id=csi.funder.id, idea_id=drawn.id, times=1, last_on=today(), strip_on=today()))
    drawn.listed_at = None
    db.session.commit()

    text = page(client, csi.member, "/funders/ideas")[1]

    assert drawn.title not in text
    assert "Less seen" not in text
