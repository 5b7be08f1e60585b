"""Code lists of the tracker, the home in the system and its reviews, with the words for them."""

from __future__ import annotations

from innovation.languages import lazy_gettext

MARK_STATES = {
    "proposed": (lazy_gettext("Not confirmed yet"), "recycle"),
    "confirmed": (lazy_gettext("Confirmed"), "go"),
    "returned": (lazy_gettext("Returned"), "kill"),
    "overtaken": (lazy_gettext("Replaced by a later one"), "hold"),
}
REFERENCES = {
    "policy": lazy_gettext("Policy"),
    "circular": lazy_gettext("Circular"),
    "plan": lazy_gettext("Plan"),
    "agreement": lazy_gettext("Agreement"),
}
HANDOVER_STATES = {
    "planned": (lazy_gettext("Being planned"), "info"),
    "agreed": (lazy_gettext("Agreed"), "recycle"),
    "handed_over": (lazy_gettext("Handed over"), "go"),
}
OUTCOMES = {
    "sustained": (lazy_gettext("Sustained"), "go"),
    "at_risk": (lazy_gettext("At risk"), "recycle"),
    "lapsed": (lazy_gettext("Lapsed"), "kill"),
}
OUTCOME_NOTES = {
    "sustained": lazy_gettext(
        "It runs without its first team, and is paid for. It is looked at again in the usual time."
    ),
    "at_risk": lazy_gettext("It runs, but something could end it. It is looked at again sooner."),
    "lapsed": lazy_gettext("It does not run any more, or not as what it was. Its lesson is asked for."),
}
REVIEW_STATES = {
    "planned": (lazy_gettext("Figures are asked for"), "info"),
    "handed_in": (lazy_gettext("To be decided"), "recycle"),
    "decided": (lazy_gettext("Decided"), "go"),
    "cancelled": (lazy_gettext("Not held"), "hold"),
}
