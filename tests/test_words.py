"""What counts as translated: every place for a value, and every plural of the language."""

from __future__ import annotations

import pytest

from tools.words import is_whole

DOTS = ("%(num)d dot", "%(num)d dots")


@pytest.mark.parametrize(
    ("said", "told", "whole"),
    [
        ("Part %(number)s of %(of)s", "Deel %(number)s van %(of)s", True),
        ("Part %(number)s of %(of)s", "Deel %(number)s", False),
        ("{left} of {dots} dots left", "{left} kolletjies oor", False),
        ("Back", "", False),
        (DOTS, ("%(num)d kolletjie", "%(num)d kolletjies"), True),
        (DOTS, ("%(num)d kolletjie", "kolletjies"), False),
        (DOTS, ("%(num)d kolletjie",), False),
        (DOTS, ("%(num)d kolletjie", ""), False),
    ],
)
def test_a_text_is_whole_with_all_its_places_and_plurals(
    said: str | tuple[str, str], told: str | tuple[str, ...], whole: bool
) -> None:
    assert is_whole(said, told, plurals=2) is whole
