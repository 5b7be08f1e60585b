"""What there can be only one of is written by the first; whoever comes second is told."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from innovation.command import Stale, transaction
from innovation.db import db
from innovation.programmes.models import Theme
from tests import make


def test_a_second_one_of_the_same_key_is_refused_in_words(app: Flask) -> None:
    programme = make.programme()
    make.add(Theme(programme_id=programme.id, key="joy", name="Joy", position=1))
    db.session.commit()

    with pytest.raises(Stale), transaction():
        db.session.add(Theme(programme_id=programme.id, key="joy", name="Joy again", position=2))

    assert db.session.query(Theme).filter_by(key="joy").one().name == "Joy"


def test_any_other_broken_rule_of_the_database_is_still_an_error(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(sa.insert(Theme).values(programme_id=1, key="joy", name=None, position=1))
