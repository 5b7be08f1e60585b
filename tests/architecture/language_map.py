"""The part of the map about what a programme says in other languages."""

from __future__ import annotations

from tests.architecture.sights import Page, programmes

LANGUAGES = {
    "programmes.texts": Page(programmes()),
    "programmes.texts_in": Page(programmes(language="zu"), writes="write_texts"),
    "programmes.look_at_texts": Page(programmes(language="zu"), writes="write_texts"),
    "programmes.texts_file": Page(programmes(language="zu")),
}
