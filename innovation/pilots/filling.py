"""How a plan begins: the rows that the tables approved at the gate tell, with numbers only where they are plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from innovation.ideas.canvas import text_of
from workflows import Definition, PilotTemplate

Row = dict[str, Any]
Tables = Mapping[str, Iterable[Mapping[str, Any]]]
"""The rows of each deliverable by its key, as they are kept."""
BEFORE = r"(?:at least |at most |from |below |under |above |over |up to )?R? ?"
GROUPED = r"\d{1,3}(?:[ \u00a0,]\d{3})+|\d+"
PLAIN = re.compile(rf"{BEFORE}((?:{GROUPED})(?:[.,]\d+)?)(?!\d)\s*([^\d]*)", re.IGNORECASE)
UNIT_WORDS = 4


def number_in(text: Any) -> float | None:
    """The number that a text is, with a word or two round it; None where it says more, or something else."""
    found = _plain(text)
    return found[0] if found else None


def _plain(text: Any) -> tuple[float, str] | None:
    found = PLAIN.fullmatch(str(text or "").strip())
    if not found or len(found[2].split()) > UNIT_WORDS + 2:
        return None
    digits = re.sub(r"[ \u00a0]|,(?=\d{3}(?!\d))", "", found[1]).replace(",", ".")
    return float(digits), found[2].strip(" .")


def unit_of(*texts: Any) -> str:
    """The unit in which every plain one of the texts counts; empty where they differ."""
    units = {found[1].lower(): found[1] for text in texts if (found := _plain(text)) and found[1]}
    [unit] = units.values() if len(units) == 1 else [""]
    return unit[:40] if len(unit.split()) <= UNIT_WORDS else ""


def grown(definition: Definition, tables: Tables) -> dict[str, list[Row]]:
    """The rows of each part of the plan, from what the definition names and the idea handed in."""
    template = definition.pilot
    said = {name: [] if feed is None else _said(definition, feed, tables) for name, feed in _feeds(template)}
    return {
        "measures": [_measure(row) for row in said["measures"]],
        "budget": [_line(row) for row in said["budget"]],
        "permissions": [{"kind": kind.key, "name": kind.name, "status": "needed"} for kind in template.permissions],
        "risks": [_risk(row) for row in said["risks"]]
        or [{"risk": risk.name, "response": risk.response[:300]} for risk in template.usual_risks],
        "roles": [{"name": role.name, "does": role.does[:300], "who": ""} for role in template.roles],
    }


def _feeds(template: PilotTemplate) -> list[tuple[str, Any]]:
    return [(name, getattr(template, name)) for name in ("measures", "budget", "risks")]


def _said(definition: Definition, feed: Any, tables: Tables) -> list[Row]:
    """The rows of the table by what the plan calls their columns; a row without its first column says nothing."""
    columns = {column.key: column for column in definition.deliverable(feed.deliverable).columns}
    first = feed.columns[0][0]
    rows = [
        {what: _cell(columns[key], row.get(key)) for what, key in feed.columns}
        for row in tables.get(feed.deliverable, ())
    ]
    return [row for row in rows if row[first]]


def _cell(column: Any, value: Any) -> Any:
    return value if column.type in ("money", "number") else text_of(column, value).strip()


def _measure(row: Row) -> Row:
    baseline, target, stop_at = (number_in(row.get(name)) for name in ("baseline", "target", "stop_at"))
    return {
        "name": row["name"][:140],
        "unit": unit_of(row.get("baseline"), row.get("target")),
        "tool": str(row.get("tool") or "")[:200],
        "baseline": baseline,
        "target": target,
        "stop_at": stop_at,
        "more_is_better": is_more_better(baseline, target, stop_at),
    }


def is_more_better(baseline: float | None, target: float | None, stop_at: float | None) -> bool:
    """On which side of the target it should be: seen from where it would stop, or else from where it is now."""
    start = stop_at if stop_at is not None else baseline
    return target is None or start is None or target >= start


def _line(row: Row) -> Row:
    quantity = row.get("quantity")
    return {
        "item": row["item"][:140],
        "unit": str(row.get("unit") or "")[:40],
        "quantity": number_in(quantity) if isinstance(quantity, str) else quantity,
        "amount_cents": row.get("amount"),
        "paid_by": str(row.get("paid_by") or "")[:140],
        "in_kind": False,
    }


def _risk(row: Row) -> Row:
    lengths = {"risk": 200, "likely": 40, "harm": 40, "response": 300, "owner": 140}
    return {name: str(row.get(name) or "")[:length] for name, length in lengths.items()}
