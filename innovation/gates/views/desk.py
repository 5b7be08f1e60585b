"""The gate desk: present, convene and remind for many ideas at once."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from innovation.gates import commands, policy, queries
from innovation.gates.forms import DeskForm
from innovation.gates.many import ACTS, AT_ONCE, MOST
from innovation.gates.views.blueprint import bp
from innovation.jobs.commands import ask_job
from innovation.jobs.queries import list_under_way
from innovation.lists import ListState
from innovation.permission import Actor
from innovation.web import me, one_time_secret, today


@bp.route("/reviews/desk", methods=["GET", "POST"])
def desk() -> Any:
    policy.may_see_gate_desk.require(me())
    form, report = DeskForm.read(), None
    asked = form.act.data if request.method == "POST" else request.args.get("act", "")
    act = asked if asked in ACTS else "convene"
    chosen = _chosen(form, act)
    if len(chosen) > AT_ONCE:
        job = ask_job(me(), kind=act, payload={"ideas": chosen}, total=len(chosen), form_key=form.key.data or "")
        return redirect(url_for("jobs.job", job_id=job.id))
    if chosen:
        report = commands.in_bulk(me(), chosen, ACTS[act])
    state = ListState.read((), "")
    page = state.on(queries.list_for_desk(me(), act, page=state.number))
    ids = [idea.id for idea in page.items]
    shown = {"page": page, "act": act, "report": report, "progress": queries.progress(ids), "today": today()}
    shown |= {"jobs_under_way": list_under_way(me(), ACTS), "key": one_time_secret(20), "most": MOST}
    nothing = form.was_sent and not chosen
    status = 422 if nothing else 200
    return render_template("gates/desk.html", **shown, nothing=nothing, titles=_titles(me(), report)), status


def _chosen(form: DeskForm, act: str) -> list[str]:
    """The references that were ticked, or those of the whole list."""
    if not form.was_sent:
        return []
    if form.every.data:
        return queries.references_for_desk(me(), act, limit=MOST)
    return list(dict.fromkeys(form.idea.data or ()))[:MOST]


def _titles(actor: Actor, report: commands.BulkReport | None) -> dict[str, str]:
    """The titles of the ideas in a report, as far as the person may see them."""
    references = [*report.done, *(reference for reference, _reasons in report.failed)] if report else []
    return queries.titles_of(actor, references) if references else {}
