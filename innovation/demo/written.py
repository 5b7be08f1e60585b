"""What the demonstration tells, read from its files, with every date moved so that its last day is today."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import field
from pathlib import Path
from typing import Any

from innovation.values import dataclass

DATA = Path(__file__).parent / "data"
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Written:
    """The files as one value; tables are dictionaries as their files have them."""

    today: dt.date
    setting: dict[str, Any]
    accounts: list[dict[str, Any]]
    clinics: list[dict[str, Any]]
    ideas: list[dict[str, Any]]
    funders: list[dict[str, Any]]
    interests: list[dict[str, Any]]
    money: dict[str, Any]
    workspace: dict[str, Any]
    readings: dict[str, Any]
    spread: dict[str, Any]
    system: dict[str, Any]
    deliverables: dict[str, dict[str, Any]]
    comments: dict[str, Any]
    kinds: dict[str, str] = field(default_factory=dict)


def read(today: dt.date) -> Written:
    """The demonstration as seen from ``today``."""
    by = today - tomllib.loads((DATA / "programme.toml").read_text("utf-8"))["as_of"]

    def moved(name: str) -> Any:
        return _moved(tomllib.loads((DATA / f"{name}.toml").read_text("utf-8")), by)

    comments = moved("comments")
    return Written(
        today=today,
        setting=moved("programme"),
        accounts=moved("accounts")["account"],
        clinics=moved("clinics")["clinic"],
        ideas=moved("ideas")["idea"],
        funders=moved("funders")["funder"],
        interests=moved("interests")["interest"],
        money=moved("money"),
        workspace=moved("workspace"),
        readings=moved("readings"),
        spread=moved("spread"),
        system=moved("system"),
        deliverables=moved("deliverables"),
        comments=comments,
        kinds={key: kind for kind, keys in comments["criterion_kinds"].items() for key in keys},
    )


def records(name: str) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def working_day(day: dt.date) -> dt.date:
    """The weekday at or next to a day: panels do not sit on Saturdays and Sundays."""
    return day + dt.timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _moved(value: Any, by: dt.timedelta) -> Any:
    if isinstance(value, dt.date):
        return value + by
    if isinstance(value, dict):
        return {key: _moved(item, by) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    return value
