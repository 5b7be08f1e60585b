"""The pages of the tracker: all criteria with their pictures, and one of them, where it is marked and confirmed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.downloads import taken_along
from innovation.ideas import queries as ideas
from innovation.ideas import store
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.pilots.forms.packing import PackForm
from innovation.replication import commands, queries
from innovation.replication.blueprint import bp
from innovation.replication.forms.tracking import JudgeForm, MarkForm
from innovation.replication.queries.tracking import Tracker
from innovation.replication.system_codes import MARK_STATES
from innovation.web import me, today
from workflows import falls_short

SHOWN = {"mark_states": MARK_STATES}


@bp.get("/ideas/<reference>/tracker")
def tracker(reference: str) -> Any:
    idea, found = queries.find_tracker(me(), reference)
    return render_template(
        "replication/tracker.html",
        idea=idea,
        tracker=found,
        short=falls_short(found.gate, found.confirmed),
        open=queries.is_taken_up(idea),
        made=[each for each in idea.definition.deliverables if ideas.is_of_system(each)],
        **SHOWN,
    )


@bp.route("/ideas/<reference>/tracker/<criterion>", methods=["GET", "POST"])
def tracked_criterion(reference: str, criterion: str) -> Any:
    idea, found = queries.find_tracker(me(), reference)
    followed = found.of(criterion)
    form = MarkForm.read(data={"seen_on": today()}).offer(found.gate, followed.criterion)
    if form.submit_to(commands.propose_mark, me(), idea, criterion=criterion):
        flash(_("The mark is proposed. It counts once somebody who is not of the team has confirmed it."))
        return _back(idea, criterion)
    return _page(idea, found, criterion, form=form)


@bp.post("/ideas/<reference>/tracker/marks/<int:mark_id>/verdict")
def judge_mark(reference: str, mark_id: int) -> Any:
    mark = queries.find_mark(me(), reference, mark_id)
    form = JudgeForm.read(prefix="judge")
    confirms = form.verdict.data == "confirm"
    if form.submit_to(commands.confirm_mark if confirms else commands.return_mark, me(), mark):
        flash(_("The mark is confirmed.") if confirms else _("The mark is returned."))
        return _back(mark.idea, mark.criterion)
    _idea, found = queries.find_tracker(me(), reference)
    return _page(mark.idea, found, mark.criterion, judged=form)


@bp.get("/ideas/<reference>/tracker/marks/<int:mark_id>/file")
def mark_file(reference: str, mark_id: int) -> Any:
    """The file that shows what a mark says, to take along."""
    mark = queries.find_mark(me(), reference, mark_id)
    if mark.file_key is None:
        raise NotThere
    try:
        content = store.store().get(mark.file_key)
    except FileNotFoundError:
        raise NotThere from None
    return taken_along(content, mark.file_name, mark.file_type)


def _back(idea: Idea, criterion: str) -> Any:
    return redirect(url_for(".tracked_criterion", reference=idea.reference, criterion=criterion))


def _page(
    idea: Idea, found: Tracker, criterion: str, *, form: MarkForm | None = None, judged: JudgeForm | None = None
) -> Any:
    followed, sent = found.of(criterion), judged or form
    empty = MarkForm(None, data={"seen_on": today()}).offer(found.gate, followed.criterion)
    return render_template(
        "replication/criterion.html",
        idea=idea,
        tracker=found,
        followed=followed,
        form=form or empty,
        judge=judged or JudgeForm(None, prefix="judge"),
        sent=sent if request.method == "POST" else None,
        names=ideas.names_of([who for each in followed.marks for who in (each.proposed_by_id, each.judged_by_id)]),
        open=queries.is_taken_up(idea),
        **SHOWN,
    ), sent.status if sent else 200


# For the gate


@bp.route("/ideas/<reference>/tracker/pack/<key>", methods=["GET", "POST"])
def system_pack(reference: str, key: str) -> Any:
    """A deliverable that is made from the tracker and the hand-over, as both stand now."""
    home = queries.find_home(me(), reference)
    idea = home.idea
    found = next((each for each in idea.definition.deliverables if each.key == key), None)
    if found is None or not ideas.is_of_system(found):
        raise NotThere
    newest = next(iter(ideas.list_handins(idea, key)), None)
    form = PackForm.read(data={"text": newest.content.get("text", "") if newest else ""})
    if form.submit_to(commands.hand_in_home, me(), home, deliverable=key):
        flash(_("Version %(number)s is handed in, as it stands now.", number=form.result.number))
        return redirect(url_for("ideas.deliverable", reference=idea.reference, key=key))
    return render_template(
        "replication/system_pack.html",
        idea=idea,
        deliverable=found,
        parts=queries.system_parts(idea, found),
        newest=newest,
        form=form,
    ), form.status
