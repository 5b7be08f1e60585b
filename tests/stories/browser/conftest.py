"""A real server, a real worker and a real browser."""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from innovation.app import create_app
from innovation.compiled import FOLDER as COMPILED
from innovation.db import db
from tests.conftest import FAST
from tests.make import PASSWORD
from tests.stories.conftest import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
GATEHOUSE = (sys.executable, "-c", "from innovation.cli.main import main; main()")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    """A running site: its address, its folder, and its database within reach."""

    address: str
    instance: Path
    port: int

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def inside(self, act: Callable[[], Any]) -> Any:
        """Run something in the site's database and keep it."""
        app = create_app(instance=self.instance, **FAST)
        with app.app_context():
            try:
                result = act()
                db.session.commit()
                return result
            finally:
                db.session.remove()
                db.engine.dispose()

    def mailed_link(self, to: str, path: str, seconds: float = 20) -> str:
        """The address in a message to somebody, as soon as the worker has written it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for file in sorted((self.instance / "mail").glob("*.eml"), reverse=True):
                letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                body = letter.get_body(("plain",))
                found = re.search(rf"https?://[^/\s]+(\S*{re.escape(path)}\S*)", body.get_content() if body else "")
                if letter["To"] == to and found:
                    return found.group(1)
            time.sleep(0.2)
        raise AssertionError(f"No message to {to} with {path} within {seconds} seconds.")


def start_site(
    instance: Path, begin: Path, fill: Callable[[], Any] | None = None, name: str = "127.0.0.1"
) -> Iterator[Site]:
    """Copy the folder ``begin``, fill, serve and work until the test is over; addresses call the site ``name``."""
    port = free_port()
    site = Site(f"http://{name}:{port}", instance, port)
    shutil.copytree(begin, instance, dirs_exist_ok=True)
    if (begin.parent / COMPILED).exists():
        unfinished = shutil.ignore_patterns("*.tmp")
        shutil.copytree(begin.parent / COMPILED, instance / COMPILED, ignore=unfinished, dirs_exist_ok=True)
    if fill:
        site.inside(fill)
    surroundings = {
        **os.environ,
        "GATEHOUSE_INSTANCE": str(instance),
        "GATEHOUSE_SECRET_KEY": FAST["secret_key"],
        "GATEHOUSE_PASSWORD_TIME_COST": "1",
        "GATEHOUSE_PASSWORD_MEMORY_KIB": "8",
        "GATEHOUSE_BASE_URL": site.address,
    }
    serve = ("serve", "--port", str(port), "--workers", "1", "--demo")
    with (instance / "log.txt").open("wb") as log:
        processes = [
            subprocess.Popen([*GATEHOUSE, *words], env=surroundings, stdout=log, stderr=log)
            for words in (serve, ("worker",))
        ]
    try:
        _wait_for(site, processes[0])
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def _wait_for(site: Site, server: subprocess.Popen[bytes], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(site.url("/sign-in"), timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"The site did not start:\n{(site.instance / 'log.txt').read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM")
    if not path:
        pytest.skip("LEFT OUT: CHROMIUM does not name a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context_of(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser profile with the options asked for; closed after the test."""
    made: list[BrowserContext] = []

    def make_one(**options: Any) -> BrowserContext:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, **options)
        context.set_default_timeout(15_000)
        made.append(context)
        return context

    yield make_one
    for context in made:
        context.close()


def sign_in(page: Page, site: Site, email: str, password: str = PASSWORD) -> Page:
    """Sign in through the page that is there for it."""
    page.goto(site.url("/sign-in"))
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Site]:
    """The demonstration, served."""
    yield from start_site(tmp_path_factory.mktemp("demo"), demonstration)
