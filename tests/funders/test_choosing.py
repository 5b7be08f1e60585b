"""Of several mandates the best, and what keeps ideas out of one that is being written."""

from __future__ import annotations

import datetime as dt

from innovation.funders.choosing import best_of, reason_of
from innovation.funders.fitting import Blocker, Fit, Offered, Say, Wanted
from innovation.funders.trial import KeptOut, try_on

TODAY = dt.date(2026, 11, 26)


def blocked(*keys: str) -> Fit:
    return Fit(blockers=tuple(Blocker(key, Say(f"{key}.")) for key in keys))


def test_the_best_open_fit_wins_and_of_equal_ones_the_surer_then_the_first() -> None:
    fits = [("A", blocked("stage")), ("B", Fit(60, 50)), ("C", Fit(60, 80)), ("D", Fit(60, 80)), ("E", Fit(10, 90))]

    assert best_of(fits) == ("C", Fit(60, 80))


def test_one_mandate_is_left_as_it_is() -> None:
    assert best_of([("", blocked("stage"))]) == ("", blocked("stage"))


def test_where_all_are_blocked_each_blocker_names_its_programme() -> None:
    name, fit = best_of([("A", blocked("stage", "place")), ("B", blocked("place"))])

    assert (name, [(each.programme, each.key) for each in fit.blockers]) == (
        "",
        [("A", "stage"), ("A", "place"), ("B", "place")],
    )
    assert reason_of(fit) == "place"


def test_where_no_reason_is_shared_none_is_singled_out() -> None:
    assert reason_of(best_of([("A", blocked("stage")), ("B", blocked("place"))])[1]) == "several"


def test_the_trial_says_how_many_fit_and_what_each_blocker_keeps_out() -> None:
    wanted = Wanted(national=False, provinces=frozenset({"ZA-LP"}), ticket_min=100, sed_percent=60)
    here, there = frozenset({"ZA-LP"}), frozenset({"ZA-WC"})
    offers = [
        Offered(provinces=here, amount=100, sed_percent=60),
        Offered(provinces=here, amount=100),
        Offered(provinces=here, amount=100, sed_percent=59),
        Offered(provinces=there, amount=99),
        Offered(provinces=there, amount=100),
    ]

    trial = try_on(wanted, offers, TODAY)

    assert (trial.fits, trial.of) == (2, 5)
    assert trial.kept_out == (KeptOut("place", 2, 1), KeptOut("sed", 1, 1), KeptOut("ticket", 1, 0))
