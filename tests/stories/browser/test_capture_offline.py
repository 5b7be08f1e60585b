"""A clinic without signal: two devices, a browser that dies, answers that get lost; each idea arrives once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from PIL import Image

from innovation.clinics import rooms
from innovation.clinics.models import Device
from innovation.db import db
from innovation.ideas.models import Attachment, Idea
from innovation.ideas.store import store
from tests import make
from tests.stories.browser.conftest import Site, start_site
from tests.stories.browser.looking import COLOURS, RULES, is_wide, violations
from tests.stories.browser.mast import masts
from tests.stories.browser.phones import CODE, CONSENTS, Phone, crash, persistent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]


def open_a_room() -> None:
    """A clinic whose room is open, under a code that the tests know."""
    clinic = make.clinic(title="Thohoyandou clinic")
    whose = make.grant(make.person(), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    rooms.open_room(make.actor(whose), clinic).code = CODE


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    yield from start_site(tmp_path_factory.mktemp("room"), migrated, open_a_room)


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    """A photo that says where it was taken, larger than a phone should send."""
    exif = Image.Exif()
    exif[0x010F] = "Camera that says who took this"
    path = tmp_path / "sketch.jpg"
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(path, exif=exif)
    return path


def test_thirty_ideas_from_two_devices_arrive_once_each(
    site: Site, browser: Browser, context_of: NewContext, tmp_path: Path, sketch: Path
) -> None:
    with masts(site.port, 2) as (one, other):
        first = persistent(browser, tmp_path / "profile")
        phones = [Phone(first, first.pages[0], one)]
        second = context_of()
        phones.append(Phone(second, second.new_page(), other))
        for phone in phones:
            phone.join()
            phone.has_signal(False)
        for number in range(1, 11):
            for name, phone in zip("AB", phones, strict=True):
                phone.capture(f"Idea {name}{number}", sketch if number in (3, 7) else None)
        assert [phone.state() for phone in phones] == ["Offline · 10 saved here"] * 2

        phones[0].page.fill("#f-title", "Idea A11")
        phones[0].page.wait_for_timeout(900)
        crash(first)
        first = persistent(browser, tmp_path / "profile")
        phones[0] = Phone(first, first.pages[0], one)
        first.set_offline(True)
        phones[0].page.goto(f"{one.address}/capture/")
        phones[0].page.click("text=Go on")
        phones[0].page.click("text=All on one screen")
        phones[0].fill()

        one.lose, other.lose = "answer", "request"
        for phone in phones:  # the signal comes and goes
            phone.has_signal(True)
            phone.page.wait_for_timeout(250)
            phone.has_signal(False)
        for name, phone in zip("AB", phones, strict=True):
            phone.has_signal(True)
            for number in range(12 if name == "A" else 11, 16):
                phone.capture(f"Idea {name}{number}")
        for phone in phones:
            phone.page.goto(f"{phone.mast.address}/capture/#/")
            phone.says("Online · 15 arrived")
        assert (one.lost, other.lost) == (1, 1)
        kept = phones[0].page.evaluate(KEPT)
        first.close()

    def found() -> tuple[list[str], list[tuple[str, bytes]], list[int]]:
        titles = list(db.session.scalars(sa.select(Idea.title)))
        photos = db.session.execute(sa.select(Idea.title, Attachment.key).join(Attachment.idea)).all()
        waiting = list(db.session.scalars(sa.select(Device.waiting)))
        return titles, [(title, store().get(key)) for title, key in photos], waiting

    titles, photos, waiting = site.inside(found)
    assert sorted(titles) == sorted(f"Idea {name}{number}" for name in "AB" for number in range(1, 16))
    assert sorted(title for title, _photo in photos) == ["Idea A3", "Idea A7", "Idea B3", "Idea B7"]
    for _title, photo in photos:
        with Image.open(io.BytesIO(photo)) as image:
            assert max(image.size) <= 1280
            assert not image.getexif()
    assert waiting == [0, 0]
    assert [sorted(idea) for idea in kept] == [
        ["at", "clinic", "id", "reference", "secret", "stamp", "state", "title"]
    ] * 15


KEPT = """() => new Promise(done => {
    const asked = indexedDB.open("gatehouse-capture");
    asked.onsuccess = () => {
        const all = asked.result.transaction("ideas").objectStore("ideas").getAll();
        all.onsuccess = () => { asked.result.close(); done(all.result); };
    };
})"""


@pytest.fixture
def phone(site: Site, context_of: NewContext) -> Iterator[Phone]:
    """A phone that has joined."""
    with masts(site.port, 1) as (mast,):
        context = context_of()
        made = Phone(context, context.new_page(), mast)
        made.page.set_viewport_size({"width": 320, "height": 640})
        made.join()
        yield made


def titled(site: Site, title: str) -> list[str]:
    """The references of the ideas with this title."""
    return list(site.inside(lambda: list(db.session.scalars(sa.select(Idea.reference).filter_by(title=title)))))


def test_a_draft_in_two_tabs_is_one_idea_and_other_words_are_kept_apart(site: Site, phone: Phone) -> None:
    page, address = phone.page, phone.mast.address
    phone.has_signal(False)
    page.goto(f"{address}/capture/#/new/first/all")
    page.fill("#f-title", "Two tabs")
    page.wait_for_timeout(700)
    copy = phone.context.new_page()
    copy.goto(page.url)
    copy.wait_for_selector("#f-title")

    phone.fill()
    copied = Phone(phone.context, copy, phone.mast)
    copy.fill("#f-title", "Two tabs, other words")
    copied.fill()
    phone.has_signal(True)
    phone.says("Online · 2 arrived")

    assert (len(titled(site, "Two tabs")), len(titled(site, "Two tabs, other words"))) == (1, 1)


def test_what_the_site_refuses_comes_back_with_its_reason_and_is_mended(site: Site, phone: Phone) -> None:
    page = phone.page
    phone.has_signal(False)
    phone.capture("Refused")
    page.goto(f"{phone.mast.address}/capture/#/")
    page.evaluate(SPOIL)
    phone.has_signal(True)
    page.wait_for_selector("text=Problem: Please keep this to 1500 characters.")

    page.click("text=Mend it")
    page.fill("#f-problem", "Children do not read for meaning.")
    page.click("text=Save and next")
    phone.says("Online · 1 arrived")

    assert len(titled(site, "Refused")) == 1


def test_an_idea_that_the_site_cannot_take_now_keeps_none_behind_it_from_arriving(
    site: Site, phone: Phone, sketch: Path
) -> None:
    files = site.instance / "files"
    files.mkdir(exist_ok=True)
    aside = files.rename(site.instance / "files-away")
    files.write_bytes(b"no folder")
    phone.has_signal(False)
    phone.capture("Its photo has to wait", sketch)
    phone.capture("Right behind it")
    phone.page.goto(f"{phone.mast.address}/capture/#/")

    phone.has_signal(True)
    phone.page.wait_for_selector("[data-arrived='1']")
    while_away = titled(site, "Its photo has to wait"), len(titled(site, "Right behind it"))
    told = phone.state()
    files.unlink()
    aside.rename(files)
    phone.says("Online · 2 arrived")

    assert (while_away, told) == (([], 1), "Online · 1 saved here")
    assert len(titled(site, "Its photo has to wait")) == 1


def test_what_is_saved_while_another_idea_is_under_way_follows_it(site: Site, phone: Phone) -> None:
    phone.mast.holds = True
    phone.capture("Under way")
    phone.capture("Right behind")
    told = phone.state()
    phone.mast.holds = False
    phone.page.goto(f"{phone.mast.address}/capture/#/")
    phone.says("Online · 2 arrived")

    assert told == "Online · 2 saved here"
    assert (len(titled(site, "Under way")), len(titled(site, "Right behind"))) == (1, 1)


def test_who_goes_back_to_an_idea_that_is_ready_or_leaves_for_another_page_loses_nothing(
    site: Site, phone: Phone
) -> None:
    page, address = phone.page, phone.mast.address
    phone.has_signal(False)
    phone.capture("Ready to go")
    page.goto(f"{address}/capture/#/")

    page.click("a:text-is('Change')")
    page.wait_for_selector("h1:focus")
    page.focus(".skip")
    page.keyboard.press("Enter")
    asked = page.inner_text("h1")
    page.go_back()
    page.wait_for_selector("text=Send now")
    page.click("text=Dots and the wall")
    told = page.inner_text("[data-needs-signal]")
    page.click("text=Join another clinic")
    page.fill("#code", "BCDFGH")
    page.press("#code", "Enter")
    page.wait_for_selector("#code-error:not(:empty)")
    refused = page.inner_text("#code-error")
    phone.has_signal(True)
    phone.says("Online · 1 arrived")

    assert (asked, told, refused) == ("Title", *["No answer. This needs a signal: try again where there is one."] * 2)
    assert len(titled(site, "Ready to go")) == 1


def test_what_cannot_be_written_down_stays_on_the_screen_and_says_so(site: Site, phone: Phone) -> None:
    page = phone.page
    page.goto(f"{phone.mast.address}/capture/#/new/first/all")
    page.wait_for_selector("#f-title")
    page.evaluate(FULL, True)
    page.fill("#f-title", "No room")

    phone.fill(saves=False)
    page.wait_for_selector("[data-unkept] >> text=This phone has no room left")
    page.evaluate(FULL, False)
    page.click("text=Save and next")
    phone.says("Online · 1 arrived")

    assert len(titled(site, "No room")) == 1


def test_a_new_idea_that_is_opened_anew_before_anything_is_typed_stays_on_its_question(
    site: Site, phone: Phone
) -> None:
    phone.join()
    page = phone.page
    page.click("a:text-is('New idea')")
    page.wait_for_selector("form.asking textarea, form.asking input")
    asked = page.inner_text("form.asking h1")

    page.reload()

    page.wait_for_selector("form.asking, [data-arrived]")
    assert page.inner_text("h1") == asked


def test_a_draft_that_was_thrown_away_does_not_come_back(phone: Phone) -> None:
    page = phone.page
    page.click("text=New idea")
    page.fill("#f-title", "To be thrown away")
    page.wait_for_timeout(700)
    page.click("summary:has-text('Throw this draft away')")
    page.click("details[open] button")
    page.wait_for_selector("text=Saved on this phone 0")

    page.go_back()
    page.wait_for_timeout(700)
    gone_back = page.inner_text("main")
    page.reload()
    page.wait_for_selector("text=Saved on this phone 0")

    assert "To be thrown away" not in gone_back + page.inner_text("main")


def test_a_browser_that_cannot_keep_the_page_says_so(site: Site, context_of: NewContext) -> None:
    page = context_of().new_page()
    page.add_init_script(
        "navigator.serviceWorker.register = () => Promise.reject(new DOMException('', 'SecurityError'))"
    )

    page.goto(site.url(f"/capture/?code={CODE}"))

    page.wait_for_selector("text=This browser cannot open the page without a signal")


def test_ideas_alike_are_pointed_out_without_a_signal(site: Site, phone: Phone) -> None:
    phone.has_signal(False)
    phone.capture("Reading clubs run by matric leavers")
    page = phone.page

    page.fill("#f-title", "Clubs for reading, by leavers of matric")
    page.wait_for_selector("[data-alike] li")
    told = page.locator("[data-alike] li").all_inner_texts()
    page.fill("#f-title", "Solar lamps for the library")
    page.wait_for_selector("[data-alike] li", state="detached")

    words = "Clubs, reading, leavers, matric"
    assert told == [f"Reading clubs run by matric leavers Saved on this phone · Alike in: {words}"]


def test_by_keyboard_alone_on_a_narrow_phone_in_both_schemes(site: Site, phone: Phone) -> None:
    page, found = phone.page, []
    look = lambda: found.extend(faults(page))  # noqa: E731

    look()
    page.focus("text=New idea")
    page.keyboard.press("Enter")
    for text in ("By keyboard", "Children do not read.", "Grade 4 learners.", "Matric leavers read with them."):
        page.wait_for_selector("h1:focus")
        look()
        page.keyboard.press("Tab")
        page.keyboard.type(text)
        if text == "By keyboard":
            page.keyboard.press("Enter")
        else:
            page.focus("form.asking button[type=submit]")
            page.keyboard.press("Enter")
        page.wait_for_function("text => !document.activeElement || document.activeElement.value !== text", arg=text)
    page.wait_for_selector("#f-photo")
    look()
    page.focus("form.asking button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=under_18]")
    page.focus("[name=under_18]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Demo owner")
    look()
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=consent_contact]")
    for purpose in CONSENTS:
        page.focus(f"[name=consent_{purpose}]")
        page.keyboard.press("ArrowRight")
    look()
    page.focus("form.asking button[type=submit]")
    page.keyboard.press("Enter")
    phone.says("Online · 1 arrived")
    look()

    assert found == []
    assert len(titled(site, "By keyboard")) == 1


def faults(page: Page) -> list[str]:
    """What axe finds on a screen, light and dark, and whether it is wider than the window."""
    found = []
    for scheme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{page.inner_text('h1')} {scheme}: {violation}" for violation in violations(page, rules)]
    if is_wide(page):
        found.append(f"{page.inner_text('h1')} is wider than the window")
    return found


FULL = """full => {
    const put = IDBObjectStore.prototype.put;
    window.plainPut = window.plainPut || put;
    IDBObjectStore.prototype.put = full ? function (value) {
        const asked = window.plainPut.call(this, value);
        this.transaction.abort();
        return asked;
    } : window.plainPut;
}"""

SPOIL = """() => new Promise(done => {
    const asked = indexedDB.open("gatehouse-capture");
    asked.onsuccess = () => {
        const change = asked.result.transaction("ideas", "readwrite"), store = change.objectStore("ideas");
        store.getAll().onsuccess = event => {
            const idea = event.target.result.find(each => each.state === "waiting");
            idea.answers.problem = "x".repeat(1600);
            store.put(idea);
        };
        change.oncomplete = () => { asked.result.close(); done(); };
    };
})"""
