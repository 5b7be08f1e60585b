"""Which pilot of an idea a page is about: the latest, or an earlier one, which is only read."""

from __future__ import annotations

from typing import Any

from flask import g, request

from innovation.db import whole_number
from innovation.pilots import queries
from innovation.pilots.blueprint import bp
from innovation.pilots.plan_models import Pilot
from innovation.web import me


def asked_pilot(reference: str) -> Pilot:
    """The one whose number stands in the address as ``pilot``; without it, the latest."""
    found = queries.find_pilot(me(), reference, whole_number(request.args.get("pilot", "")))
    g.earlier_pilot = found if found.is_earlier else None
    return found


@bp.url_defaults
def stay_with_it(_endpoint: str, values: dict[str, Any]) -> None:
    """What leads on from the page of an earlier pilot leads to that pilot."""
    found = g.get("earlier_pilot")
    if found is not None:
        values.setdefault("pilot", found.number)


@bp.app_template_global()
def earlier_pilot() -> Pilot | None:
    """The earlier pilot that the page is about, if it is about one."""
    found: Pilot | None = g.get("earlier_pilot")
    return found
