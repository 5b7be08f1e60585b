"""One member with a scorecard open in two tabs: neither tab's marks are lost, and each is told of the other."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from innovation.gates import commands, queries
from innovation.gates.models import Review, ScorecardCopy, Seat
from innovation.permission import NotThere
from tests import make


class BrowserTab:
    """The scorecard open in one tab."""

    def __init__(self, client: FlaskClient, review: Review) -> None:
        self.client, self.at = client, f"/reviews/{review.id}/scorecard"
        page = client.get(self.at).text
        self.hidden = dict(re.findall(r'<input type="hidden" name="(tab|began_with)" value="([^"]*)">', page))

    def types(self, note: str, **marks: str) -> dict[str, str]:
        data = {"note": note, **marks, **self.hidden}
        told: dict[str, str] = self.client.post(f"{self.at}/draft", data=data, headers={"X-Autosave": "1"}).json
        return told


@pytest.fixture
def review(client: FlaskClient) -> Review:
    review = make.review()
    make.sign_in(client, make.declare(review.seats[1]).person)
    return review


def texts(seat: Seat) -> tuple[str, list[str]]:
    copies = [copy.content["texts"]["note"] for copy in queries.list_scorecard_copies(seat)]
    return (seat.draft.note if seat.draft else "", copies)


def marks(seat: Seat) -> dict[str, int]:
    return {score.criterion: score.mark for score in seat.draft.scores if score.mark is not None} if seat.draft else {}


def test_an_older_tab_writes_over_no_marks(client: FlaskClient, review: Review) -> None:
    older, newer = BrowserTab(client, review), BrowserTab(client, review)
    newer.types("Newer", s0_mark="7", s1_mark="3")

    told = older.types("Older", s0_mark="4")

    seat = review.seats[1]
    assert (texts(seat), marks(seat)) == (("Older", ["Newer"]), {"G1-S1": 4})
    assert told["copy"].startswith("Another copy of this draft was saved ")
    looked_at = client.get(told["copy_at"]).text
    assert ('<fieldset class="form" disabled>' in looked_at, ">\nNewer</textarea>" in looked_at) == (True, True)


def test_two_tabs_by_turns_keep_one_copy_each(client: FlaskClient, review: Review) -> None:
    one, other = BrowserTab(client, review), BrowserTab(client, review)

    for n in range(3):
        one.types(f"One {n}")
        other.types(f"Other {n}")

    assert texts(review.seats[1]) == ("Other 2", ["One 2"])


def test_a_copy_that_is_used_changes_places_with_the_draft(client: FlaskClient, review: Review) -> None:
    older, newer = BrowserTab(client, review), BrowserTab(client, review)
    newer.types("Newer", s0_mark="7")
    older.types("Older", s1_mark="4")

    client.post(f"{older.at}/copies/{make.first(ScorecardCopy).id}/use")

    seat = review.seats[1]
    assert (texts(seat), marks(seat)) == (("Newer", ["Older"]), {"G1-S1": 7})


def test_submitting_keeps_what_another_tab_has_put_down(client: FlaskClient, review: Review) -> None:
    older, newer = BrowserTab(client, review), BrowserTab(client, review)
    newer.types("Newer", s0_mark="7")
    musts = {f"m{n}_answer": "yes" for n, _c in enumerate(review.gate.must)}
    shoulds = {f"s{n}_mark": "5" for n, _c in enumerate(review.gate.should)}

    answer = client.post(older.at, data={**musts, **shoulds, "note": "Older", **older.hidden})

    seat = review.seats[1]
    assert (answer.status_code, seat.submitted is not None, texts(seat)) == (302, True, ("", ["Newer"]))


def test_a_submission_that_is_refused_still_knows_its_tab(client: FlaskClient, review: Review) -> None:
    older, newer = BrowserTab(client, review), BrowserTab(client, review)
    newer.types("Newer")

    page = client.post(older.at, data={"note": "Older", **older.hidden}).text

    assert f'name="tab" value="{older.hidden["tab"]}"' in page


def test_a_copy_can_be_discarded_by_its_member_alone(client: FlaskClient, review: Review) -> None:
    older, newer = BrowserTab(client, review), BrowserTab(client, review)
    newer.types("Newer")
    older.types("Older")
    copy, chair = make.first(ScorecardCopy), make.actor(review.seats[0].person)

    with pytest.raises(NotThere):
        queries.find_scorecard_copy(chair, review.seats[1], copy.id)
    commands.discard_scorecard_copy(make.actor(review.seats[1].person), review.seats[1], copy_id=copy.id)

    assert texts(review.seats[1]) == ("Older", [])
