"""Code lists of playbooks and rollouts, with the words for them."""

from __future__ import annotations

from typing import Any

from innovation.languages import LANGUAGES as OF_PAGES
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext

# The languages that playbooks are written in: those of the pages first, then the others that are official.
LANGUAGES = {**OF_PAGES, "st": "Sesotho", "ss": "siSwati", "nr": "isiNdebele"}
LICENCES = {
    "CC BY 4.0": lazy_gettext("CC BY 4.0: anybody may use and change it, and says where it comes from"),
    "CC BY-SA 4.0": lazy_gettext("CC BY-SA 4.0: the same, and what is made of it stays as free"),
    "CC BY-NC 4.0": lazy_gettext("CC BY-NC 4.0: the same as the first, but nobody may sell it"),
    "CC0 1.0": lazy_gettext("CC0 1.0: anybody may do anything with it"),
    "ask": lazy_gettext("All rights reserved: ask the owner first"),
}
LICENCE = "CC BY 4.0"
STATES = {
    "asked": (lazy_gettext("Asked for"), "recycle"),
    "agreed": (lazy_gettext("Agreed"), "info"),
    "preparing": (lazy_gettext("Being prepared"), "info"),
    "running": (lazy_gettext("Running"), "go"),
    "ended": (lazy_gettext("Ended"), "hold"),
    "declined": (lazy_gettext("Declined"), "kill"),
    "stopped": (lazy_gettext("Stopped"), "kill"),
}
IN_HAND = ("agreed", "preparing", "running", "ended")
SECTIONS = {
    "title": lazy_gettext("Title"),
    "who_for": lazy_gettext("Who it is for"),
    "before": lazy_gettext("Before you start"),
    "time": lazy_gettext("Time"),
    "mistakes": lazy_gettext("Common mistakes"),
    "licence": lazy_gettext("Licence"),
    "parts": lazy_gettext("Parts"),
    "steps": lazy_gettext("Steps"),
    "materials": lazy_gettext("Materials"),
    "training": lazy_gettext("Training"),
    "costs": lazy_gettext("Costs"),
    "reaches": lazy_gettext("For how many people the costs are counted"),
}
CHANGED = {
    "added": (lazy_gettext("Added"), "go"),
    "removed": (lazy_gettext("Taken out"), "kill"),
    "changed": (lazy_gettext("Changed"), "recycle"),
    "moved": (lazy_gettext("In another order"), "info"),
}


def kinds(words: Any) -> dict[str, str]:
    """The kinds of adopters, in the words of a programme."""
    return {
        "site": _(words.site),
        "district": _(words.district),
        "ngo": _("NGO"),
        "other": _("Another organisation"),
    }
