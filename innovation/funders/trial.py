"""How many ideas a mandate would let through, and what keeps the others out. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from innovation.funders.blocking import find_blockers
from innovation.funders.fitting import Offered, Wanted
from innovation.values import dataclass


@dataclass(frozen=True)
class KeptOut:
    """How many ideas a blocker keeps out, and how many of them nothing else does."""

    key: str
    many: int
    alone: int


@dataclass(frozen=True)
class Trial:
    """Of so many ideas so many fit; the blockers, that which keeps out most first. An idea may meet several."""

    fits: int
    of: int
    kept_out: tuple[KeptOut, ...]
    cut: bool = False


def try_on(wanted: Wanted, offers: Iterable[Offered], today: dt.date, *, cut: bool = False) -> Trial:
    many: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    fits = total = 0
    for offered in offers:
        keys = {blocker.key for blocker in find_blockers(wanted, offered, today)}
        total, fits = total + 1, fits + (not keys)
        many.update(keys)
        alone.update(keys if len(keys) == 1 else ())
    order = sorted(many, key=lambda key: (-many[key], key))
    return Trial(fits, total, tuple(KeptOut(key, many[key], alone[key]) for key in order), cut)
