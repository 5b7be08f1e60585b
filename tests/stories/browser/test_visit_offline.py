"""Visits at 360 points wide and without signal: kept on the phone, delivered once, and refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from innovation.accounts.passwords import hash_password
from innovation.db import db, now
from innovation.pilots.visit_models import PilotVisit
from tests import make
from tests.pilots.held import pilot
from tests.stories.browser.conftest import Site, start_site
from tests.stories.browser.mast import masts
from tests.stories.browser.phones import Phone
from tests.stories.browser.test_capture_offline import faults

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

REFERENCE, OWNER = "LP26-9001", "owner@gatehouse.example"


def _fill() -> None:
    owner = make.person("Owner", email=OWNER)
    make.account(owner, hash_password(make.PASSWORD))
    idea = make.idea(owner, reference=REFERENCE, title="Reading clubs", place="piloting")
    pilot(idea, starts_on=now().date(), ends_on=None)


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    yield from start_site(tmp_path, migrated, _fill)


def write(phone: Phone, worked: str, day: str | None = None) -> None:
    """A visit to the first site, saved on the phone."""
    page = phone.page
    page.goto(f"{phone.mast.address}/visits/#/")
    page.click("text=New visit")
    page.select_option("#f-site", index=1)
    page.select_option("#f-adherence", "8")
    page.fill("#f-learners", "41")
    page.fill("#f-worked", worked)
    if day:
        page.fill("#f-visited_on", day)
    page.click("text=Save the visit")
    page.wait_for_selector(".notice.go")


def test_a_visit_without_signal_arrives_once_and_a_refused_one_stays_with_its_reason(
    site: Site, context_of: Callable[..., BrowserContext]
) -> None:
    found: list[str] = []
    with masts(site.port, 1) as (mast,):
        context = context_of()
        phone = Phone(context, context.new_page(), mast)
        page = phone.page
        page.set_viewport_size({"width": 360, "height": 760})
        page.goto(f"{mast.address}/sign-in?next=/ideas/{REFERENCE}/pilot/visits")
        page.fill("input[name=email]", OWNER)
        page.fill("input[name=password]", make.PASSWORD)
        page.press("input[name=password]", "Enter")
        page.click("text=Take this pilot along")
        page.wait_for_selector("[data-ready]")
        found += faults(page)

        phone.has_signal(False)
        page.goto(f"{mast.address}/visits/")  # a page that is opened anew, days later
        write(phone, "The pairs read by themselves.")
        write(phone, "Tomorrow's visit.", day="2099-01-01")
        page.click("a:text-is('Change') >> nth=0")
        page.wait_for_selector("#f-site")
        found += faults(page)
        page.goto(f"{mast.address}/visits/#/")
        assert phone.state() == "Offline · 2 saved here"
        page.wait_for_selector("li:has-text(', 1 Jan 2099')")

        mast.lose = "answer"
        phone.has_signal(True)
        page.wait_for_selector("text=This day is still to come.", timeout=60_000)
        phone.says("Online · 1 saved here")
        assert mast.lost == 1
        page.click("text=Mend it")
        page.fill("#f-visited_on", str(now().date()))
        page.click("text=Save the visit")
        phone.says("Online · 2 arrived")
        found += faults(page)

    def told() -> list[tuple[str, int | None]]:
        query = sa.select(PilotVisit.worked, PilotVisit.adherence).order_by(PilotVisit.number)
        return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]

    assert found == []
    assert sorted(site.inside(told)) == [("The pairs read by themselves.", 8), ("Tomorrow's visit.", 8)]
