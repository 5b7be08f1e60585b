"""A document of sections set as a tagged PDF: A4, black on white, and no longer than people can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app

from innovation.languages import gettext as _
from innovation.typesetting.letters import showable
from innovation.typesetting.setting import set_pages

TEMPLATE = Path(__file__).parent / "document.typ"
MOST_LETTERS = 300_000  # about a hundred pages; what goes beyond is whole in what can be downloaded
MOST_ROWS = 2_500
EMPTY = "–"  # a heading without letters is refused
LONGEST_TEXT = 20_000
LONGEST_HEAD = 80  # a heading of a table stands on every page that the table goes over


def set_as_pdf(title: str, under: list[str], footer: str, sections: list[dict[str, Any]], language: str) -> bytes:
    """The PDF. ``under`` stands below the title, ``footer`` on every page; texts may hold anything."""
    paper = {
        "title": showable(title).strip() or EMPTY,
        "under": [showable(line) for line in under],
        "footer": showable(footer),
        "site": showable(current_app.config["SETTINGS"].site_name),
        "lang": language[:2],
        "sections": list(_bounded(sections)),
    }
    return set_pages(TEMPLATE, paper)


def _bounded(sections: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The sections up to what fits, as they can be shown; where one ends early it says so."""
    room = Room()
    for section in sections:
        blocks = []
        for block in section["blocks"]:
            blocks += [room.fit(block)] if room.left > 0 else []
        if room.left <= 0 and not room.told:
            room.told = True
            blocks.append(
                {"kind": "note", "text": showable(_("The rest is too long to print. What can be downloaded is whole."))}
            )
        if blocks:
            yield {"heading": showable(section["heading"]).strip() or EMPTY, "blocks": blocks}


class Room:
    """How many letters still fit."""

    def __init__(self) -> None:
        self.left = MOST_LETTERS
        self.rows = MOST_ROWS
        self.told = False

    def fit(self, block: dict[str, Any]) -> dict[str, Any]:
        """The block as it can be shown, cut where the room ends."""
        fitted: dict[str, Any] = {"kind": block["kind"]}
        if "text" in block:
            fitted["text"] = self._text(block["text"].strip() or EMPTY)
        rows = block.get("rows")
        if rows is not None:
            fitted["rows"] = [[self._text(cell) for cell in row] for row in rows[: max(0, self.rows)] if self.left > 0]
            self.rows -= len(rows)
            if len(fitted["rows"]) < len(rows):
                self.left = 0
        if "picture" in block:
            fitted |= {"picture": block["picture"], "alt": self._text(block["alt"])}
        if "head" in block:
            fitted["head"] = [self._text(cell[:LONGEST_HEAD]) for cell in block["head"]]
            fitted["widths"] = [_width(cells) for cells in zip(fitted["head"], *fitted["rows"], strict=True)]
        return fitted

    def _text(self, text: str) -> str:
        most = max(0, min(self.left, LONGEST_TEXT))
        kept = text if len(text) <= most else text[:most] + "…"
        shown = showable(kept)
        self.left -= len(shown) + 20 + 80 * shown.count("\n")  # a line takes room, however short it is
        return shown


def _width(cells: tuple[str, ...]) -> int:
    """The part of the page that a column takes: by its longest text, so that short ones leave room to the others."""
    return max(8, min(40, max(len(cell) for cell in cells)))
