"""Words about funders, and who may do what with one and with the interest it shows."""

from __future__ import annotations

from typing import Any

from innovation.accounts.policy import ADMINISTRATOR
from innovation.ideas.policy import CONFLICTED, CONTRIBUTES, COORDINATES_IT, MANAGES_IT, OWNS
from innovation.permission import PUBLIC, Actor, allow, word


@word("somebody who administers the funder")
def funder_admin(actor: Actor, subject: Any) -> bool:
    return actor.holds("funder_admin", subject)


@word("somebody who works for the funder")
def funder_member(actor: Actor, subject: Any) -> bool:
    return actor.holds("funder_member", subject)


@word("somebody who works for a funder")
def any_funder(actor: Actor, subject: Any) -> bool:
    return bool(actor.funder_ids)


@word("a programme manager")
def any_manager(actor: Actor, subject: Any) -> bool:
    return actor.has("manager")


@word("a gate coordinator")
def any_coordinator(actor: Actor, subject: Any) -> bool:
    return actor.has("coordinator")


@word("a gate coordinator or programme manager of its programme or region, who works for no funder")
def runs_it_apart(actor: Actor, subject: Any) -> bool:
    return not actor.funder_ids and (COORDINATES_IT.holds(actor, subject) or MANAGES_IT.holds(actor, subject))


@word("a gate coordinator of its programme or region, who works for no funder")
def coordinates_it_apart(actor: Actor, subject: Any) -> bool:
    return not actor.funder_ids and COORDINATES_IT.holds(actor, subject)


FUNDER_ADMIN, FUNDER_MEMBER, ANY_FUNDER = funder_admin, funder_member, any_funder
ANY_MANAGER, ANY_COORDINATOR = any_manager, any_coordinator
RUNS_IT_APART, COORDINATES_IT_APART = runs_it_apart, coordinates_it_apart
FUNDERS_PEOPLE = (FUNDER_ADMIN, FUNDER_MEMBER)
KEEPERS = (FUNDER_ADMIN, ADMINISTRATOR, ANY_MANAGER)

# The directory and the profile
may_list_funders = allow(ADMINISTRATOR, ANY_MANAGER, ANY_COORDINATOR)
may_see_funder = allow(*FUNDERS_PEOPLE, ADMINISTRATOR, ANY_MANAGER, ANY_COORDINATOR)
may_make_funder = allow(ADMINISTRATOR, ANY_MANAGER)
may_change_funder = allow(*KEEPERS)
may_verify_funder = allow(ADMINISTRATOR, ANY_MANAGER, unless=(ANY_FUNDER,))
may_make_grant = allow(*KEEPERS)
may_change_grant = allow(*KEEPERS)
may_change_mandate = allow(*KEEPERS)
may_confirm_mandate = allow(FUNDER_ADMIN)
may_see_funder_people = allow(*FUNDERS_PEOPLE, ADMINISTRATOR, ANY_MANAGER)
may_invite_to_funder = allow(*KEEPERS)
may_end_funder_role = allow(*KEEPERS)
may_import_funders = allow(ADMINISTRATOR)
may_import_awards = allow(ADMINISTRATOR, ANY_MANAGER)

# Ideas and interest
may_browse_ideas = allow(ANY_FUNDER)
may_plan_budget = allow(ANY_FUNDER)
may_plan_together = allow(ANY_MANAGER, unless=(ANY_FUNDER,))
may_show_interest = allow(*FUNDERS_PEOPLE)  # found in their own sight first: nothing behind a wall
may_withdraw_interest = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED,))
may_see_interests = allow(OWNS, CONTRIBUTES, RUNS_IT_APART, unless=(CONFLICTED,))
may_read_interests = allow(OWNS, unless=(CONFLICTED,))
may_accept_interest = allow(OWNS, unless=(CONFLICTED,))
may_decline_interest = allow(OWNS, unless=(CONFLICTED,))
may_expire_interest = allow()
may_end_introduction = allow(*FUNDERS_PEOPLE, OWNS, unless=(CONFLICTED,))
may_invite_interest = allow(OWNS, unless=(CONFLICTED,))
may_list_interests = allow(ANY_FUNDER, ANY_MANAGER, ANY_COORDINATOR)

# From interest to money. The team and staff read; the owner discloses and answers; the funder's people act for it.
may_see_funding = may_see_interests
may_disclose_field = allow(OWNS, unless=(CONFLICTED,))
may_see_disclosures = allow(OWNS, unless=(CONFLICTED,))
may_hand_in_paper = allow(OWNS, CONTRIBUTES, COORDINATES_IT_APART, unless=(CONFLICTED,))
may_record_registration = allow(OWNS, CONTRIBUTES, COORDINATES_IT_APART, unless=(CONFLICTED,))
may_begin_talks = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED,))
may_read_disclosed = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED,))
may_settle_check = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED, OWNS, CONTRIBUTES))
may_move_talks = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED,))
may_decline_talks = allow(*FUNDERS_PEOPLE, OWNS, unless=(CONFLICTED,))
may_offer_commitment = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED, OWNS, CONTRIBUTES))
may_accept_commitment = allow(OWNS, unless=(CONFLICTED, *FUNDERS_PEOPLE))
may_decline_commitment = allow(OWNS, unless=(CONFLICTED,))
may_change_commitment = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED, OWNS, CONTRIBUTES))
may_release_tranche = allow(*FUNDERS_PEOPLE, unless=(CONFLICTED, OWNS, CONTRIBUTES))

# One report for all funders: the team writes it, and the programme releases it. Commitments as a list of their own.
may_write_report = allow(OWNS, CONTRIBUTES, COORDINATES_IT_APART, unless=(CONFLICTED,))
may_release_report = allow(RUNS_IT_APART, unless=(CONFLICTED, OWNS, CONTRIBUTES))
may_list_commitments = allow(ANY_FUNDER, ANY_MANAGER)

# A funder's own workspace. Nobody else reads or writes in it; managers see counts of reasons, without funders.
may_keep_shortlist = allow(*FUNDERS_PEOPLE)
may_write_funder_note = allow(*FUNDERS_PEOPLE)
may_pass_idea = allow(*FUNDERS_PEOPLE)
may_save_search = allow(*FUNDERS_PEOPLE)
may_choose_alert = allow(*FUNDERS_PEOPLE)
may_end_alert = allow(PUBLIC)
may_see_pass_reasons = allow(ANY_MANAGER, unless=(ANY_FUNDER,))
