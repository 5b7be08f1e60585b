"""Pages that open without a signal: the worker that keeps one on the device, and how a device takes it for an app."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response

from innovation.values import dataclass
from innovation.web import STATIC, View, asset, csrf, public

SCRIPT = "capture/whole.js"  # all modules of the page in one
APPLE = "capture/apple-touch-icon.png"  # iOS takes it for the home screen, and no SVG
ICONS = (192, 512)


@dataclass(frozen=True)
class KeptPage:
    """A page that a device keeps under ``name``, in a language.

    ``kept`` is its address in that language, which the browser keeps whatever it asks for by itself later.
    """

    name: str
    page: str
    kept: str
    manifest: str
    language: str

    @property
    def shell(self) -> list[str]:
        """What the page needs to open without a signal."""
        files = ("gatehouse.css", "capture/capture.css", "favicon.svg", APPLE, SCRIPT)
        return [self.kept, self.manifest, *(asset(name) for name in files)]


def by_token(view: View) -> View:
    """Open a view to devices: what counts is their token, or the code in the address, and no cookie."""
    csrf.exempt(view)
    return public(view)


def release() -> str:
    """The release that a page belongs to: part of the addresses of all that it loads."""
    return asset("favicon.svg").split("/")[-2]


def worker(of: KeptPage) -> Response:
    """The worker with the list of what to keep: another release is another worker, and the browser takes it."""
    given = {"name": of.name, "page": of.page, "kept": of.kept, "release": release(), "shell": of.shell}
    content = f"const GIVEN = {json.dumps({**given, 'language': of.language})};\n{_worker()}"
    return Response(content, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def _worker() -> str:
    return Path(STATIC / "capture" / "worker.js").read_text(encoding="utf-8")


def manifest(page: str, *, name: str, short_name: str, lang: str) -> Response:
    """How the page is put on the home screen of a device."""
    told: dict[str, Any] = {"id": page, "name": name, "short_name": short_name, "lang": lang}
    told |= {"start_url": page, "scope": page, "display": "standalone"}
    told |= {"background_color": "#faf8f4", "theme_color": "#0b6b50", "icons": _icons()}
    return Response(json.dumps(told), mimetype="application/manifest+json")


def _icons() -> Sequence[dict[str, str]]:
    drawn = {"src": asset("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    sized = [
        {"src": asset(f"capture/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": use}
        for side in ICONS
        for use in ("any", "maskable")
    ]
    return [drawn, *sized]
