"""An idea on hold: it is resumed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from innovation.gates import commands
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.web import me


@bp.post("/ideas/<reference>/resumption")
def resume_idea(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    commands.resume_idea(me(), idea)
    flash(_("The idea is no longer on hold."))
    return redirect(url_for("pipeline.idea", reference=idea.reference))
