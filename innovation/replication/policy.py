"""Who may do what with an idea's playbook and with its rollouts."""

from __future__ import annotations

from typing import Any

from innovation.ideas.policy import CONFLICTED, COORDINATES_IT, OWNS, STAFF, TEAM
from innovation.permission import PUBLIC, Actor, allow, word


@word("the adopter's own contact person")
def adopts(actor: Actor, subject: Any) -> bool:
    rollout = getattr(subject, "rollout", subject)
    return actor.person_id is not None and getattr(rollout, "contact_id", None) == actor.person_id


ADOPTS = adopts

may_see_spread = allow(*TEAM, *STAFF, unless=(CONFLICTED,))
may_write_playbook = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_open_playbook = allow(OWNS, unless=(CONFLICTED,))
may_close_playbook = allow(OWNS, *STAFF, unless=(CONFLICTED,))

may_ask_rollout = allow(PUBLIC)
may_keep_rollout = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_see_rollout = allow(*TEAM, *STAFF, ADOPTS, unless=(CONFLICTED,))
may_fill_rollout = allow(*TEAM, COORDINATES_IT, ADOPTS, unless=(CONFLICTED,))
