"""Changing a definition that is still being written, as the tables of its TOML: whatever is wrong in it stays as it is.

Every key is made once, from a name, and never changes: what stands under it is renamed freely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from .definition.piloting import FEEDS
from .definition.tables import KEY_LENGTH
from .definition.words import CAPTURE

Content = dict[str, Any]
CRITERIA = ("must", "should")
NEW_GATE: Content = {
    "quorum": 3,
    "panel_size": 4,
    "working_days": 20,
    "reading_days": 5,
    "thresholds": {"go": 60, "conditional": 50, "recycle": 35},
}


def said(row: Content, by: str) -> Any:
    """What a row is known by: a number is as good as a text."""
    found = row.get(by)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else found


def rows(table: Content, key: str) -> list[Content]:
    """The tables of a list; what is no table is left out."""
    found = table.get(key)
    if not isinstance(found, list):
        return []
    return found if all(isinstance(row, dict) for row in found) else [row for row in found if isinstance(row, dict)]


def made_rows(table: Content, key: str) -> list[Content]:
    """The same to write into, made where there is none yet."""
    table[key] = rows(table, key)
    return table[key]  # type: ignore[no-any-return]


def inner(table: Content, key: str) -> Content:
    """A table inside; an empty one where there is none."""
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def made_inner(table: Content, key: str) -> Content:
    """The same to write into."""
    table[key] = inner(table, key)
    return table[key]  # type: ignore[no-any-return]


def keys(table: Content, name: str) -> list[str]:
    return [str(row.get("key", "")) for row in rows(table, name)]


def row_of(table: Content, name: str, key: str) -> Content | None:
    return next((row for row in rows(table, name) if row.get("key") == key), None)


def key_from(name: str, taken: Iterable[str], at_most: int = KEY_LENGTH) -> str:
    """A key that a name suggests and that nothing has yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: at_most - 3].strip("_")
    stem = stem if stem[:1].isalpha() else f"k_{stem}".strip("_")
    used = set(taken)
    numbered = (stem if n == 1 else f"{stem}_{n}" for n in range(1, len(used) + 2))
    return next(key for key in numbered if key not in used)


def move(table: Content, name: str, here: int, by: int) -> None:
    """Move a row up (-1) or down (1); at the end of the list it stays."""
    found, there = made_rows(table, name), here + by
    if 0 <= there < len(found):
        found[here], found[there] = found[there], found[here]


# The line


def add_stage(content: Content, name: str, after: str = "") -> Content:
    """A stage behind another one, or at the end; the gate before it then leads to it."""
    places = [*keys(content, "stages"), *(f"at_{key}" for key in keys(content, "gates"))]
    stage = {"key": key_from(name, places), "name": name}
    at = keys(content, "stages").index(after) + 1 if after in keys(content, "stages") else len(rows(content, "stages"))
    made_rows(content, "stages").insert(at, stage)
    relink(content)
    return stage


def remove_stage(content: Content, at: int) -> None:
    """Nothing goes back to a stage that is gone; a gate that stood behind it says that it has lost it."""
    key = made_rows(content, "stages").pop(at).get("key")
    for gate in rows(content, "gates"):
        if isinstance(gate.get("recycle_to"), list):
            gate["recycle_to"] = [target for target in gate["recycle_to"] if target != key]
    relink(content)


def relink(content: Content) -> None:
    """Each gate of the line leads to the stage that follows on the one it comes from."""
    stages = keys(content, "stages")
    following = dict(pairwise(stages))
    for gate in rows(content, "gates"):
        if "track" not in gate and gate.get("comes_from") in following:
            gate["leads_to"] = following[gate["comes_from"]]


def add_gate(content: Content, name: str, comes_from: str) -> Content:
    """A gate behind a stage, with plain rules to begin with and nothing to weigh yet."""
    taken = [*keys(content, "gates"), *(key.removeprefix("at_") for key in keys(content, "stages"))]
    scale = next(iter(keys(content, "scales")), "")
    gate: Content = {"key": key_from(name, taken), "name": name, "question": "", "comes_from": comes_from}
    gate |= {"leads_to": "", "scale": scale, "recycle_to": [comes_from], "asks": {}, "must": [], "should": []}
    gate |= {name: dict(value) if isinstance(value, dict) else value for name, value in NEW_GATE.items()}
    stages = keys(content, "stages")
    before = stages[: stages.index(comes_from)] if comes_from in stages else stages
    at = sum(1 for each in rows(content, "gates") if each.get("comes_from") in before)
    made_rows(content, "gates").insert(at, gate)
    relink(content)
    return gate


def remove_gate(content: Content, at: int) -> None:
    """Fields of the canvas that were needed from this gate on are needed from the next one on.

    A tracker that follows its criteria goes with it.
    """
    gone = made_rows(content, "gates").pop(at)
    key = gone.get("key")
    if key and inner(content, "tracker").get("gate") == key:
        del content["tracker"]
    heir = _next_gate(content, str(gone.get("comes_from", "")))
    for field in rows(content, "canvas"):
        if key and field.get("required_from") == key:
            field["required_from"] = heir or CAPTURE


def settle_tracker(content: Content) -> None:
    """A tracker that follows no gate is none."""
    if "tracker" in content and not inner(content, "tracker").get("gate"):
        del content["tracker"]


def give_up_track(content: Content, key: str) -> None:
    """A gate of a way that is gone goes with it: no idea could come to it any more."""
    for at in reversed(range(len(rows(content, "gates")))):
        if rows(content, "gates")[at].get("track") == key:
            remove_gate(content, at)


def _next_gate(content: Content, stage: str) -> str:
    """The key of the first gate of the line from a stage on, or else of the last before it."""
    stages = keys(content, "stages")
    order = {key: at for at, key in enumerate(stages)}
    gates = [gate for gate in rows(content, "gates") if "track" not in gate and gate.get("comes_from") in order]
    gates.sort(key=lambda gate: order[gate["comes_from"]])
    later = [gate for gate in gates if order[gate["comes_from"]] >= order.get(stage, 0)]
    chosen = later[0] if later else gates[-1] if gates else {}
    return str(chosen.get("key", ""))


# Gates


def criterion_keys(content: Content) -> list[str]:
    """Every criterion's key: a criterion is weighed at one gate only."""
    return [key for gate in rows(content, "gates") for kind in CRITERIA for key in keys(gate, kind)]


def add_criterion(content: Content, gate: Content, kind: str, name: str) -> Content:
    """A must-meet or a should-meet; a weight, a question and anchors are still to be given."""
    criterion: Content = {"key": key_from(name, criterion_keys(content)), "name": name, "question": ""}
    if kind == "should":
        criterion |= {"weight": max(0, 100 - weight_of(gate)), "anchors": {}}
    made_rows(gate, kind).append(criterion)
    return criterion


def weight_of(gate: Content) -> int:
    """What the weights sum to; what is no number counts nothing."""
    weights = (row.get("weight") for row in rows(gate, "should"))
    return sum(weight for weight in weights if isinstance(weight, int) and not isinstance(weight, bool))


def add_seat_rule(gate: Content, kind: str) -> Content:
    rule: Content = {"kind": kind, "name": "", "at_least": 1, "lacking": ""}
    made_rows(gate, "composition").append(rule)
    return rule


# Scales, reasons and the canvas


def add_scale(content: Content, name: str) -> Content:
    """A scale of two marks, none and all of it, to which others are added."""
    scale: Content = {"key": key_from(name, keys(content, "scales")), "name": name}
    scale["marks"] = [{"value": 0, "worth": 0}, {"value": 10, "worth": 10}]
    made_rows(content, "scales").append(scale)
    return scale


def add_mark(scale: Content) -> Content:
    """One more mark above the last one, which is worth all of ten from then on until somebody says otherwise."""
    marks = made_rows(scale, "marks")
    values = [row["value"] for row in marks if isinstance(row.get("value"), int)]
    mark: Content = {"value": max(values, default=-1) + 1, "worth": 10}
    marks.append(mark)
    return mark


def add_stop_reason(content: Content, name: str) -> Content:
    reason: Content = {"key": key_from(name, keys(content, "stop_reasons")), "name": name}
    made_rows(content, "stop_reasons").append(reason)
    return reason


def add_field(content: Content, name: str, kind: str) -> Content:
    """A field that nobody has to fill in yet, at the end of the canvas."""
    field: Content = {"key": key_from(name, keys(content, "canvas")), "name": name, "help": "", "type": kind}
    made_rows(content, "canvas").append(field)
    return field


# Deliverables


def add_deliverable(content: Content, name: str, kind: str) -> Content:
    """Something that a gate can ask for; its code is the next free number."""
    taken = {str(row.get("code", "")) for row in rows(content, "deliverables")}
    code = next(f"D{n}" for n in range(1, len(taken) + 2) if f"D{n}" not in taken)
    item: Content = {"key": key_from(name, keys(content, "deliverables")), "code": code, "name": name, "help": ""}
    item["kind"] = kind
    made_rows(content, "deliverables").append(item)
    return item


def remove_deliverable(content: Content, at: int) -> None:
    """No gate asks for it any more, and no plan of a pilot is filled from it."""
    key = made_rows(content, "deliverables").pop(at).get("key")
    plan = inner(content, "pilot")
    for name in FEEDS:
        if inner(plan, name).get("deliverable") == key:
            del plan[name]
    for gate in rows(content, "gates"):
        if isinstance(gate.get("asks"), dict):
            gate["asks"].pop(key, None)


def add_part(deliverable: Content, name: str, said: str, kind: str) -> Content:
    """A question of a form, or a column of a table."""
    part: Content = {"key": key_from(said, keys(deliverable, name))}
    part |= {"question" if name == "questions" else "name": said, "type": kind}
    made_rows(deliverable, name).append(part)
    return part


def add_planned(plan: Content, name: str, said: str) -> Content:
    """A permission, a role or a risk with which every plan of a pilot begins."""
    row: Content = {"key": key_from(said, keys(plan, name)), "name": said}
    made_rows(plan, name).append(row)
    return row


def put_choices(part: Content, names: Iterable[str]) -> None:
    """The choices of a question by their names: one that is named as before keeps its key."""
    before = {str(row.get("name", "")): row for row in rows(part, "choices")}
    made: list[Content] = []
    for name in dict.fromkeys(text for text in names if text):
        known = before.get(name)
        taken = [*(str(row.get("key", "")) for row in before.values()), *(row["key"] for row in made)]
        made.append(known or {"key": key_from(name, taken), "name": name})
    part["choices"] = made
    if not made:
        del part["choices"]
