"""What rules a fit out, whatever else speaks for it: each blocker with a plain sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from innovation.funders.fitting import Blocker, Offered, Say, Wanted, Window


def find_blockers(wanted: Wanted, offered: Offered, today: dt.date) -> tuple[Blocker, ...]:
    """Everything that rules the fit out, each with its sentence."""
    found = (check(wanted, offered, today) for check in CHECKS)
    return tuple(blocker for blocker in found if blocker is not None)


def _window(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    """Told is the next window, else when the last one closed."""
    if not wanted.windows or any(_is_open(window, today) for window in wanted.windows):
        return None
    ahead = [opens for opens, _closes in wanted.windows if opens and opens > today]
    if ahead:
        return Blocker("window", Say("The funder's window opens on %(day)s.", {"day": _day(min(ahead))}))
    last = max(closes for _opens, closes in wanted.windows if closes)
    return Blocker("window", Say("The funder's window closed on %(day)s.", {"day": _day(last)}))


def _is_open(window: Window, today: dt.date) -> bool:
    opens, closes = window
    return (opens is None or opens <= today) and (closes is None or today <= closes)


def _day(value: dt.date) -> str:
    return f"{value.day} {value:%b %Y}"


def _stage(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    if wanted.appetite and offered.stage not in wanted.appetite:
        return Blocker("stage", Say("The funder does not fund ideas at this stage."))
    return None


def _outside(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    named = wanted.provinces or wanted.districts
    placed = offered.provinces or offered.districts
    if wanted.national or not named or not placed:
        return None
    if wanted.provinces & offered.provinces or wanted.districts & offered.districts:
        return None
    if not offered.districts and wanted.district_provinces & offered.provinces:
        return None
    return Blocker("place", Say("The idea lies outside the places where the funder works."))


def _ticket_blocks(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    if wanted.ticket_min is not None and wanted.ticket_min > offered.amount:
        return Blocker("ticket", Say("The ask is smaller than the least that the funder gives."))
    if wanted.ticket_max is not None and not wanted.co_fund and wanted.ticket_max * 4 < offered.amount:
        return Blocker("ticket", Say("The funder gives less than a quarter of the ask, and does not fund with others."))
    return None


def _excluded(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    if offered.topic is not None and offered.topic in wanted.exclusions:
        return Blocker("exclusion", Say("The funder does not fund this topic."))
    return None


def _status(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    lacking = sorted(wanted.requires - offered.legal_status)
    if lacking:
        names = ", ".join(key.upper() for key in lacking)
        sentence = Say("The funder requires a legal status that is missing: %(names)s.", {"names": names})
        return Blocker("status", sentence)
    return None


def _sed(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    """Only what an ask states can rule it out: a share that is not stated yet is found out in the talks."""
    least, share = wanted.sed_percent, offered.sed_percent
    if least is not None and share is not None and share < least:
        shares = {"share": str(share), "least": str(least)}
        sentence = Say("%(share)s of 100 of the benefit is for black people; the funder asks for %(least)s.", shares)
        return Blocker("sed", sentence)
    return None


def _too_early(wanted: Wanted, offered: Offered, today: dt.date) -> Blocker | None:
    steps = offered.steps_above(wanted.min_evidence)
    if steps is not None and steps < 0:
        levels = {"least": offered.level(wanted.min_evidence), "level": offered.level(offered.evidence)}
        return Blocker("evidence", Say("The evidence is at %(level)s; the funder asks for %(least)s or more.", levels))
    return None


CHECKS: tuple[Callable[[Wanted, Offered, dt.date], Blocker | None], ...] = (
    _window,
    _stage,
    _outside,
    _ticket_blocks,
    _excluded,
    _status,
    _sed,
    _too_early,
)
