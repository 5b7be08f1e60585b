"""Code lists of lessons: why an idea ended, how, and the words for both."""

from __future__ import annotations

from innovation.languages import lazy_gettext

CAUSES = {
    "did_not_work": lazy_gettext("It did not work"),
    "not_feasible": lazy_gettext("It could not be done with what there was"),
    "not_needed": lazy_gettext("There was no real need"),
    "too_dear": lazy_gettext("It cost too much"),
    "no_owner": lazy_gettext("Nobody could take it on"),
    "no_permission": lazy_gettext("Permission was refused"),
    "no_funding": lazy_gettext("No funding was found"),
    "harm": lazy_gettext("It did harm, or might have"),
    "overtaken": lazy_gettext("Something else does it already"),
    "not_adopted": lazy_gettext("It was not taken up"),
    "not_fitting": lazy_gettext("It did not fit the programme"),
    "other": lazy_gettext("Something else"),
}
ENDED = {
    "stopped": lazy_gettext("Stopped"),
    "withdrawn": lazy_gettext("Withdrawn by its owner"),
    "lapsed": lazy_gettext("Lapsed after it was handed over"),
}
# What the reasons of published processes say of the cause; a reason of a programme's own is told as something else.
OF_REASONS = {
    "not-a-real-need": "not_needed",
    "no-need": "not_needed",
    "duplicate": "overtaken",
    "not-aligned": "not_fitting",
    "unsafe": "harm",
    "harm-found": "harm",
    "unlawful": "no_permission",
    "not-feasible": "not_feasible",
    "too-costly-per-learner": "too_dear",
    "too-costly": "too_dear",
    "no-owner": "no_owner",
    "team-left": "no_owner",
    "no-evidence-of-effect": "did_not_work",
    "no-government-uptake": "not_adopted",
    "no-funding": "no_funding",
}
