"""A coordinator or manager who works for a fund leaves papers and reports of ideas to one who does not."""

from __future__ import annotations

import pytest
from flask import Flask

from innovation.db import db
from innovation.funders import policy
from tests import make

FOR_THE_RECEIVER = ["may_hand_in_paper", "may_record_registration", "may_write_report"]


@pytest.mark.parametrize("may", FOR_THE_RECEIVER)
def test_a_coordinator_of_a_fund_acts_for_no_receiver_of_money(app: Flask, may: str) -> None:
    idea, apart, both = make.idea(), make.staff("coordinator"), make.staff("coordinator")
    make.grant(both, "funder_member", funder_id=make.funder().id)
    db.session.commit()

    allowed = [getattr(policy, may).allows(make.actor(person), idea) for person in (apart, both, idea.owner)]

    assert allowed == [True, False, True]


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_whoever_works_for_a_fund_releases_no_report_to_funds(app: Flask, role: str) -> None:
    idea, apart, both = make.idea(), make.staff(role), make.staff(role)
    make.grant(both, "funder_member", funder_id=make.funder().id)
    db.session.commit()

    allowed = [policy.may_release_report.allows(make.actor(person), idea) for person in (apart, both)]

    assert allowed == [True, False]
