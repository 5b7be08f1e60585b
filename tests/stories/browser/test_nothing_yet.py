"""A programme that has just begun is empty, and reads well all the same: axe finds no fault on its empty pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.accounts.passwords import hash_password
from innovation.funders.models import Funder
from tests import make
from tests.stories.browser.asked import faults
from tests.stories.browser.conftest import Site, sign_in, start_site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PAGES = {
    "coordinator": ("/", "/work", "/clinics", "/reviews", "/reviews/desk", "/panels?q=zzz", "/jobs", "/inbox"),
    "funder_admin": ("/funders/ideas", "/funders/interests", "/search?q=zzz"),
}


def begin() -> None:
    """A coordinator, and a funder that has not said what it looks for."""
    make.region()
    fund = make.add(Funder(key="fresh", name="Demo fresh fund", kind="FOUNDATION"))
    people = {"coordinator": make.staff("coordinator"), "funder_admin": make.funder_person(fund, "funder_admin")}
    for role, person in people.items():
        person.email = f"{role}@gatehouse.example"
        make.account(person, hash_password(make.PASSWORD))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    yield from start_site(tmp_path_factory.mktemp("fresh"), migrated, begin)


@pytest.mark.parametrize("role", PAGES)
def test_no_empty_page_has_a_fault(role: str, fresh: Site, context_of: Callable[..., BrowserContext]) -> None:
    page = sign_in(context_of().new_page(), fresh, f"{role}@gatehouse.example", make.PASSWORD)

    wrong = [fault for address in PAGES[role] if page.goto(fresh.url(address)) for fault in faults(page, address)]

    assert wrong == []
