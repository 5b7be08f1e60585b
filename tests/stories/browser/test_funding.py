"""From past awards to a released tranche in real browsers: two funders find an idea and fund it together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.accounts.passwords import hash_password
from innovation.funders.codes import DILIGENCE_NAMES
from tests import make
from tests.funders.held import faults_of
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.browser.looking import look, press

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
Pages = Callable[[str], "Page"]
IDEA, OTHER = "LP26-9001", "LP26-9002"
FUNDS = ("one", "other")
AWARDS = [
    {
        "id": f"360G-demo-{number}",
        "title": f"Reading club {number}",
        "description": "Matric leavers read with children after school.",
        "currency": "ZAR",
        "amountAwarded": 300_000 + 1000 * number,
        "awardDate": "2025-03-01",
        "fundingOrganization": [{"id": "ZA-NPO-000-001", "name": "Demo one fund"}],
        "recipientOrganization": [{"id": "ZA-NPO-000-900", "name": "Demo reading trust"}],
    }
    for number in range(1, 9)
]


def _fill() -> None:
    owner = make.person("Owner", email="owner@gatehouse.example")
    people = {"owner": owner, "coordinator": make.staff("coordinator"), "manager": make.staff("manager")}
    for name in FUNDS:
        fund = make.funder(f"Demo {name} fund", theme_keys=[])
        people[name] = make.funder_person(fund, "funder_admin")
    for name, person in people.items():
        person.email = f"{name}@gatehouse.example"
        make.account(person, hash_password(make.PASSWORD))
    make.listed_idea(owner=owner, reference=IDEA, title="Reading clubs run by matric leavers")
    make.listed_idea(reference=OTHER, title="Toy library in a box")


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    """A running site with two funders and two ideas that are ready for a pilot."""
    yield from start_site(tmp_path, migrated, _fill)


@pytest.fixture
def pages(site: Site, context_of: NewContext) -> Pages:
    """A browser for each person."""
    opened: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in opened:
            page = context_of(accept_downloads=True).new_page()
            page.set_viewport_size({"width": 360, "height": 780} if who == "owner" else {"width": 1360, "height": 900})
            opened[who] = sign_in(page, site, f"{who}@gatehouse.example")
        return opened[who]

    return page_of


def test_two_funders_find_an_idea_and_fund_it_together(site: Site, pages: Pages, tmp_path: Path) -> None:
    faults: list[str] = []
    _import_awards(site, pages("manager"), tmp_path)
    for name in FUNDS:
        faults += _find(site, pages(name))
    faults += _introduce(site, pages("owner"))
    for name in FUNDS:
        faults += _offer(site, pages(name), {"one": "300 000", "other": "180 000"}[name])
    faults += _accept(site, pages("owner"))
    _plan_milestone(site, pages("coordinator"))
    faults += _agree(site, pages("one"))
    _reach_milestone(site, pages("owner"), pages("coordinator"))
    faults += _release(site, pages("one"))

    package = _exported(site, pages("manager"))
    assert faults_of(package) == []
    assert sorted((grant["amountAwarded"], grant["amountDisbursed"]) for grant in package["grants"]) == [
        (180_000, 0),
        (300_000, 300_000),
    ]
    assert faults == []


def _import_awards(site: Site, page: Page, folder: Path) -> None:
    file = folder / "awards.json"
    file.write_text(json.dumps({"grants": AWARDS}))
    page.goto(site.url("/funders/awards/import"))
    page.set_input_files("[name=file]", file)
    press(page, "Look at the file")
    press(page, "Import")
    page.wait_for_selector("text=Done", timeout=20_000)


def _find(site: Site, page: Page) -> list[str]:
    """A mandate, the list, two ideas side by side, and interest in one."""
    page.goto(site.url("/funders/mandate"))
    page.fill("[name=ticket_max]", "900 000")
    page.wait_for_selector("#would-fit:has-text('2 of 2')", timeout=10_000)
    faults = look(page, "mandate")
    press(page, "Save the mandate")
    page.goto(site.url("/funders/ideas"))
    faults += look(page, "browse")
    for box in page.locator("input[name=idea]").all():
        box.check()
    page.locator("button:has-text('Compare those ticked')").first.click()
    page.wait_for_url("**/funders/compare?*")
    faults += look(page, "compare")
    page.click("main a:has-text('Reading clubs run by matric leavers')")
    page.fill("[name=message]", "We would like to help you start.")
    press(page, "Show interest")
    return faults


def _introduce(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/interests"))
    faults = look(page, "interests")
    for _fund in FUNDS:
        press(page, "Accept and be introduced")
    return faults


def _offer(site: Site, page: Page, amount: str) -> list[str]:
    page.goto(site.url(f"/funders/ideas/{IDEA}/talks"))
    press(page, "Begin talks")
    press(page, "Begin due diligence")
    for name in DILIGENCE_NAMES.values():
        page.click(f"#diligence summary:has-text('{name}')")
        point = page.locator(f"#diligence details:has(summary:has-text('{name}'))")
        point.locator("[name$=verdict]").select_option("fine")
        press(page, "Keep", within=point)
    page.select_option("[name=instrument]", "grant")
    page.fill("[name=amount]", amount)
    page.fill("[name=purpose]", "The first year.")
    press(page, "Make the offer")
    return look(page, "talks")


def _accept(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/funding"))
    faults = look(page, "offers")
    for _fund in FUNDS:
        press(page, "Accept the offer")
    assert "R0" in page.inner_text("dt:has-text('Gap') + dd")
    return faults


def _plan_milestone(site: Site, page: Page) -> None:
    page.goto(site.url(f"/ideas/{IDEA}/milestones"))
    page.fill("[name=title]", "Eight clubs read every week")
    page.fill("[name=due_on]", "2027-03-01")
    press(page, "Plan it")


def _agree(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/funders/ideas/{IDEA}/talks"))
    page.click("#commitments a:has-text('Open')")
    plan = page.locator("form[action$='/tranches']")
    plan.locator("[name=amount]").fill("300 000")
    plan.locator("[name=due_on]").fill("2027-03-01")
    milestone = plan.locator("option:has-text('Eight clubs read every week')").get_attribute("value")
    plan.locator("[name=milestone]").select_option(milestone)
    press(page, "Plan it")
    page.fill("[name=agreed_on]", make.now().date().isoformat())
    page.fill("[name=agreement]", "Agreement 1")
    press(page, "Record it")
    assert "Release it" not in page.inner_text("main")
    return look(page, "commitment")


def _reach_milestone(site: Site, owner: Page, coordinator: Page) -> None:
    for page in (owner, coordinator):
        page.goto(site.url(f"/ideas/{IDEA}/milestones"))
        if page is owner:
            page.fill("[name$=evidence]", "Eight lists of those who came.")
        press(page, "It is reached" if page is owner else "Accept it")


def _release(site: Site, page: Page) -> list[str]:
    page.reload()
    page.fill("[name$=released_on]", make.now().date().isoformat())
    press(page, "Release it")
    assert "Released" in page.inner_text("#tranches")
    return look(page, "released")


def _exported(site: Site, page: Page) -> object:
    page.goto(site.url("/funders/commitments"))
    page.click("summary:has-text('Export')")
    with page.expect_download() as coming:
        page.click("a:has-text('360Giving 1.4 (JSON)')")
    return json.loads(coming.value.path().read_text())
