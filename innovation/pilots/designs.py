"""How a pilot finds out whether it works: the designs, in the order of what they can show."""

from __future__ import annotations

from innovation.languages import lazy_gettext

DESIGNS = {
    "after_only": lazy_gettext("Measured at the end only"),
    "before_after": lazy_gettext("Measured before and after"),
    "comparison": lazy_gettext("Before and after, beside places where nothing new is done"),
    "stepped": lazy_gettext("Places begin one after another, in an order drawn by lot"),
    "randomised": lazy_gettext("Places take part or wait as a lot was drawn"),
}
WITH_COMPARISON = ("comparison", "randomised")
"""Those that need places where nothing new is done."""
