"""What holds an export against the published schema of 360Giving, and puts a flat file together again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

PUBLISHED = Path(__file__).parent / "published"
NAMES = ("360-giving-schema.json", "360-giving-package-schema.json")
formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_instant(text: object) -> bool:
    return not isinstance(text, str) or ("T" in text and dt.datetime.fromisoformat(text).tzinfo is not None)


@formats.checks("uri")
def is_address(text: object) -> bool:
    return not isinstance(text, str) or text.startswith(("http://", "https://"))


def faults_of(package: Any) -> list[str]:
    """What the schemas and the list of scopes have against a package; empty when nothing."""
    schemas = {name: json.loads((PUBLISHED / name).read_text()) for name in NAMES}
    kept = [(name, Resource(contents=schema, specification=DRAFT4)) for name, schema in schemas.items()]
    held = Draft4Validator(schemas[NAMES[1]], registry=Registry().with_resources(kept), format_checker=formats)
    found = [f"{fault.json_path}: {fault.message}" for fault in held.iter_errors(package)]
    scopes = {row["Code"] for row in csv.DictReader(io.StringIO((PUBLISHED / "locationScope.csv").read_text()))}
    wrong = [grant["id"] for grant in package["grants"] if grant.get("locationScope", "GLS099") not in scopes]
    return found + [f"{identifier}: no such scope" for identifier in wrong]


def read_exactly(text: str) -> Any:
    """JSON with its amounts digit by digit."""
    return json.loads(text, parse_float=Decimal)


def unflattened(content: bytes) -> list[dict[str, Any]]:
    """The grants of a flat file, nested as the titles of the schema say it; amounts are exact."""
    schema = json.loads((PUBLISHED / NAMES[0]).read_text())
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [_nested(row, schema) for row in rows]


def _nested(row: dict[str, str], schema: dict[str, Any]) -> dict[str, Any]:
    grant: dict[str, Any] = {}
    for title, text in row.items():
        if text:
            _put(grant, title.split(":"), text, schema, schema)
    return grant


def _put(into: dict[str, Any], steps: list[str], text: str, schema: dict[str, Any], root: dict[str, Any]) -> None:
    known = schema["properties"].items()
    name = {each.get("title") or _resolved(each, root).get("title"): name for name, each in known}[steps[0]]
    shape = schema["properties"][name]
    if len(steps) == 1:
        number = _resolved(shape, root).get("type") == "number"
        into[name] = Decimal(text) if number else text
        return
    if shape.get("type") == "array":
        position = int(steps[1]) if steps[1].isdigit() else 0
        listed = into.setdefault(name, [])
        while len(listed) <= position:
            listed.append({})
        _put(
            listed[position],
            steps[2:] if steps[1].isdigit() else steps[1:],
            text,
            _resolved(shape["items"], root),
            root,
        )
        return
    _put(into.setdefault(name, {}), steps[1:], text, _resolved(shape, root), root)


def _resolved(shape: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    found = shape.get("$ref", "")
    return root["definitions"][found.rpartition("/")[2]] if found else shape
