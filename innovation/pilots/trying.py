"""Words for what is tried otherwise: in the pilot of an idea, and by those who take it up."""

from __future__ import annotations

from typing import Any

from innovation.languages import lazy_gettext

ACTS = {
    "keep": (lazy_gettext("Kept"), "go"),
    "again": (lazy_gettext("Changed again"), "recycle"),
    "drop": (lazy_gettext("Dropped"), "kill"),
}
ACT_NAMES = {
    "keep": lazy_gettext("Keep it"),
    "again": lazy_gettext("Change it again"),
    "drop": lazy_gettext("Drop it"),
}
STATES = {
    "planned": (lazy_gettext("Planned"), "info"),
    "tried": (lazy_gettext("Being tried"), "recycle"),
    "studied": (lazy_gettext("Studied"), "recycle"),
    "settled": (lazy_gettext("Settled"), "go"),
}
TOUCHED = {
    "content": lazy_gettext("What is done: content and materials"),
    "amount": lazy_gettext("How often, how long and when"),
    "people": lazy_gettext("Who does it"),
    "training": lazy_gettext("Training and support"),
    "setting": lazy_gettext("Where it is done, and in what groups"),
    "reached": lazy_gettext("For whom it is"),
    "measures": lazy_gettext("How it is measured"),
}
"""The parts of a plan that an adaptation can touch."""


def standing(act: str, state: str) -> tuple[Any, str]:
    """How an adaptation stands, in words and with its tone: what became of it, or how far it has come."""
    return ACTS[act] if act else STATES[state]
