"""Words about people and roles, and who may administer them."""

from __future__ import annotations

from typing import Any

from innovation.permission import PUBLIC, SIGNED_IN, Actor, allow, word

GIVEN_BY_MANAGERS = ("coordinator", "facilitator")


@word("an administrator of the site")
def administrator(actor: Actor, subject: Any) -> bool:
    return actor.has("administrator")


@word("a programme manager of the programme or region")
def manager(actor: Actor, subject: Any) -> bool:
    return actor.holds("manager", subject)


@word("a programme manager, of anything")
def manages_something(actor: Actor, subject: Any) -> bool:
    return actor.has("manager")


@word("a gate coordinator, of anything")
def coordinates_something(actor: Actor, subject: Any) -> bool:
    return actor.has("coordinator")


@word("a gate coordinator of the programme or region")
def coordinator(actor: Actor, subject: Any) -> bool:
    return actor.holds("coordinator", subject)


@word("a facilitator of the programme, region or clinic")
def facilitator(actor: Actor, subject: Any) -> bool:
    return actor.holds("facilitator", subject)


@word("the person themselves")
def themselves(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and actor.person_id == getattr(subject, "person_id", None)


def _within(actor: Actor, grant: Any) -> bool:
    """A role of the whole site, or of a funder, lies within nobody's programme."""
    return grant.programme_id is not None and actor.holds("manager", grant)


@word("a programme manager of a programme in which the person has a role")
def manages_person(actor: Actor, subject: Any) -> bool:
    return any(_within(actor, grant) for grant in subject.grants if grant.ended_at is None)


@word("a programme manager of every programme in which the person has a role")
def manages_all_of_person(actor: Actor, subject: Any) -> bool:
    held = [grant for grant in subject.grants if grant.ended_at is None]
    return bool(held) and all(_within(actor, grant) and grant.role in GIVEN_BY_MANAGERS for grant in held)


@word("a programme manager, for coordinators and facilitators of the programme")
def manages_role(actor: Actor, subject: Any) -> bool:
    return subject.role in GIVEN_BY_MANAGERS and _within(actor, subject)


ADMINISTRATOR, MANAGER, COORDINATOR, FACILITATOR, THEMSELVES = (
    administrator,
    manager,
    coordinator,
    facilitator,
    themselves,
)
MANAGES_PERSON, MANAGES_ALL_OF_PERSON, MANAGES_ROLE = manages_person, manages_all_of_person, manages_role
MANAGES_SOMETHING = manages_something
STAFF = (MANAGER, COORDINATOR)

may_sign_in = allow(PUBLIC)
may_ask_reset = allow(PUBLIC)
may_use_token = allow(THEMSELVES)
may_open_account = allow(THEMSELVES)
may_start_session = allow(THEMSELVES)
may_see_own_sessions = allow(SIGNED_IN)
may_end_session = allow(THEMSELVES)
may_change_password = allow(THEMSELVES)
may_keep_second_factor = allow(THEMSELVES)
may_keep_identity = allow(THEMSELVES)
may_keep_calendar = allow(THEMSELVES)
may_reset_second_factor = allow(ADMINISTRATOR, unless=(THEMSELVES,))
may_change_own_details = allow(THEMSELVES)
may_keep_interests = allow(THEMSELVES)
may_list_people = allow(ADMINISTRATOR, MANAGES_SOMETHING)
may_invite_person = allow(ADMINISTRATOR, MANAGES_SOMETHING)
may_see_person = allow(ADMINISTRATOR, MANAGES_PERSON)
may_send_invitation = allow(ADMINISTRATOR, MANAGES_PERSON)
may_withdraw_invitation = allow(ADMINISTRATOR, MANAGES_ALL_OF_PERSON)
may_grant_role = allow(ADMINISTRATOR, MANAGES_ROLE)
may_end_role = allow(ADMINISTRATOR, MANAGES_ROLE)
may_correct_person = allow(ADMINISTRATOR)
may_close_sign_in = allow(ADMINISTRATOR)
may_record_affiliation = allow(ADMINISTRATOR, MANAGES_PERSON)
may_create_administrator = allow(ADMINISTRATOR)
