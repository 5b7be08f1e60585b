"""Who sees the drafts of workflows, and the moves of ideas from one version to another."""

from __future__ import annotations

from typing import Any

from innovation.programmes.models import WorkflowDraft
from tests.architecture.sights import Case, Cases, get, nothing, programmes
from tests.architecture.world import World


def managed(**more: Any) -> Cases:
    """What a programme's managers do with its ideas; an administrator has no sight of them."""

    def cases(world: World) -> list[Case]:
        arguments = {k: v(world) if callable(v) else v for k, v in more.items()}
        return [
            Case(
                case.name,
                {**case.arguments, **arguments},
                case.thing,
                case.seen_by - {"administrator"} if not arguments or case.name == "home" else frozenset(),
            )
            for case in programmes()(world)
        ]

    return cases


def drafts(**more: Any) -> Cases:
    """Drafts of workflows: for administrators, and for the managers of their programme."""

    def cases(world: World) -> list[Case]:
        seen = {"home": {"administrator", "manager"}, "foreign": {"administrator", "foreign_manager"}}
        found = world.things["workflow_draft"]
        return [
            Case(name, {"draft_id": found[name], **more}, get(WorkflowDraft, found[name]), frozenset(who))
            for name, who in seen.items()
        ] + [Case("no such draft", {"draft_id": 999_999, **more}, nothing, frozenset())]

    return cases
