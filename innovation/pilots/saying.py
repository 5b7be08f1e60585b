"""What results come to in words: never stronger than the design and the number of sites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, ngettext
from innovation.pilots.effects import FEW, Changes, Effect, Interval
from innovation.pilots.evidence import Rung
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import BASELINE
from workflows import Definition

MORE_DIGITS = 3  # what differs by less than these show is taken to be the same
BY_LOT = ("stepped", "randomised")
AFTER_ONLY = "after_only"
METHODS = {
    "paired": lazy_gettext("Student's t for pairs, 95 %%, %(degrees)s degrees of freedom"),
    "welch": lazy_gettext("Welch's t for two groups of sites, 95 %%, %(degrees)s degrees of freedom"),
}
WHY_NOT = {
    "no_sites": lazy_gettext("No site belongs to this group."),
    "nothing_read": lazy_gettext("Nothing has been measured at these sites."),
    "no_baseline": lazy_gettext("There is no baseline, so nobody can say what changed."),
    "no_reading": lazy_gettext("There is a baseline and no reading in this term, so nobody can say what changed."),
    "different_sites": lazy_gettext(
        "The sites measured in this term are others than those with a baseline. Different sites make no change."
    ),
    "small": lazy_gettext("Fewer than ten learners were measured, so the figure is not shown."),
    "one_site": lazy_gettext("One site has no interval: it says nothing of how others would do."),
    "few_sites": lazy_gettext("Two sites are too few for an interval."),
    "all_alike": lazy_gettext(
        "Every site changed by exactly the same, so the spread is nought. No interval says how sure that is."
    ),
    "no_comparison": lazy_gettext("No sites are compared with."),
    "not_both": lazy_gettext("Not both groups were measured twice, so they cannot be compared."),
}
VERDICTS = {
    "better": lazy_gettext("The whole interval lies on the better side of no change."),
    "worse": lazy_gettext("The whole interval lies on the worse side of no change."),
    "unclear": lazy_gettext("The interval holds no change as well: these readings cannot tell."),
}
VERDICTS_SHORT = {
    "better": lazy_gettext("Changed for the better"),
    "worse": lazy_gettext("Changed for the worse"),
    "unclear": lazy_gettext("No change shown"),
    "none": lazy_gettext("Too few sites to tell"),
}
MILESTONE_STATES = {
    "planned": lazy_gettext("Planned"),
    "shown": lazy_gettext("To be accepted"),
    "accepted": lazy_gettext("Accepted"),
    "returned": lazy_gettext("Returned"),
}
RUNGS = {
    "idea": lazy_gettext("There is an idea."),
    "account": lazy_gettext("The account of why it works has been accepted."),
    "no_account": lazy_gettext("Hand in an account of why it works, and have it accepted."),
    "no_indicator": lazy_gettext("Plan an indicator, and measure it before and after."),
    "few_sites": lazy_gettext("Measure at the baseline and again at %(least)s sites or more. So far: %(n)s."),
    "changed": lazy_gettext(
        "The first indicator moved the better way at %(n)s sites; its whole interval lies on that side."
    ),
    "got_worse": lazy_gettext(
        "The first indicator moved the wrong way at %(n)s sites. Find out why before anything else."
    ),
    "change_unclear": lazy_gettext(
        "The %(n)s sites cannot tell whether the first indicator changed. Measure more sites, or for longer."
    ),
    "no_comparison": lazy_gettext("Measure at least %(least)s sites in which nothing new is done, at the same times."),
    "few_compared": lazy_gettext(
        "Measure at least %(least)s sites in each group twice. The smaller group has %(n)s so far."
    ),
    "caused": lazy_gettext(
        "The first indicator moved further than at the sites compared with, %(n)s or more in each group."
    ),
    "less_than_compared": lazy_gettext("The sites compared with did better. Find out why before anything else."),
    "difference_unclear": lazy_gettext(
        "The two groups, of %(n)s sites or more each, cannot be told apart. Measure more sites."
    ),
    "confirmed": lazy_gettext("An independent evaluation has been handed in and accepted."),
    "not_confirmed": lazy_gettext("Have somebody without a stake evaluate it, hand that in, and have it accepted."),
    "scaled": lazy_gettext("Other people run it in %(n)s places."),
    "not_scaled": lazy_gettext("Other people must run it in %(least)s places or more. So far: %(n)s."),
}
ANSWER_NAMES = {"go_on": lazy_gettext("Go on"), "change": lazy_gettext("Go on with a change")}


def term_name(key: str) -> str:
    """``2026-3`` as people say it; readings before the first term are the baseline."""
    if key == BASELINE:
        return str(_("Baseline"))
    year, _dash, number = key.partition("-")
    return str(_("Term %(number)s of %(year)s", number=number, year=year)) if number else key


def figure(value: float | None, *, signed: bool = False, beside: Iterable[float | None] = ()) -> str:
    """A value with one digit after the point, two where it is small; a change with its sign.

    Where it would read like what it is held against, ``beside`` it, and is another, as many digits more as show that.
    """
    if value is None:
        return "–"
    digits = max([_digits(value), *(_apart(value, other) for other in beside if other is not None)])
    text = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    return text.replace("-", "−")


def _digits(value: float) -> int:
    return 1 if abs(value) >= 1 or value == 0 else 2


def _apart(value: float, other: float) -> int:
    """With how many digits two values read differently; 0 where they do anyway, or not with so many either."""
    if float(f"{value:.{_digits(value)}f}") != float(f"{other:.{_digits(other)}f}"):
        return 0
    least = max(_digits(value), _digits(other))
    more = range(least + 1, least + MORE_DIGITS + 1)
    return next((digits for digits in more if f"{value:.{digits}f}" != f"{other:.{digits}f}"), 0)


def reason(found: Interval) -> str:
    """Why there is no interval; empty where there is one."""
    return str(WHY_NOT[found.why_not]) if found.why_not else ""


def method(found: Interval) -> str:
    """By what the interval was made; empty where there is none."""
    if not found.method:
        return ""
    degrees = f"{found.degrees:.1f}".removesuffix(".0")
    return str(METHODS[found.method]) % {"degrees": degrees}


def group_name(kind: str, definition: Definition) -> str:
    sites = _(definition.words.sites)
    return str(
        {
            "pilot": _("%(sites)s of the pilot", sites=sites),
            "high_dosage": _("%(sites)s of high dosage, apart", sites=sites),
            "comparison": _("%(sites)s compared with", sites=sites),
        }[kind]
    )


def left_out(found: Changes) -> str:
    """How many sites are not in the figures, and why."""
    parts = (
        (found.no_baseline, _("without a baseline")),
        (found.no_reading, _("not measured in this term")),
        (found.neither, _("measured at neither time")),
        (found.small, _("with fewer than %(n)s learners", n=FEWEST_LEARNERS)),
    )
    said = ", ".join(f"{count} {why}" for count, why in parts if count)
    return _("Left out: %(sites)s.", sites=said) if said else ""


def claims(effect: Effect) -> list[str]:
    """What may be said of one indicator, sentence by sentence."""
    found, change = effect.pilot, effect.change
    if not found.pairs:
        return [reason(change)]
    said = [_moved(effect, change), reason(change) or str(VERDICTS[effect.verdict(change)])]
    said += _compared(effect) if effect.comparison.sites else [_uncompared(effect)]
    if effect.design == AFTER_ONLY:
        said.append(_("The plan was to measure at the end only: this baseline is no part of the design."))
    if not change.why_not and found.pairs < FEW:
        said.append(
            _("Fewer than ten sites: the interval leans on changes being spread like a bell. Nobody can check that.")
        )
    return said


def _moved(effect: Effect, change: Interval) -> str:
    values: dict[str, Any] = {
        "by": _amount(change.middle, effect, beside=[effect.wanted_change]),
        "n": effect.pilot.pairs,
    }
    if change.why_not:
        return ngettext(
            "Mean change: %(by)s at %(num)d site.",
            "Mean change: %(by)s at %(num)d sites.",
            effect.pilot.pairs,
            **values,
        )
    values |= {"low": figure(change.low, signed=True), "high": figure(change.high, signed=True)}
    return _("Mean change: %(by)s at %(n)s sites, between %(low)s and %(high)s.", **values)


def _amount(value: float, effect: Effect, beside: Iterable[float | None] = ()) -> str:
    return f"{figure(value, signed=True, beside=beside)} {effect.measure.unit}".strip()


def _uncompared(effect: Effect) -> str:
    return (
        _("Nothing was compared, so this does not show what caused it.")
        if effect.change.side
        else _("Nothing was compared.")
    )


def _compared(effect: Effect) -> list[str]:
    found = effect.more_than_compared
    if found.why_not:
        return [_("Against the sites compared with:"), reason(found)]
    values: dict[str, Any] = {"by": _amount(found.middle, effect)}
    values |= {"low": figure(found.low, signed=True), "high": figure(found.high, signed=True)}
    said = [_("More than at the sites compared with: %(by)s, between %(low)s and %(high)s.", **values)]
    if not found.side:
        return [*said, _("That interval holds no difference as well: these readings cannot tell the groups apart.")]
    if effect.design in BY_LOT:
        return [*said, _("Lots were drawn, so the difference can be put down to the pilot, within that interval.")]
    return [
        *said,
        _("The groups were chosen, not drawn by lot: what else differs between them may explain a part of it."),
    ]


def target_words(effect: Effect, definition: Definition) -> str:
    """Where the sites stand against the target, and how many of them are there."""
    if effect.on_target is None:
        return ""
    values = {
        "mean": figure(effect.pilot.after, beside=[effect.measure.target]),
        "target": figure(effect.measure.target, beside=[effect.pilot.after]),
        "reached": effect.pilot.reached,
        "n": effect.pilot.pairs,
        "sites": _(definition.words.sites),
    }
    if effect.on_target:
        return _(
            "On target: the mean is %(mean)s, the target %(target)s. %(sites)s there: %(reached)s of %(n)s.", **values
        )
    return _(
        "Not on target: the mean is %(mean)s, the target %(target)s. %(sites)s there: %(reached)s of %(n)s.", **values
    )


def outcome(effect: Effect) -> str:
    """How an indicator came out against what was set for it, in a word or two; failures by that name."""
    if effect.is_stopping:
        return _("Failed: beyond the stop threshold")
    told = VERDICTS_SHORT[effect.verdict(effect.change)]
    if effect.on_target is None:
        return str(told)
    return f"{_('Target met') if effect.on_target else _('Target not met')}. {told}"


def milestone_state(state: str) -> str:
    return str(MILESTONE_STATES[state])


def rung_words(rung: Rung) -> str:
    """What was done for a level, or what would raise the evidence to it."""
    return str(RUNGS[rung.reason]) % dict(rung.figures)
