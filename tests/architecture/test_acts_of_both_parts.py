"""What somebody may do by a role with what is their own: nothing that the narrower part leaves to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.ideas.policy import idea_of
from innovation.permission import Actor
from tests import make
from tests.architecture.rights import HATS, _able_at, _idea_things, _things
from tests.architecture.stage import Stage

WIDE = ("coordinator", "manager", "administrator", "facilitator", "chair", "seat_accepted", "funder_admin")
APART = ("nothing", "panel", "clinic", "funder", "programme", "meeting", "person", "account")
STEP_BACK = "declare_interest"
AS_A_FUND = {"begin_talks", "move_talks", "read_disclosed", "withdraw_interest"}
"""For the fund, until it comes to what it finds out and to money: those are left to colleagues."""
ALLOWED = {
    "as owner": {"move_idea", *AS_A_FUND},  # to another version: planned and tried out before, for many ideas at once
    "as contributor": {
        # What the owner does, or the coordinator for them; none of it decides on the idea.
        *("add_contributor", "end_contributor", "hand_over_idea", "see_consents", "withdraw_consent", "renew_secret"),
        *("start_pilot", "remove_visit_photo", "shut_out_visit_phone", "close_lesson", "close_playbook", "move_idea"),
        *(*AS_A_FUND, "decline_talks", "end_introduction"),
    },
    "in conflict": {"withdraw_consent"},  # whoever is asked to is let do it; the idea itself is not found
}


def test_a_role_opens_no_deed_on_what_is_ones_own(stage: Stage) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    with stage.app.app_context(), db.session.no_autoflush:
        alone = make.actor(stage.world.person("nobody"))
        for persona in WIDE:
            actor = make.actor(stage.world.person(persona))
            of_no_idea = _of_no_idea(stage, actor) | {STEP_BACK}
            for hat in ALLOWED:
                found[hat] |= _opened(stage, actor, alone, HATS[hat]) - of_no_idea
        db.session.remove()

    assert found == ALLOWED


def _of_no_idea(stage: Stage, actor: Actor) -> set[str]:
    """What they may do with a panel, a funder, a meeting as a whole: its commands look at each idea there."""
    apart = [(kind, each) for kind, _name, each in _things(stage) if kind in APART]
    return {name for kind, thing in apart for name in _able_at(kind, {"they": actor}, thing)}


def _opened(stage: Stage, actor: Actor, alone: Actor, put_on: Callable[[Idea, int], None]) -> set[str]:
    """What somebody may do with an idea of theirs, and whoever has the same part and no role may not."""
    opened: set[str] = set()
    for kind, name, thing in list(_idea_things(stage)):
        able = []
        for who in (actor, alone) if name != "foreign" else ():
            put_on(idea_of(thing), who.person_id or 0)
            able.append(_able_at(kind, {"they": who}, thing).keys())
            db.session.rollback()
        opened |= able[0] - able[1] if able else set()
    return opened
