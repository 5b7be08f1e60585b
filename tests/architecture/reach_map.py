"""The part of the map about reach."""

from __future__ import annotations

from tests.architecture.sights import Page, ideas

REACH = {
    "insights.programme_reach": Page(sees="see_reach"),
    "insights.idea_reach": Page(ideas("funded", "captured", "foreign", "behind a wall"), sees="see_pilot"),
}
