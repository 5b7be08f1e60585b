"""Makes the README's pictures of a running demonstration: python tools/screenshots.py --base http://127.0.0.1:5000"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from chromium import find_chromium

IMAGES = Path(__file__).parent.parent / "docs" / "images"
WIDEST = 1200  # pixels
LARGEST = 120_000  # bytes
COMMON = 24  # colours that are kept as they are
PALETTES = (256, 128, 64)  # colours, the first that is small enough


@dataclass(frozen=True)
class Shot:
    """One picture: who signs in, where they go, and the window they see it in.

    ``follow`` is a link to open there, ``at`` what to show on top.
    """

    name: str
    role: str
    path: str
    follow: str = ""
    at: str = ""
    width: int = 1360
    height: int = 1020


SHOTS = (
    Shot("pipeline", "coordinator", "/"),
    Shot("idea", "coordinator", "/?place=concept&sort=-days", "main table td a"),
    Shot("review", "chair", "/work", "main a[href$='/decision']", at="#scores"),
    Shot("funders", "funder", "/funders/ideas"),
    Shot("phone", "coordinator", "/?place=concept&sort=-days", "main table td a", width=390, height=844),
)


def take(browser: Browser, base: str, shot: Shot, password: str) -> bytes:
    """The picture as PNG, in the light colours that print well."""
    context = browser.new_context(viewport={"width": shot.width, "height": shot.height}, color_scheme="light")
    page = context.new_page()
    _sign_in(page, base, shot.role, password)
    page.goto(base + shot.path)
    if shot.follow:
        address = page.locator(shot.follow).first.get_attribute("href") or shot.path
        page.goto(base + re.sub(r"/decision$", "", address))
    if shot.at:
        page.locator(shot.at).evaluate("element => element.scrollIntoView()")
    picture = page.screenshot()
    context.close()
    return picture


def _sign_in(page: Page, base: str, role: str, password: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", f"{role}@gatehouse.example")
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def pack(picture: bytes) -> bytes:
    """The picture at most 1200 pixels wide, in as many colours as keep it small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.width > WIDEST:
        image = image.resize((WIDEST, round(image.height * WIDEST / image.width)), Image.Resampling.LANCZOS)
    packed = b""
    for colours in PALETTES:
        out = io.BytesIO()
        image.quantize(palette=_palette(image, colours), dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        packed = out.getvalue()
        if len(packed) < LARGEST:
            break
    return packed


def _palette(image: Image.Image, colours: int) -> Image.Image:
    """The colours that cover most of the picture as they are, and the best of the rest."""
    counted = image.getcolors(image.width * image.height) or []
    exact = [colour for _count, colour in sorted(counted, reverse=True)[:COMMON] if isinstance(colour, tuple)]
    rest = image.quantize(colours - COMMON, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in exact for part in colour] + rest[: (colours - COMMON) * 3])
    return palette


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:5000", help="where the demonstration is served")
    parser.add_argument("--password", default=os.environ.get("GATEHOUSE_DEMO_PASSWORD", "gatehouse demo"))
    asked = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium found. Install one, or name it in CHROMIUM.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for shot in SHOTS:
            packed = pack(take(browser, asked.base.rstrip("/"), shot, asked.password))
            (IMAGES / f"{shot.name}.png").write_bytes(packed)
            print(f"docs/images/{shot.name}.png  {len(packed) // 1000} KB")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
