"""The room for whoever runs it: what is on the wall, topics, the clock, rounds, ties and the shortlist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.http import quote_etag

from innovation.clinics import policy, queries, rooms, rounds, wall_pulse, wall_reading, walls
from innovation.clinics.blueprint import bp
from innovation.clinics.models import Clinic
from innovation.clinics.wall_forms import HandForm, RoundForm, TieForm, TopForm, TopicForm, WallForm, sent_ids
from innovation.db import whole_number
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, ngettext
from innovation.web import me

FRESH = "private, no-cache"
VIEW_NAMES = {
    "ideas": lazy_gettext("The ideas"),
    "results": lazy_gettext("The result"),
    "shortlist": lazy_gettext("The shortlist"),
    "cover": lazy_gettext("Nothing"),
}


@bp.get("/clinics/<code>/board")
def board(code: str) -> Any:
    found = _run(code)
    return render_template("clinics/board.html", **_shown(found))


@bp.get("/clinics/<code>/board/now")
def board_now(code: str) -> Response:
    """What the board asks every few seconds."""
    found = _run(code)
    tag = wall_pulse.pulse_of_clinic(me(), found.id, of_everything=True).tag
    return followed(tag, lambda: render_template("clinics/board_parts.html", **_shown(found)))


def followed(tag: str, draw: Callable[[], str]) -> Response:
    """The part of a page that follows, or nothing where the tag is the one that the page has."""
    answer = Response(status=304) if request.if_none_match.contains_weak(tag) else make_response(draw())
    answer.headers["ETag"] = quote_etag(tag)
    answer.headers["Cache-Control"] = FRESH
    return answer


def _run(code: str) -> Clinic:
    found = queries.find_clinic(me(), code)
    policy.may_run_wall.require(me(), found)
    return found


def _shown(found: Clinic, **forms: Any) -> dict[str, Any]:
    """What the board is drawn from; ``forms`` are those that were sent and refused."""
    tag = wall_pulse.pulse_of_clinic(me(), found.id, of_everything=True).tag
    read = wall_reading.read_board(me(), found)
    with_dots = sum(1 for line in read.lines if line.dots)
    own = {
        "wall_form": WallForm.of(read.wall),
        "topic_form": TopicForm(),
        "round_form": RoundForm(data={"method": "dots", "dots": 3, "most": 2, "shows": "ranked"}),
        "tie_form": TieForm().offer(read.ties),
        "top_form": TopForm(data={"many": max(1, min(3, with_dots))}),
        "hand_form": HandForm(data={"idea_ids": [note.idea_id for note in read.chosen]}).offer(read.notes),
    }
    room = rooms.find_room_of(found)
    return {"clinic": found, "board": read, "tag": tag, "room": room, "view_names": VIEW_NAMES, **own, **forms}


def _again(found: Clinic, **forms: Any) -> Any:
    """The board with a form that was refused."""
    form = next(iter(forms.values()))
    return render_template("clinics/board.html", **_shown(found, **forms)), form.status


def _back(found: Clinic, anchor: str) -> Any:
    return redirect(url_for(".board", code=found.code, _anchor=anchor))


# The wall


@bp.post("/clinics/<code>/wall/settings")
def wall_settings(code: str) -> Any:
    found = _run(code)
    form = WallForm.read()
    if form.submit_to(walls.set_wall, me(), found):
        flash(_("The wall is set."))
        return _back(found, "wall")
    return _again(found, wall_form=form)


@bp.post("/clinics/<code>/wall/view")
def wall_view(code: str) -> Any:
    found = _run(code)
    walls.turn_wall(me(), found, view=request.form.get("view", ""))
    return _back(found, "wall")


@bp.post("/clinics/<code>/wall/ideas")
def wall_ideas(code: str) -> Any:
    """Release or hide ideas, or put them under a topic: whichever button was pressed."""
    found, what, ids = _run(code), request.form.get("what", ""), sent_ids()
    if what == "release":
        many = len(walls.release_ideas(me(), found, idea_ids=ids))
        flash(ngettext("%(num)d idea is on the wall now.", "%(num)d ideas are on the wall now.", many))
    elif what == "hide":
        walls.hide_ideas(me(), found, idea_ids=ids)
        flash(_("It is off the wall."))
    else:
        topic_id = whole_number(request.form.get("topic", ""))
        walls.put_together(me(), found, idea_ids=ids, topic_id=topic_id)
        flash(_("It has its place."))
    return _back(found, "ideas")


@bp.post("/clinics/<code>/topics", endpoint="add_wall_topic")
def add_topic(code: str) -> Any:
    found = _run(code)
    form = TopicForm.read()
    if form.submit_to(walls.add_topic, me(), found):
        flash(_("The topic %(name)s is on the wall.", name=form.result.name))
        return _back(found, "ideas")
    return _again(found, topic_form=form)


@bp.post("/clinics/<code>/topics/<int:topic_id>", endpoint="rename_wall_topic")
def rename_topic(code: str, topic_id: int) -> Any:
    found = _run(code)
    form = TopicForm.read()
    if form.submit_to(walls.rename_topic, me(), found, topic_id=topic_id):
        flash(_("The topic is called %(name)s now.", name=form.result.name))
        return _back(found, "ideas")
    return _again(found, topic_form=form)


@bp.post("/clinics/<code>/topics/<int:topic_id>/end", endpoint="end_wall_topic")
def end_topic(code: str, topic_id: int) -> Any:
    found = _run(code)
    walls.end_topic(me(), found, topic_id=topic_id)
    flash(_("The topic is off the wall. Its ideas stay there without one."))
    return _back(found, "ideas")


@bp.post("/clinics/<code>/clock")
def clock(code: str) -> Any:
    found = _run(code)
    shown = whole_number(request.form.get("at", ""))
    walls.move_clock(me(), found, what=request.form.get("what", ""), at=shown)
    return _back(found, "clock")


# Rounds


@bp.post("/clinics/<code>/rounds", endpoint="open_round")
def rounds_of(code: str) -> Any:
    found = _run(code)
    form = RoundForm.read()
    if form.submit_to(rounds.open_round, me(), found):
        flash(_("Voting is on. Everybody votes on their own phone, in silence."))
        return _back(found, "votes")
    return _again(found, round_form=form)


@bp.post("/clinics/<code>/rounds/<int:round_id>/end", endpoint="close_round")
def end_round(code: str, round_id: int) -> Any:
    found = _run(code)
    rounds.close_round(me(), found, round_id=round_id)
    flash(_("The round is closed. The wall shows the result."))
    return _back(found, "votes")


@bp.post("/clinics/<code>/rounds/<int:round_id>/tie", endpoint="break_tie")
def tie(code: str, round_id: int) -> Any:
    found = _run(code)
    form = TieForm.read().offer(wall_reading.read_board(me(), found).ties)
    if form.submit_to(rounds.break_tie, me(), found, round_id=round_id):
        flash(_("The order is settled there."))
        return _back(found, "votes")
    return _again(found, tie_form=form)


@bp.post("/clinics/<code>/rounds/<int:round_id>/shortlist", endpoint="shortlist_by_dots")
def shortlist_top(code: str, round_id: int) -> Any:
    found = _run(code)
    form = TopForm.read()
    if form.submit_to(rounds.shortlist_by_dots, me(), found, round_id=round_id):
        flash(_("The shortlist is made."))
        return _back(found, "shortlist")
    return _again(found, top_form=form)


@bp.post("/clinics/<code>/shortlist", endpoint="shortlist_by_hand")
def shortlist_chosen(code: str) -> Any:
    found = _run(code)
    form = HandForm.read().offer(wall_reading.read_board(me(), found).notes)
    if form.submit_to(rounds.shortlist_by_hand, me(), found):
        flash(_("The shortlist is made."))
        return _back(found, "shortlist")
    return _again(found, hand_form=form)
