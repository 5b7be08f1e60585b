"""Writing a playbook: versions that never change, parts that keep their keys, and what changed between two."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.permission import Forbidden
from innovation.replication import commands, contents, queries
from innovation.replication.contents import Change
from innovation.replication.models import PlaybookVersion
from tests import make
from tests.replication import taken_up
from tests.replication.taken_up import CONTENT, TEXTS
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def written(**more: Any) -> dict[str, Any]:
    texts = {"before": "", "time": "", "mistakes": "", **TEXTS}
    rows = {name: CONTENT.get(name, []) for name in contents.KINDS}
    return {"rows": rows, "reaches": 100, **texts, **more}


def drafted(actor: Any, idea: Any, **more: Any) -> PlaybookVersion:
    draft = commands.begin_version(actor, idea, language="en")
    return commands.write_version(actor, draft, **written(**more))


def test_a_published_version_is_read_by_its_language() -> None:
    idea = make.idea(place="piloting")
    actor = make.actor(idea.owner)

    version = commands.publish_version(actor, drafted(actor, idea))

    assert queries.published(queries.list_versions(idea)) == {"en": version}
    assert (version.number, version.title) == (1, "A reading corner")


def test_a_published_version_is_never_changed() -> None:
    idea = taken_up.playbook().idea
    version = queries.list_versions(idea)[0]

    with pytest.raises(Refused) as refused:
        commands.write_version(make.actor(idea.owner), version, **written(title="Another title"))

    assert refused.value.reasons == ("This version is published and never changes. Begin the next one.",)


def test_the_next_version_begins_with_what_the_last_one_of_its_language_says() -> None:
    idea = taken_up.playbook().idea

    draft = commands.begin_version(make.actor(idea.owner), idea, language="en")

    assert (draft.number, draft.based_on, draft.published_at) == (2, 1, None)
    assert contents.read(draft.content) == contents.read(CONTENT)


def test_another_language_is_another_version_of_the_same_playbook() -> None:
    idea = taken_up.playbook().idea

    draft = commands.begin_version(make.actor(idea.owner), idea, language="zu", based_on=1)

    assert (draft.number, draft.language, draft.based_on) == (2, "zu", 1)
    assert [part.key for part in contents.read(draft.content).parts] == [1, 2]


def test_there_is_one_draft_in_a_language_at_a_time() -> None:
    idea = taken_up.playbook().idea
    actor = make.actor(idea.owner)
    commands.begin_version(actor, idea, language="en")

    with pytest.raises(Refused) as refused:
        commands.begin_version(actor, idea, language="en")

    assert refused.value.reasons == ("A draft in this language is there already: go on with it.",)


def test_what_others_could_not_follow_is_not_published() -> None:
    idea = make.idea(place="piloting")
    actor = make.actor(idea.owner)
    draft = drafted(actor, idea, rows={"parts": [{"key": None, "name": "Books", "core": False}]}, who_for="")

    with pytest.raises(Refused) as refused:
        commands.publish_version(actor, draft)

    assert refused.value.reasons == (
        "It does not say who it is for.",
        "It names no core part: say what must not be changed.",
        "It has no steps.",
    )


def test_the_key_of_a_part_that_was_taken_out_never_comes_to_mean_another() -> None:
    idea = taken_up.playbook().idea
    actor = make.actor(idea.owner)
    draft = commands.begin_version(actor, idea, language="en")
    parts = [CONTENT["parts"][0], {"key": None, "name": "Music"}, {"key": 77, "name": "Made up"}]

    commands.write_version(actor, draft, **written(rows={**CONTENT, "parts": parts}))

    assert [part["key"] for part in draft.content["parts"]] == [1, 3, 4]


def test_only_the_owner_opens_a_playbook_to_everybody() -> None:
    playbook = taken_up.playbook()
    owner, helper = make.actor(playbook.idea.owner), make.actor(make.contributor(playbook.idea))

    opened = commands.open_playbook(owner, playbook)

    assert opened.public_at is not None
    with pytest.raises(Forbidden):
        commands.open_playbook(helper, playbook)


def test_a_playbook_without_a_published_version_is_not_opened() -> None:
    idea = make.idea(place="piloting")
    actor = make.actor(idea.owner)
    playbook = drafted(actor, idea).playbook

    with pytest.raises(Refused) as refused:
        commands.open_playbook(actor, playbook)

    assert refused.value.reasons == ("No version is published yet.",)


def test_what_changed_is_told_part_by_part_and_row_by_row() -> None:
    old = {"before": "", "time": "", "mistakes": "", **TEXTS, "content": CONTENT}
    parts = [CONTENT["parts"][0] | {"what": "Half an hour each day."}, {"key": 3, "name": "Music"}]
    new = old | {"title": "Reading corners", "content": {**CONTENT, "parts": parts, "steps": CONTENT["steps"][:1]}}

    changes = contents.compare(old, new)

    assert changes == [
        Change("title", "changed", "A reading corner", "Reading corners"),
        Change(
            "parts",
            "changed",
            "Reading aloud · A quarter of an hour each day. · core",
            "Reading aloud · Half an hour each day. · core",
        ),
        Change("parts", "added", after="Music"),
        Change("parts", "removed", before="Books"),
        Change("steps", "removed", before="Read. · A reader · 15 minutes"),
    ]


def test_costs_are_counted_from_all_ingredients() -> None:
    content = contents.read({**CONTENT, "reaches": 70})

    assert (content.total, content.cents_each) == (240_000, 3_429)


def test_nobody_is_told_a_cost_that_nobody_has_counted() -> None:
    assert contents.read({"reaches": 70}).cents_each is None
    assert contents.read({"costs": CONTENT["costs"]}).cents_each is None
