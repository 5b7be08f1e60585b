"""Words of incidents: what kind, how bad, whom to tell outside, and by when one is to be settled."""

from __future__ import annotations

import datetime as dt

from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from workflows import Words

SAFEGUARDING = "safeguarding"
NEAR_MISS, MINOR, HARM = "near_miss", "minor", "harm"

KINDS = {
    "safety": lazy_gettext("Safety"),
    SAFEGUARDING: lazy_gettext("Safeguarding"),
    "privacy": lazy_gettext("Personal information"),
    "time_lost": lazy_gettext("Teaching or working time lost"),
    "property": lazy_gettext("Property"),
    "other": lazy_gettext("Something else"),
}
SEVERITIES = {
    NEAR_MISS: lazy_gettext("Near miss: nothing came of it"),
    MINOR: lazy_gettext("Minor: it was put right at once"),
    HARM: lazy_gettext("Harm: somebody came to harm"),
}
SHORT = {NEAR_MISS: lazy_gettext("Near miss"), MINOR: lazy_gettext("Minor"), HARM: lazy_gettext("Harm")}
TONES = {NEAR_MISS: "info", MINOR: "recycle", HARM: "kill"}
BODIES = ("site", "district", "police", "social_worker", "regulator")
STATES = {"open": lazy_gettext("Not settled"), "settled": lazy_gettext("Settled")}

URGENT_DAYS, DAYS = 7, 14


def body_names(words: Words) -> dict[str, str]:
    """Whom one tells outside, in the words of the programme."""
    return {
        "site": str(_(words.site)),
        "district": str(_("District office")),
        "police": str(_("Police")),
        "social_worker": str(_("Social worker")),
        "regulator": str(_("Information Regulator")),
    }


def is_grave(kind: str, severity: str) -> bool:
    """Whether it weighs at the next gate: somebody came to harm, or it is about safeguarding."""
    return severity == HARM or kind == SAFEGUARDING


def settle_by(kind: str, severity: str, today: dt.date) -> dt.date:
    """The day by which an incident that is reported today is to be settled."""
    return today + dt.timedelta(days=URGENT_DAYS if is_grave(kind, severity) else DAYS)
