"""Many answers come as one text, and are the same when they are spread."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.pipeline.together import Answer, ask, gathered, part, spread
from tests import make

ODD = ('Say "A", \\ and\n[more]', "Thohoyandou é \U0001f600", "{'x': null}")


def test_what_was_gathered_is_spread_as_it_was(app: Flask) -> None:
    for title in ODD:
        make.clinic(title=title, starts_on=dt.date(2026, 11, 28))
    db.session.commit()
    titles = part("clinic", Clinic.id, Clinic.title, day=Clinic.starts_on)

    found = ask([titles, gathered("all", titles), gathered("none", titles.where(sa.false()))])

    assert sorted(each.text for each in found["clinic"]) == sorted(ODD)
    assert sorted(spread(found["all"][0].text)) == sorted(found["clinic"])
    assert [spread(each.text) for each in found["none"]] == [[]]
    assert isinstance(found["all"][0], Answer)
