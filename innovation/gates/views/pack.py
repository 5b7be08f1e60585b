"""What a panel reads: the canvas as it was presented, deliverables, ask and earlier decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from innovation.gates import queries
from innovation.gates.after_models import Waiver
from innovation.gates.models import Decision, Review
from innovation.ideas import queries as ideas_queries
from innovation.ideas.canvas import answered, text_of
from innovation.ideas.deliverables import Content, content_inside
from innovation.ideas.models import Ask
from innovation.ideas.readiness import Readiness
from innovation.permission import Actor
from innovation.values import dataclass
from innovation.web import day, money


@dataclass(frozen=True)
class Pack:
    """The reading for one review; ``short`` are the answers that say what it is, ``rest`` the others."""

    short: tuple[tuple[str, str], ...]
    rest: tuple[tuple[str, str], ...]
    readiness: Readiness
    ask: Ask | None
    decisions: tuple[Decision, ...]
    evidence: str
    waivers: tuple[Waiver, ...] = ()
    made: tuple[Made, ...] = ()


@dataclass(frozen=True)
class Made:
    """What was made from the pilot, in the version that was there when the panel was convened; ``newer`` came since."""

    key: str
    name: str
    number: int
    content: Content
    newer: int | None = None


SHORT = 5


def pack_of(actor: Actor, review: Review) -> Pack:
    """The reading for a review: the canvas by the revision that was presented."""
    idea, definition = review.idea, review.definition
    fields: list[tuple[Any, Any]] = answered(definition, review.revision.answers)
    texts = [(field.name, text_of(field, value, money=money, day=day)) for field, value in fields]
    ready = ideas_queries.readiness(idea, gate=review.gate, definition=definition)
    level = idea.definition.evidence_level(idea.evidence_level)
    return Pack(
        short=tuple(texts[:SHORT]),
        rest=tuple(texts[SHORT:]),
        readiness=ready,
        made=tuple(_made(review, ready)),
        ask=ideas_queries.latest_ask(idea),
        decisions=tuple(d for d in queries.list_decisions(idea) if d.review_id != review.id),
        evidence=f"{level.key} · {level.name}",
        waivers=tuple(queries.list_waivers(idea, review.gate_key)) if queries.has_waivers(idea, review) else (),
    )


def _made(review: Review, ready: Readiness) -> Iterator[Made]:
    """The newest accepted version that was handed in before the panel was convened; else the first since."""
    for asked in review.gate.asks:
        of = [v for v in ready.versions if v.deliverable == asked.deliverable.key and v.state == "accepted"]
        made = sorted((v for v in of if v.content.get("parts")), key=lambda version: version.number)
        if made:
            before = [version for version in made if version.handed_in_at <= review.convened_at]
            read = before[-1] if before else made[0]
            newer = made[-1].number if made[-1] is not read else None
            content = content_inside(asked.deliverable, read.content)
            yield Made(asked.deliverable.key, asked.deliverable.name, read.number, content, newer)
