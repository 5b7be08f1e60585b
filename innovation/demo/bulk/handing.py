"""What ideas made in bulk hand in: canvases, papers and asks, all of it accepted."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from innovation.demo.bulk.course import Course
from innovation.demo.paper import pdf
from innovation.demo.papers import paper_for
from innovation.ideas import store
from innovation.ideas.codes import phase_codes
from innovation.ideas.events import AskMade, CanvasHandedIn, DeliverableAccepted, DeliverableHandedIn
from innovation.ideas.models import Ask, Attachment, Handin, Revision
from workflows import Deliverable, Gate

FIRST_WORDS = ("problem", "who_has_it", "evidence", "summary", "phases")
DAY = dt.timedelta(days=1)
AMOUNTS = {"light": (8, 50), "pilot": (60, 900), "replication": (900, 4000), "institutionalisation": (1500, 6000)}


def write_revision(life: Course, by: int, at: dt.datetime | None = None) -> None:
    """The next revision of the canvas: a few words at the clinic, the whole of it later."""
    at, row = at or life.at, life.row
    row["revision_number"] = (row["revision_number"] or 0) + 1
    first = row["revision_number"] == 1
    answers = {k: v for k, v in life.answers.items() if k in FIRST_WORDS} if first else dict(life.answers)
    if row["revision_number"] > 2:
        answers["measure"] = (
            f"{answers.get('measure', '')} Counted by somebody outside the team, as the panel asked.".strip()
        )
    revision = life.society.rows.add(
        Revision, idea_id=row["id"], number=row["revision_number"], title=row["title"],
        answers=answers, submitted_by_id=by, submitted_at=at,
    )  # fmt: skip
    life.revision_id, life.answers = revision["id"], life.answers | answers
    if not first:
        life.tell(by, CanvasHandedIn(life.id, row["revision_number"]), at)


def hand_in_papers(life: Course, gate: Gate, at: dt.datetime) -> None:
    """Hand in and accept what a gate requires and the idea does not have yet."""
    attachment_id: int | None = None
    for asked in gate.asks:
        deliverable = asked.deliverable
        if not asked.required or deliverable.kind == "generated" or deliverable.key in life.has:
            continue
        if deliverable.kind in ("file", "letter") and attachment_id is None:
            attachment_id = _file(life, at)
        _hand_in(life, deliverable, attachment_id if deliverable.kind in ("file", "letter") else None, at)
        life.has.add(deliverable.key)


def _hand_in(life: Course, deliverable: Deliverable, attachment_id: int | None, at: dt.datetime) -> None:
    coordinator, accepted = life.society.coordinator_id, at + DAY * 2
    row = life.society.rows.add(
        Handin,
        idea_id=life.id,
        deliverable=deliverable.key,
        number=1,
        content=_content(life, deliverable),
        attachment_id=attachment_id,
        expires_on=(life.society.latest + DAY * 200).date() if deliverable.expires else None,
        state="accepted",
        handed_in_by_id=life.owner_id,
        handed_in_at=at,
        judged_by_id=coordinator,
        judged_at=accepted,
    )
    life.tell(life.owner_id, DeliverableHandedIn(life.id, row["id"], deliverable.key, 1), at)
    life.tell(coordinator, DeliverableAccepted(life.id, row["id"], deliverable.key, 1), accepted)


def _content(life: Course, deliverable: Deliverable) -> dict[str, Any]:
    """What the written world says for ideas without papers of their own, told of this idea."""
    if deliverable.kind in ("file", "letter"):
        return {}
    idea = {"title": life.row["title"], "district": "the district", "canvas": {}}
    return paper_for(deliverable, idea, life.society.cast.written.deliverables, life.at.date()).content


def _file(life: Course, at: dt.datetime) -> int:
    """One file of an idea, which all its letters and reports share."""
    content = _sheet()
    row = life.society.rows.add(
        Attachment, idea_id=life.id, key="", name="Letters and reports.pdf",
        content_type="application/pdf", size=len(content), sha256=store.digest(content),
        uploaded_by_id=life.owner_id, uploaded_at=at,
    )  # fmt: skip
    life.society.unfiled.append(row)
    return int(row["id"])


def file_away(rows: list[dict[str, Any]]) -> None:
    """Keep the file of each of these attachments; many at once, since each waits for the disk."""
    kept = store.store()
    with ThreadPoolExecutor(store.AT_ONCE) as pool:
        for row, key in zip(rows, pool.map(kept.put, [_sheet()] * len(rows)), strict=True):
            row["key"] = key
    rows.clear()


@lru_cache(maxsize=1)
def _sheet() -> bytes:
    return pdf(
        "Letters and reports", "One sheet that stands for the letters and reports of a team in this demonstration."
    )


def make_ask(life: Course, gate: Gate, at: dt.datetime) -> None:
    """What the idea asks for at this gate."""
    rng, society = life.rng, life.society
    least, most = AMOUNTS[gate.key]
    amount, months = rng.randrange(least, most) * 1000, rng.choice((6, 9, 12, 18, 24))
    cost = life.answers["cost_per_learner"]
    region = life.event.region
    number = life.asks = life.asks + 1
    evidence = {"pilot": "E1", "light": "E0", "replication": rng.choice(("E2", "E3"))}.get(gate.key, "E3")
    row = society.rows.add(
        Ask,
        idea_id=life.id,
        number=number,
        amount_cents=amount * 100,
        instruments=rng.choice(
            (["grant"], ["grant", "match_grant"], ["grant", "in_kind"], ["in_kind", "pro_bono"], ["loan"])
        ),
        months=months,
        provinces=[region.province_code],
        district_ids=[life.row["district_id"]],
        phases=phase_codes(life.answers.get("phases", [])),
        secondary_theme_ids=[],
        schools=rng.randrange(2, 4) if gate.key == "light" else rng.randrange(3, 60),
        learners=max(amount * 1200 // (months * cost), 1),
        cost_per_learner_cents=cost,
        evidence_level=evidence,
        share_q1_3=rng.choice((40, 60, 75, 90, 100)),
        legal_status=rng.choice(([], [], ["pbo"], ["pbo", "s18a"], ["npo"])),
        made_by_id=life.owner_id,
        made_at=at,
    )
    life.row["evidence_level"] = evidence
    life.has.add("ask")
    life.tell(life.owner_id, AskMade(life.id, row["id"], number), at)
