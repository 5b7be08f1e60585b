"""The blueprint to which the pages of gates are bound."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint

from innovation.gates.anchors import scale_of
from innovation.gates.forms import (
    CONDITION_STATES,
    LEVEL_NAMES,
    OUTCOME_TONES,
    ROLE_NAMES,
    STANCE_NAMES,
    STATE_NAMES,
    flag_words,
)
from innovation.web import day

bp = Blueprint("gates", __name__)
bp.add_app_template_global(scale_of)


def read_day(text: str) -> str:
    """A date that a decision keeps as text, as people read it."""
    return day(dt.date.fromisoformat(text))


@bp.context_processor
def words() -> dict[str, object]:
    """What the templates of this area call its codes."""
    return {
        "roles": ROLE_NAMES,
        "stances": STANCE_NAMES,
        "states": STATE_NAMES,
        "condition_states": CONDITION_STATES,
        "outcome_tones": OUTCOME_TONES,
        "read_day": read_day,
        "levels": LEVEL_NAMES,
        "flag_words": flag_words,
    }
