"""What is done with funders: their profiles, grant programmes, mandates and people, and the interest they show."""

from innovation.funders.commands.introducing import (
    accept_interest,
    decline_interest,
    end_introduction,
    expire_interest,
    invite_interest,
    show_interest,
    withdraw_interest,
)
from innovation.funders.commands.mandates import change_grant, change_mandate, confirm_mandate, make_grant
from innovation.funders.commands.profiles import (
    change_funder,
    end_funder_role,
    free_key,
    invite_to_funder,
    make_funder,
    verify_funder,
)

__all__ = [
    "accept_interest",
    "change_funder",
    "change_grant",
    "change_mandate",
    "confirm_mandate",
    "decline_interest",
    "end_funder_role",
    "end_introduction",
    "expire_interest",
    "free_key",
    "invite_interest",
    "invite_to_funder",
    "make_funder",
    "make_grant",
    "show_interest",
    "verify_funder",
    "withdraw_interest",
]
