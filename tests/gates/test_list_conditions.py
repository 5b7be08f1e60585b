"""What shows that conditions are met, how their days were moved, and all of them on one page."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.gates import commands, queries
from innovation.gates.queries import ConditionFilters
from innovation.ideas.models import Attachment, Idea
from tests import make
from tests.gates.deciding import owed
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")
TODAY = now().date()


def file_of(idea: Idea) -> Attachment:
    content = {"name": "Results.pdf", "content_type": "application/pdf", "size": 9, "sha256": "0" * 64}
    return make.add(Attachment(idea_id=idea.id, key=f"key-{idea.id}", **content))


def test_a_condition_is_shown_to_be_met_by_a_link_or_a_file_of_the_idea() -> None:
    by_link, by_file = owed(), owed()
    file = file_of(by_file.idea)
    db.session.commit()

    commands.offer_evidence(make.actor(by_link.idea.owner), by_link, link="https://results.example/one")
    commands.offer_evidence(make.actor(by_file.idea.owner), by_file, attachment_id=file.id)

    assert (by_link.offered_link, by_file.offered_attachment) == ("https://results.example/one", file)


@pytest.mark.parametrize("evidence", [{}, {"link": "javascript:alert(1)"}, {"attachment_id": 1}])
def test_nothing_a_strange_link_and_a_file_of_another_idea_are_no_evidence(evidence: dict[str, object]) -> None:
    condition = owed()
    file_of(make.idea())
    db.session.commit()

    with pytest.raises(Refused):
        commands.offer_evidence(make.actor(condition.idea.owner), condition, **evidence)

    assert condition.state == "open"


def test_every_move_of_a_day_is_kept_with_its_reason() -> None:
    condition = owed()
    chair = make.actor(condition.review.leading[0].person)
    first, second = TODAY + dt.timedelta(days=30), TODAY + dt.timedelta(days=40)

    commands.move_due_date(chair, condition, due_on=first, reason="Exams.")
    commands.move_due_date(chair, condition, due_on=second, reason="Holidays.")

    moves = queries.list_moves(condition.idea)[condition.id]
    assert [(move.due_on, move.reason, move.moved_by_id) for move in moves] == [
        (first, "Exams.", chair.person_id),
        (second, "Holidays.", chair.person_id),
    ]


def test_all_conditions_of_a_scope_are_listed_by_what_is_due() -> None:
    late, met = owed(blocking=True), owed()
    late.due_on = TODAY - dt.timedelta(days=1)
    staff, elsewhere = make.staff("coordinator"), make.staff("coordinator", region_id=make.region("GP").id)
    db.session.commit()
    commands.offer_evidence(make.actor(met.idea.owner), met, text="Here.")
    commands.settle_condition(make.actor(staff), met, answer="met")

    def listed(person: object, **by: str) -> list[int]:
        filters = ConditionFilters(**by)
        page = queries.list_conditions_in_sight(make.actor(person), filters, today=TODAY)  # type: ignore[arg-type]
        return [condition.id for condition in page.items]

    assert (listed(staff), listed(staff, state="met"), listed(staff, due="blocking")) == (
        [late.id],
        [met.id],
        [late.id],
    )
    assert (listed(elsewhere), listed(staff, q="no such thing")) == ([], [])


def test_the_page_names_who_accepted_and_the_export_has_what_is_listed(client: FlaskClient) -> None:
    condition = owed()
    staff = make.staff("coordinator", "Coordinator who accepts")
    db.session.commit()
    commands.offer_evidence(make.actor(condition.idea.owner), condition, text="Here.")
    commands.settle_condition(make.actor(staff), condition, answer="met")
    browser = make.sign_in(client, staff)

    one = browser.get(f"/ideas/{condition.idea.reference}/conditions").text
    all_of_them = browser.get("/conditions?state=met").text
    export = browser.get("/conditions?state=met&export=csv").text

    assert "Accepted by Coordinator who accepts" in one
    assert "Coordinator who accepts" in all_of_them
    assert condition.idea.reference in export
