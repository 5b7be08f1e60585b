"""The gate desk: present, convene and remind for many ideas at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request

from innovation.gates import commands, policy, queries
from innovation.gates.forms import DeskForm
from innovation.gates.views.blueprint import bp
from innovation.lists import ListState
from innovation.permission import Actor
from innovation.web import me, today

ACTS: dict[str, Callable[..., Any]] = {
    "present": commands.present_idea,
    "convene": commands.convene_suggested,
    "remind": commands.remind_current,
}


@bp.route("/reviews/desk", methods=["GET", "POST"])
def desk() -> Any:
    policy.may_see_gate_desk.require(me())
    form, report = DeskForm.read(), None
    asked = form.act.data if request.method == "POST" else request.args.get("act", "")
    act = asked if asked in ACTS else "convene"
    if form.was_sent and form.idea.data:
        report = commands.in_bulk(me(), form.idea.data[:200], ACTS[act])
    state = ListState.read((), "")
    page = state.on(queries.list_for_desk(me(), act, page=state.number))
    ids = [idea.id for idea in page.items]
    shown = {"page": page, "act": act, "report": report, "progress": queries.progress(ids), "today": today()}
    nothing = form.was_sent and not form.idea.data
    status = 422 if nothing else 200
    return render_template("gates/desk.html", **shown, nothing=nothing, titles=_titles(me(), report)), status


def _titles(actor: Actor, report: commands.BulkReport | None) -> dict[str, str]:
    """The titles of the ideas in a report, as far as the person may see them."""
    references = [*report.done, *(reference for reference, _reasons in report.failed)] if report else []
    return queries.titles_of(actor, references) if references else {}
