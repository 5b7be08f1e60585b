"""The outline of the provinces for a map: a picture to look at, not one to measure on."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "za_provinces.json"


@cache
def outline() -> dict[str, Any]:
    """``width``, ``height``, and for each province (ISO 3166-2) its path ``d`` and the middle ``x``, ``y``."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found
