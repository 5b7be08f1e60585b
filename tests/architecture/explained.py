"""Plans of the database: what SQLite says that it will do, without statistics, which is how every database begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.queries import Filters
from innovation.ideas.queries.lists import walks
from innovation.permission import Actor
from tests import make

GROWING = (
    "idea|revision|contributor|idea_access|idea_wall|handin|ask|review|seat|scorecard|score|decision|condition"
    "|event|delivery|notice|message|person|account|role_grant|meeting"
)
# Each holds only the few rows that wait for somebody.
OF_FEW = (
    *("ix_idea_at_gate", "ix_idea_held", "ix_handin_waiting", "ix_review_open"),
    *("ix_seat_gone", "ix_account_disabled", "ix_person_demo", "ix_message_unsent", "ix_message_owed"),
)
# These give their rows in order from one end, and are left at the end of a page.
WALKED = ("ix_person_name", "uq_idea_reference", "sqlite_autoindex_idea")
WHOLE = re.compile(rf"^SCAN (?:{GROWING})\b(?!.*(?:{'|'.join((*OF_FEW, *WALKED))}))")
# By nothing but where an idea belongs and whether it is under way.
OF_A_PROGRAMME = re.compile(
    r"SEARCH idea USING (?:COVERING )?INDEX \w+ \((?:(?:programme|region)_id|standing)=\?[^<>]*\)$"
)

SORTED = "USE TEMP B-TREE FOR ORDER BY"


@contextmanager
def explained() -> Iterator[list[list[str]]]:
    """The plan of each thing that the database is asked meanwhile, line by line."""
    asked: list[tuple[str, Any]] = []
    plans: list[list[str]] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_more: Any) -> None:
        if text.startswith(("SELECT", "WITH")):
            asked.append((text, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    for text, parameters in asked:
        plans.append([row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)])


def plan_of(query: sa.Select[Any]) -> list[str]:
    with explained() as plans:
        db.session.execute(query).all()
    return plans[0]


def plan_of_list(actor: Actor, filters: Filters, sort: str) -> list[str]:
    """How the first ideas of each part of a list are found."""
    return [line for walk in walks(actor, filters, sort) for line in plan_of(walk.limit(21))]


def plan_with(index: str, plans: list[list[str]]) -> list[str]:
    """The plan of the statement that uses an index."""
    return next(plan for plan in plans if any(f" {index}" in line for line in plan))


def faults(plan: list[str]) -> list[str]:
    """Where all rows are sorted, or a whole table is read."""
    return [line for line in plan if line == SORTED or WHOLE.match(line)]


def finding_ideas(plan: list[str]) -> str:
    return next(line for line in plan if re.match(r"(SEARCH|SCAN) idea\b", line))


def staff_of_a_region(role: str) -> Person:
    return make.staff(role, region_id=make.region().id)
