"""The blueprint that every page about ideas belongs to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from innovation.ideas.naming import file_name
from innovation.web import me

bp = Blueprint("ideas", __name__)


@bp.app_context_processor
def names() -> dict[str, Any]:
    """What the pages of every area call a file of an idea."""
    return {"file_name": lambda idea, name, number: file_name(me(), idea, name, number)}
