"""What ideas of the demonstration hand in at gates: their own words, or the ones written for all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from innovation.demo.paper import pdf
from innovation.ideas.filecheck import Checked, check
from innovation.values import dataclass
from workflows import Deliverable

LETTERS_LAST = dt.timedelta(days=540)


@dataclass(frozen=True)
class Paper:
    """What ``hand_in_deliverable`` takes for one deliverable."""

    content: dict[str, Any] = field(default_factory=dict)
    file: Checked | None = None
    expires_on: dt.date | None = None


def paper_for(deliverable: Deliverable, idea: Mapping[str, Any], generic: Mapping[str, Any], today: dt.date) -> Paper:
    """The paper of an idea for a deliverable, filled from the idea and its ask."""
    own = idea.get("deliverables", {}).get(deliverable.code)
    common = _filled(generic[deliverable.code], idea)
    if deliverable.kind == "table":
        return Paper({"rows": _rows(deliverable, own or common["rows"], idea)})
    if deliverable.kind == "form":
        return Paper({"answers": common["answers"]})
    if deliverable.kind == "link":
        return Paper({"link": common["url"], "text": common["text"]})
    text = own or common["text"]
    if deliverable.kind == "answer":
        return Paper({"text": text})
    made = pdf(deliverable.name, f"{idea['title']}\n\n{text}")
    file = check(f"{deliverable.name}.pdf", made, len(made))
    return Paper({}, file, today + LETTERS_LAST if deliverable.expires else None)


def _rows(deliverable: Deliverable, rows: list[dict[str, Any]], idea: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows with money in cents; a share of the ask becomes its amount."""
    money = {column.key for column in deliverable.columns if column.type == "money"}
    asked = idea["ask"]["amount_rand"] if "ask" in idea else 0
    whole = [{"amount": asked * row["share"] // 100, **row} if "share" in row else row for row in rows]
    return [
        {key: value * 100 if key in money else value for key, value in row.items() if key != "share"} for row in whole
    ]


def _filled(value: Any, idea: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, idea) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, idea) for item in value]
    return re.sub(r"\{(\w+)\}", lambda found: _words(idea)[found[1]], value) if isinstance(value, str) else value


def _words(idea: Mapping[str, Any]) -> dict[str, str]:
    ask = idea.get("ask", {})
    return {
        "title": f"“{idea['title']}”",
        "district": idea["district"],
        "schools": str(ask.get("schools", "first")),
        "learners": str(ask.get("learners", "all")),
        "cost": str(idea["canvas"].get("cost_per_learner", "50")),
        "amount": f"{ask.get('amount_rand', 0):,}".replace(",", " "),
    }
