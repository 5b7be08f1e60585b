"""The page on which a team reads what its pilot showed, says what it makes of it, and hands it in for the next gate."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.ideas import queries as ideas
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.pilots import commands, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.packing import PackForm
from innovation.pilots.views.asked import asked_pilot
from innovation.web import me


@bp.route("/ideas/<reference>/pilot/pack/<key>", methods=["GET", "POST"])
def pack(reference: str, key: str) -> Any:
    pilot = asked_pilot(reference)
    idea = pilot.idea
    found = next((each for each in queries.made_deliverables(idea) if each.key == key), None)
    if found is None:
        raise NotThere
    newest = next(iter(ideas.list_handins(idea, key)), None)
    form = PackForm.read(data={"text": newest.content.get("text", "") if newest else ""})
    if form.submit_to(commands.hand_in_pack, me(), pilot, deliverable=key):
        flash(_("Version %(number)s is handed in, as the pilot stands now.", number=form.result.number))
        return redirect(url_for("ideas.deliverable", reference=idea.reference, key=key))
    return render_template(
        "pilots/pack.html",
        idea=idea,
        pilot=pilot,
        deliverable=found,
        parts=queries.parts_of(pilot, found) if ideas.is_made(idea, found) else [],
        others=queries.made_deliverables(idea),
        newest=newest,
        form=form,
    ), form.status
