"""What somebody may do by a role with what is their own: nothing that the narrower part leaves to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.ideas.policy import idea_of
from innovation.permission import Actor
from tests import make
from tests.architecture.rights import HATS, _able_at, _idea_things
from tests.architecture.stage import Stage

WIDE = ("coordinator", "manager", "administrator", "facilitator", "chair", "seat_accepted", "funder_admin")
OF_NO_IDEA = {
    # What they look at are lists, panels, meetings and funders: their commands and queries ask about each idea there.
    *("ask_assignment", "edit_panel", "make_panel", "list_panels", "list_conditions", "list_announcements"),
    *("see_gate_desk", "take_meeting_chain", "list_handed_over", "list_funders", "list_interests", "list_commitments"),
    *("see_log", "see_pass_reasons", "see_funder", "see_funder_people", "capture_idea", "import_ideas", "move_ideas"),
    *("make_funder", "change_funder", "verify_funder", "import_funders", "import_awards", "offer_claims"),
    *("make_grant", "change_grant", "change_mandate", "confirm_mandate", "invite_to_funder", "end_funder_role"),
    *("browse_ideas", "keep_shortlist", "write_funder_note", "pass_idea", "show_interest", "save_search"),
    *("choose_alert", "plan_budget", "plan_together"),
    "declare_interest",  # whoever sits may step back
}
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
            for hat in ALLOWED:
                found[hat] |= _opened(stage, actor, alone, HATS[hat]) - OF_NO_IDEA
        db.session.remove()

    assert found == ALLOWED


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
