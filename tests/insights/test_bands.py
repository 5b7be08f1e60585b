"""The bands of a map: from none to the most, in equal steps."""

from __future__ import annotations

from innovation.insights.reach import bands


def test_the_most_has_the_last_band_and_something_is_never_nothing() -> None:
    assert bands({"ZA-LP": 400, "ZA-EC": 200, "ZA-WC": 1, "ZA-NC": 0}) == {
        "ZA-LP": 4,
        "ZA-EC": 2,
        "ZA-WC": 1,
        "ZA-NC": 0,
    }


def test_without_anything_every_band_is_the_first() -> None:
    assert bands({"ZA-LP": 0}) == {"ZA-LP": 0}
