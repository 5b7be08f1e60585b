"""How well an idea's ask and a funder's mandate fit: blockers first, then weighted parts that add up to the score.

Pure: facts go in, a ``Fit`` comes out. Sentences are templates with values, so that pages can translate them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from innovation.funders.blocking import find_blockers
from innovation.funders.fitting import FULL, HALF, NONE, Fit, Offered, Part, Say, Wanted, rand, whole
from innovation.funders.past_awards import Learned, past_parts, weight_of

WEIGHTS = {
    "theme": 25,
    "appetite": 15,
    "geography": 15,
    "ticket": 15,
    "phase": 10,
    "evidence": 8,
    "equity": 7,
    "instrument": 5,
}
LABELS = {
    "theme": "Theme",
    "appetite": "Stage",
    "geography": "Place",
    "ticket": "Size of ask",
    "phase": "Phase",
    "evidence": "Evidence",
    "equity": "Equity",
    "instrument": "Form and time",
}
Judge = Callable[[Wanted, Offered], Part]
FAMILIES = (
    frozenset({"grant", "match_grant", "reimbursable", "outcome", "prize", "co_fund"}),
    frozenset({"reimbursable", "loan", "guarantee", "equity"}),
    frozenset({"in_kind", "pro_bono", "access"}),
)
BENCHMARK = 60  # percent of sites that the programme counts for equity; in South Africa, its poorer three fifths


def fit(wanted: Wanted, offered: Offered, today: dt.date, learned: Learned | None = None) -> Fit:
    """How well the two fit on a day: blockers, or else the weighted parts.

    What the funder's past awards say counts beside its mandate, the more the more awards there are.
    """
    blockers = find_blockers(wanted, offered, today)
    if blockers:
        return Fit(blockers=blockers)
    past = past_parts(learned, offered)
    rest = 100 - weight_of(learned)
    judged = _of(rest, tuple(judge(wanted, offered) for judge in _judges(offered))) + past
    score = whole(sum((part.earned for part in judged), NONE))
    return Fit(score, sum(part.weight for part in judged if part.known), judged)


def _judges(offered: Offered) -> tuple[Judge, ...]:
    """What the idea's programme does not ask for is not weighed."""
    unasked = {
        judge for judge, asked in ((_phase, offered.asks_phases), (_equity, bool(offered.share_of))) if not asked
    }
    return tuple(judge for judge in JUDGES if judge not in unasked)


def _of(whole: int, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with weights that add up to the whole; what rounding leaves goes to the largest remainders."""
    total = sum(part.weight for part in parts)
    if total == whole:
        return parts
    weights = [part.weight * whole // total for part in parts]
    most_left = sorted(range(len(parts)), key=lambda at: -(parts[at].weight * whole % total))
    for at in most_left[: whole - sum(weights)]:
        weights[at] += 1
    return tuple(replace(part, weight=weight) for part, weight in zip(parts, weights, strict=True))


@lru_cache(maxsize=2048)  # the same few sentences serve thousands of ideas
def _part(key: str, value: Fraction, sentence: str, closes: str = "", **values: str) -> Part:
    closing = Say(closes, values if "%(" in closes else {})
    return Part(key, LABELS[key], WEIGHTS[key], value, True, Say(sentence, values if "%(" in sentence else {}), closing)


@lru_cache(maxsize=64)
def _unknown(key: str, sentence: str, closes: str, **values: str) -> Part:
    return Part(key, LABELS[key], WEIGHTS[key], HALF, False, Say(sentence, values), Say(closes, values))


def _theme(wanted: Wanted, offered: Offered) -> Part:
    """The main theme shared counts whole, a second theme half; without a main theme, the overlap (Jaccard)."""
    themes = offered.secondary_themes | ({offered.theme} if offered.theme else set())
    if not wanted.themes:
        return _unknown("theme", "The mandate names no themes.", "Name the themes in the mandate.")
    if not themes:
        return _unknown("theme", "The idea has no theme yet.", "Choose the idea's theme.")
    if offered.theme in wanted.themes:
        return _part("theme", FULL, "The idea's main theme is in the mandate.")
    closes = "The main theme would have to be one that the mandate names."
    if not offered.theme:
        shared = Fraction(len(themes & wanted.themes), len(themes | wanted.themes))
        return _part("theme", shared, "The themes overlap in part.", closes)
    if themes & wanted.themes:
        return _part("theme", HALF, "Another of the idea's themes is in the mandate.", closes)
    return _part("theme", NONE, "None of the idea's themes is in the mandate.", closes)


def _appetite(wanted: Wanted, offered: Offered) -> Part:
    level = wanted.appetite.get(offered.stage)
    if level is None:
        return _unknown("appetite", "The mandate names no stages.", "Name the stages in the mandate.")
    if level == "preferred":
        return _part("appetite", FULL, "The funder prefers ideas at this stage.")
    return _part(
        "appetite", HALF, "The funder accepts ideas at this stage.", "The funder prefers ideas at another stage."
    )


def _geography(wanted: Wanted, offered: Offered) -> Part:
    if not (wanted.national or wanted.provinces or wanted.districts):
        return _unknown("geography", "The mandate names no places.", "Name the places in the mandate.")
    if not offered.provinces and not offered.districts:
        return _unknown("geography", "The idea names no place yet.", "Name the places in the ask.")
    if wanted.districts & offered.districts:
        return _part("geography", FULL, "%(what)s: one that the mandate names.", what=offered.district_word)
    if wanted.provinces & offered.provinces:
        return _part(
            "geography",
            HALF,
            "The idea is in a province that the mandate names.",
            "%(what)s: one that the mandate names would count more.",
            what=offered.district_word,
        )
    if wanted.national:
        return _part(
            "geography",
            NONE,
            "The funder works in the whole country, with no place of its own here.",
            "A place named in the mandate would count more.",
        )
    return _unknown(
        "geography",
        "It is not certain that the mandate reaches this place.",
        "%(what)s: name them on both sides.",
        what=offered.districts_word,
    )


def _ticket(wanted: Wanted, offered: Offered) -> Part:
    low, high, amount = wanted.ticket_min, wanted.ticket_max, offered.amount
    if low is None and high is None:
        return _unknown("ticket", "The mandate names no amounts.", "Name the least and the most in the mandate.")
    if high is None or amount <= high:
        return _part("ticket", FULL, "The ask lies within what the funder gives.")
    closes = "An ask of at most %(most)s would fit, or a second funder."
    if wanted.co_fund:
        return _part("ticket", HALF, "The funder could carry a part, together with others.", closes, most=rand(high))
    if amount * 4 <= high * 5:
        return _part("ticket", HALF, "The ask is a little more than the funder gives.", closes, most=rand(high))
    return _part("ticket", NONE, "The ask is much more than the funder gives.", closes, most=rand(high))


def _phase(wanted: Wanted, offered: Offered) -> Part:
    if not wanted.phases:
        return _unknown("phase", "The mandate names no phases.", "Name the phases in the mandate.")
    if not offered.phases:
        return _unknown("phase", "The idea names no phases yet.", "Name the phases in the ask.")
    share = Fraction(len(offered.phases & wanted.phases), len(offered.phases))
    closes = "A first part for the phases that the mandate names would fit better."
    if share == FULL:
        return _part("phase", FULL, "Every phase of the idea is in the mandate.")
    if share:
        return _part("phase", share, "Some of the idea's phases are in the mandate.", closes)
    return _part("phase", NONE, "None of the idea's phases is in the mandate.", closes)


def _evidence(wanted: Wanted, offered: Offered) -> Part:
    steps = offered.steps_above(wanted.min_evidence)
    if steps is None:
        return _unknown("evidence", "The mandate names no level of evidence.", "Name the least level in the mandate.")
    values = {"level": offered.level(offered.evidence)}
    if steps >= 1:
        return _part("evidence", FULL, "The evidence, %(level)s, is stronger than the funder asks.", **values)
    return _part(
        "evidence",
        HALF,
        "The evidence, %(level)s, is just what the funder asks.",
        "Evidence one level stronger than %(level)s would count more.",
        **values,
    )


def _equity(wanted: Wanted, offered: Offered) -> Part:
    share = offered.share_q1_3
    if share is None:
        return _unknown(
            "equity",
            "The ask lacks a figure. %(what)s: how many of 100?",
            "Give this figure in the ask. %(what)s: how many of 100?",
            what=offered.share_of,
        )
    values = {"share": str(share), "what": offered.share_of}
    sentence = "%(what)s: %(share)s of 100."
    value = FULL if share >= BENCHMARK else HALF if share >= BENCHMARK // 2 else NONE
    return _part("equity", value, sentence, "More of them would count more. %(what)s: %(share)s of 100.", **values)


def _instrument(wanted: Wanted, offered: Offered) -> Part:
    if not wanted.instruments or not offered.instruments:
        return _unknown("instrument", "The form of the money is not named on both sides.", "Name the forms of support.")
    value = _instrument_value(wanted, offered)
    if value and wanted.max_months and offered.months and offered.months > wanted.max_months:
        return _part(
            "instrument",
            HALF,
            "The form of support fits, the time is longer than the funder's.",
            "An ask for at most %(months)s months would fit.",
            months=str(wanted.max_months),
        )
    if value == FULL:
        return _part("instrument", FULL, "The form of support and the time fit.")
    closes = "Another form of support would fit better."
    if value:
        return _part("instrument", HALF, "The form of support could be changed into one that fits.", closes)
    return _part("instrument", NONE, "The funder gives in other forms.", closes)


def _instrument_value(wanted: Wanted, offered: Offered) -> Fraction:
    if wanted.instruments & offered.instruments:
        return FULL
    alike = any(family & wanted.instruments and family & offered.instruments for family in FAMILIES)
    return HALF if alike else NONE


JUDGES: tuple[Judge, ...] = (
    _theme,
    _appetite,
    _geography,
    _ticket,
    _phase,
    _evidence,
    _equity,
    _instrument,
)
