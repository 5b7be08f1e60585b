"""The records of a dossier as canonical JSON, and their checksum."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def checksum(records: Any) -> str:
    """SHA-256 in hex of the records as canonical JSON: what the footer names, and the ZIP holds to compare."""
    return hashlib.sha256(as_json(records)).hexdigest()


def as_json(records: Any) -> bytes:
    return json.dumps(records, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "backslashreplace")
