"""Trying a mandate on the ideas there are, before it is saved."""

from __future__ import annotations

import datetime as dt

from innovation.funders.models import Funder, Mandate
from innovation.funders.queries.browsing import Browsing
from innovation.funders.trial import Trial, try_on
from innovation.permission import Actor

MOST_TRIED = 2000


def try_mandate(actor: Actor, funder: Funder, mandate: Mandate, today: dt.date) -> Trial:
    """How many of the ideas that funders may see it would let through now; nothing that they may not see is counted."""
    browsing = Browsing(actor, funder, (mandate,), today)
    offers = browsing.offers(MOST_TRIED + 1)
    [(_name, wanted)] = browsing.wanted
    return try_on(wanted, offers[:MOST_TRIED], today, cut=len(offers) > MOST_TRIED)
