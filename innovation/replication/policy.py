"""Who may do what with an idea's playbook, its rollouts, and its way into the system."""

from __future__ import annotations

from typing import Any

from innovation.accounts.policy import coordinates_something, manages_something
from innovation.ideas.policy import CONFLICTED, COORDINATES_IT, OWNS, STAFF, TEAM
from innovation.permission import PUBLIC, Actor, allow, word


@word("the adopter's own contact person")
def adopts(actor: Actor, subject: Any) -> bool:
    rollout = getattr(subject, "rollout", subject)
    return actor.person_id is not None and getattr(rollout, "contact_id", None) == actor.person_id


@word("whoever looks after the adopter as its mentor")
def mentors(actor: Actor, subject: Any) -> bool:
    rollout = getattr(subject, "rollout", subject)
    return actor.person_id is not None and getattr(rollout, "mentor_id", None) == actor.person_id


ADOPTS, MENTORS = adopts, mentors

may_see_spread = allow(*TEAM, *STAFF, unless=(CONFLICTED,))
may_write_playbook = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_open_playbook = allow(OWNS, unless=(CONFLICTED,))
may_close_playbook = allow(OWNS, *STAFF, unless=(CONFLICTED,))

may_ask_rollout = allow(PUBLIC)
may_keep_rollout = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_see_rollout = allow(*TEAM, *STAFF, ADOPTS, MENTORS, unless=(CONFLICTED,))
may_fill_rollout = allow(*TEAM, COORDINATES_IT, ADOPTS, MENTORS, unless=(CONFLICTED,))
may_see_few = allow(*TEAM, *STAFF, ADOPTS, unless=(CONFLICTED,))  # numbers that could point at somebody


# Part of the system: the tracker, the home and the hand-over, and reviews afterwards


@word("whoever proposed the mark")
def proposed(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and getattr(subject, "proposed_by_id", None) == actor.person_id


@word("whoever speaks for the post that runs it now")
def speaks_for_post(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and getattr(subject, "contact_id", None) == actor.person_id


PROPOSED, SPEAKS_FOR_POST = proposed, speaks_for_post

may_propose_mark = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_judge_mark = allow(*STAFF, unless=(CONFLICTED, *TEAM, PROPOSED))

may_see_home = allow(*TEAM, *STAFF, SPEAKS_FOR_POST, unless=(CONFLICTED,))
may_keep_home = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_finish_step = allow(*TEAM, COORDINATES_IT, SPEAKS_FOR_POST, unless=(CONFLICTED,))
may_record_handover = allow(*STAFF, unless=(CONFLICTED, *TEAM))

may_list_handed_over = allow(manages_something, coordinates_something)
may_plan_post_review = allow()
may_see_post_review = allow(*TEAM, *STAFF, SPEAKS_FOR_POST, unless=(CONFLICTED,))
may_fill_post_review = allow(*TEAM, COORDINATES_IT, SPEAKS_FOR_POST, unless=(CONFLICTED,))
may_decide_post_review = allow(*STAFF, unless=(CONFLICTED, *TEAM, SPEAKS_FOR_POST))
