"""The demonstration's data as its files have it."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

import innovation.demo
from workflows import library_definition

DATA = Path(innovation.demo.__file__).parent / "data"
EDUCATION = library_definition("education")
INSTRUMENTS = {"grant", "match_grant", "in_kind", "pro_bono", "loan"}
GATES_IN_ORDER = ["screening", "pilot", "replication", "institutionalisation"]


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


IDEAS: list[dict[str, Any]] = toml("ideas.toml")["idea"]
CLINICS = {clinic["key"]: clinic for clinic in toml("clinics.toml")["clinic"]}
PROGRAMME = toml("programme.toml")
FUNDERS: list[dict[str, Any]] = toml("funders.toml")["funder"]
ACCOUNTS = {account["key"]: account for account in toml("accounts.toml")["account"]}
DISTRICTS = {(f"ZA-{row['province_code']}", row["district"]) for row in rows("districts.csv")}
EVIDENCE = [level.key for level in EDUCATION.evidence_levels]
PHASES = {choice.key for choice in EDUCATION.field("phases").choices}
every_idea = pytest.mark.parametrize("idea", IDEAS, ids=lambda idea: idea["key"])
every_funder = pytest.mark.parametrize("funder", FUNDERS, ids=lambda funder: funder["key"])


def keys_of(name: str) -> set[str]:
    return {entry["key"] for entry in PROGRAMME[name]}
