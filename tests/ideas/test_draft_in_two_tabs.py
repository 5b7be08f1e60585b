"""One person with the canvas open in two tabs: neither tab's text is lost, and each is told of the other."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.ideas import commands, queries
from innovation.ideas.models import DraftCopy, Idea
from innovation.permission import Actor, NotThere
from tests import make


class BrowserTab:
    """The canvas open in one tab."""

    def __init__(self, client: FlaskClient, idea: Idea) -> None:
        self.client, self.at = client, f"/ideas/{idea.reference}/canvas"
        page = client.get(self.at).text
        self.hidden = dict(re.findall(r'<input type="hidden" name="(tab|began_with)" value="([^"]*)">', page))

    def sent(self, summary: str) -> dict[str, str]:
        return {"title": "Reading clubs", "problem": "P", "summary": summary, "based_on": "1", **self.hidden}

    def types(self, summary: str) -> dict[str, str]:
        answer = self.client.post(f"{self.at}/draft", data=self.sent(summary), headers={"X-Autosave": "1"})
        told: dict[str, str] = answer.json
        return told


def texts(owner: Actor, idea: Idea) -> tuple[str, list[str]]:
    """The draft, and the copies beside it."""
    draft = queries.find_draft(owner, idea)
    copies = [copy.answers["summary"][0] for copy in queries.list_draft_copies(owner, idea)]
    return (draft.answers["summary"][0] if draft else "", copies)


@pytest.fixture
def idea(app: Flask, client: FlaskClient) -> Idea:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    return idea


@pytest.fixture
def owner(idea: Idea) -> Actor:
    return make.actor(idea.owner)


def test_an_older_tab_writes_over_nothing(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    older, newer = BrowserTab(client, idea), BrowserTab(client, idea)
    newer.types("Typed in the newer tab")

    told = older.types("Typed in the older tab")

    assert texts(owner, idea) == ("Typed in the older tab", ["Typed in the newer tab"])
    assert told["copy"].startswith("Another copy of this draft was saved ")
    assert "Typed in the newer tab" in client.get(told["copy_at"]).text


def test_two_tabs_by_turns_keep_one_copy_each(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    one, other = BrowserTab(client, idea), BrowserTab(client, idea)

    for n in range(3):
        one.types(f"One {n}")
        other.types(f"Other {n}")

    assert texts(owner, idea) == ("Other 2", ["One 2"])


def test_a_tab_that_began_with_the_draft_goes_on_from_it(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    BrowserTab(client, idea).types("First")

    told = BrowserTab(client, idea).types("First and second")

    assert (texts(owner, idea), sorted(told)) == (("First and second", []), ["saved_at"])


def test_handing_in_keeps_what_another_tab_has_typed(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    older, newer = BrowserTab(client, idea), BrowserTab(client, idea)
    newer.types("Typed in the newer tab")

    answer = client.post(older.at, data=older.sent("Handed in"))

    assert (answer.status_code, texts(owner, idea)) == (302, ("", ["Typed in the newer tab"]))
    assert queries.latest_revision(idea).answers["summary"] == "Handed in"


def test_discarding_a_draft_keeps_what_another_tab_has_typed(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    older, newer = BrowserTab(client, idea), BrowserTab(client, idea)
    newer.types("Typed in the newer tab")

    client.post(f"{older.at}/draft/removal", data=older.hidden)

    assert texts(owner, idea) == ("", ["Typed in the newer tab"])


def test_a_copy_that_is_used_changes_places_with_the_draft(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    older, newer = BrowserTab(client, idea), BrowserTab(client, idea)
    newer.types("Newer")
    older.types("Older")
    copy = make.first(DraftCopy)
    assert "Another copy of this draft was saved" in client.get(older.at).text

    client.post(f"{older.at}/copies/{copy.id}/use")

    assert texts(owner, idea) == ("Newer", ["Older"])


def test_a_copy_can_be_discarded(client: FlaskClient, idea: Idea, owner: Actor) -> None:
    older, newer = BrowserTab(client, idea), BrowserTab(client, idea)
    newer.types("Newer")
    older.types("Older")

    client.post(f"{older.at}/copies/{make.first(DraftCopy).id}/removal")

    assert texts(owner, idea) == ("Older", [])
    assert "Another copy" not in client.get(older.at).text


def test_a_copy_is_its_writers_alone(client: FlaskClient, idea: Idea) -> None:
    colleague = make.actor(make.contributor(idea))
    older, newer = BrowserTab(client, idea), BrowserTab(client, idea)
    newer.types("Newer")
    older.types("Older")
    copy = make.first(DraftCopy)

    with pytest.raises(NotThere):
        commands.use_draft_copy(colleague, idea, copy_id=copy.id)

    assert queries.list_draft_copies(colleague, idea) == []
