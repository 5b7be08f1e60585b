"""Words about ideas, and who may do what with one."""

from __future__ import annotations

from typing import Any

from innovation.accounts.policy import ADMINISTRATOR, COORDINATOR, FACILITATOR, MANAGER, THEMSELVES
from innovation.ideas.models import Idea
from innovation.permission import PUBLIC, SIGNED_IN, Actor, allow, word


def idea_of(subject: Any) -> Idea:
    """The idea that a subject is, or belongs to."""
    return subject if isinstance(subject, Idea) else subject.idea


@word("the owner of the idea")
def owns(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and idea_of(subject).owner_id == actor.person_id


@word("a contributor to the idea")
def contributes(actor: Actor, subject: Any) -> bool:
    return any(c.person_id == actor.person_id and c.ended_at is None for c in idea_of(subject).contributors)


@word("a facilitator of the clinic where it was captured")
def captured(actor: Actor, subject: Any) -> bool:
    idea = idea_of(subject)
    return idea.clinic_id is not None and actor.holds("facilitator", idea)


@word("a facilitator of its clinic while the idea is in the first stage")
def captured_lately(actor: Actor, subject: Any) -> bool:
    idea = idea_of(subject)
    return captured.holds(actor, idea) and idea.place == idea.definition.stages[0].key


@word("a gate coordinator of its programme or region")
def coordinator_of(actor: Actor, subject: Any) -> bool:
    return COORDINATOR.holds(actor, idea_of(subject))


@word("a programme manager of its programme or region")
def manager_of(actor: Actor, subject: Any) -> bool:
    return MANAGER.holds(actor, idea_of(subject))


@word("somebody with a declared conflict of interest in the idea")
def conflicted(actor: Actor, subject: Any) -> bool:
    return any(wall.person_id == actor.person_id for wall in idea_of(subject).walls)


@word("a member who reads the idea without names until their own marks are in")
def nameless(actor: Actor, subject: Any) -> bool:
    idea = idea_of(subject)
    if not any(gate.hides_names for gate in idea.definition.gates):
        return False
    return any(way.person_id == actor.person_id and way.is_open for way in idea.nameless)


OWNS, CONTRIBUTES, CAPTURED, CONFLICTED, NAMELESS = owns, contributes, captured, conflicted, nameless
CAPTURED_LATELY, COORDINATES_IT, MANAGES_IT = captured_lately, coordinator_of, manager_of
TEAM = (OWNS, CONTRIBUTES)
STAFF = (COORDINATES_IT, MANAGES_IT)

# What is kept from panels and other readers: personal fields, contacts, drafts
may_see_personal = allow(*TEAM, *STAFF, CAPTURED, unless=(CONFLICTED, NAMELESS))
may_see_names = allow(SIGNED_IN, unless=(NAMELESS,))
may_see_inside = allow(*TEAM, *STAFF, unless=(CONFLICTED,))

# Capturing: at a clinic, or an idea of one's own; the printed secret, and making an idea one's own
may_capture_idea = allow(FACILITATOR, COORDINATOR, MANAGER)
may_capture_own_idea = allow(SIGNED_IN)
may_import_ideas = allow(FACILITATOR, COORDINATOR, MANAGER)
may_renew_secret = allow(OWNS, *STAFF, CAPTURED, unless=(CONFLICTED,))
may_look_up_status = allow(PUBLIC)
may_begin_claim = allow(PUBLIC)
may_offer_claims = allow(ADMINISTRATOR)
may_claim_idea = allow(THEMSELVES)
may_adopt_idea = allow(SIGNED_IN)

# Working an idea out
may_edit_canvas = allow(*TEAM, COORDINATES_IT, CAPTURED_LATELY, unless=(CONFLICTED,))
may_add_contributor = allow(OWNS, COORDINATES_IT, CAPTURED_LATELY, unless=(CONFLICTED,))
may_end_contributor = allow(OWNS, COORDINATES_IT, unless=(CONFLICTED,))
may_hand_over_idea = allow(OWNS, COORDINATES_IT, MANAGES_IT, unless=(CONFLICTED,))
may_add_attachment = allow(*TEAM, COORDINATES_IT, CAPTURED_LATELY, unless=(CONFLICTED,))
may_remove_attachment = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_hand_in_deliverable = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_judge_deliverable = allow(*STAFF, unless=(CONFLICTED, *TEAM))
may_accept_evidence = allow(*STAFF, unless=(CONFLICTED, *TEAM))
may_make_ask = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_give_consent = allow(OWNS)
may_withdraw_consent = allow(OWNS, COORDINATES_IT, MANAGES_IT)
may_see_consents = allow(OWNS, COORDINATES_IT, MANAGES_IT, unless=(CONFLICTED,))

may_relate_idea = allow(*TEAM, *STAFF, CAPTURED, unless=(CONFLICTED, NAMELESS))

# Moving it, where no panel decides
may_start_pilot = allow(OWNS, COORDINATES_IT, unless=(CONFLICTED,))
may_revive_idea = allow(*STAFF, unless=(CONFLICTED, *TEAM))
may_withdraw_idea = allow(OWNS)

# Lessons of ideas that ended; a lookup shows them to the programme's people only
may_read_lessons = allow(SIGNED_IN)
may_write_lesson = allow(*TEAM, *STAFF, unless=(CONFLICTED,))
may_offer_lesson = allow(OWNS, unless=(CONFLICTED,))
may_release_lesson = allow(*STAFF, unless=(CONFLICTED, *TEAM))
may_close_lesson = allow(OWNS, *STAFF, unless=(CONFLICTED,))
may_owe_lesson = allow()

# Moving ideas under way to another version of their process
may_move_ideas = allow(MANAGER)
may_move_idea = allow(MANAGES_IT, unless=(CONFLICTED,))
