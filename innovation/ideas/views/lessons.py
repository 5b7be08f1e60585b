"""What was learnt from ideas that ended: the list, one lesson, and writing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.ideas import commands, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.forms.lessons import lesson_form
from innovation.ideas.lesson_words import CAUSES, ENDED
from innovation.ideas.queries import LessonFilters, LessonRow
from innovation.ideas.queries.lessons import STATES
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.programmes.models import Programme
from innovation.programmes.queries import in_use, main_programme, programme_of
from innovation.tables import write_table
from innovation.web import local, me, public, today

EXPORT_LIMIT = 5_000
WORDS = {"causes": CAUSES, "ended": ENDED}


@bp.get("/lessons")
def lessons() -> Any:
    policy.may_read_lessons.require(me())
    state, programme = ListState.read((), ""), main_programme(me())
    filters = _filters()
    if state.export:
        found = queries.list_all_lessons(me(), filters, most=EXPORT_LIMIT)
        return write_table(_columns(), map(_line, found), state.export, "lessons")
    page = state.on(queries.list_lessons(me(), filters, page=state.number))
    return render_template(
        "ideas/lessons.html",
        list=state,
        page=page,
        filters=filters,
        narrowed=filters != LessonFilters(state=filters.state),
        choices=_choices(programme),
        today=today(),
        **WORDS,
    )


# What everybody may read


@bp.get("/learnt")
@public
def open_lessons() -> Any:
    """The same for everybody: nothing but what owners have agreed to and somebody has released."""
    state, filters = ListState.read((), ""), _filters()
    page = state.on(queries.list_open_lessons(filters, page=state.number))
    return render_template("ideas/open_lessons.html", page=page, filters=filters, **WORDS)


@bp.get("/learnt/<int:lesson_id>")
@public
def open_lesson(lesson_id: int) -> Any:
    return render_template("ideas/open_lesson.html", lesson=queries.find_open_lesson(lesson_id), **WORDS)


def _filters() -> LessonFilters:
    """As the address has them; what makes no sense narrows nothing."""
    asked = {name: request.args.get(name, "").strip()[:200] for name in ("q", "cause", "phase", "place", "state")}
    asked["cause"] = asked["cause"] if asked["cause"] in CAUSES else ""
    asked["state"] = asked["state"] if asked["state"] in STATES else "given"
    return LessonFilters(**asked, theme=whole_number(request.args.get("theme", "")))


def _choices(programme: Programme | None) -> dict[str, Any]:
    """What the list can be narrowed to."""
    states = [("given", _("Written")), ("owed", _("Still owed")), ("released", _("Open to everybody"))]
    found: dict[str, Any] = {"causes": list(CAUSES.items()), "states": states, "themes": [], "phases": [], "places": []}
    if programme is not None:
        definition = programme.workflow_version.definition
        asked = definition.phases.choices if definition.phases else ()
        found["themes"] = [(theme.id, _(theme.name)) for theme in in_use(programme.themes)]
        found["phases"] = [(choice.key.lower(), _(choice.name)) for choice in asked]
        found["places"] = [(each.place, _(each.name)) for each in definition.places]
    return found


def _columns() -> list[tuple[str, str]]:
    return [
        ("day", _("Written on")),
        ("ended", _("How it ended")),
        ("place", _("Where it ended")),
        ("cause", _("Why")),
        ("tried", _("What was tried")),
        ("happened", _("What happened")),
        ("otherwise", _("What to do otherwise")),
        ("theme", _("Theme")),
        ("phases", _("For")),
        ("reference", _("Reference")),
        ("title", _("Title")),
    ]


def _line(row: LessonRow) -> dict[str, Any]:
    lesson = row.lesson
    return {
        "day": local(lesson.given_at).date() if lesson.given_at else None,
        "ended": str(ENDED[lesson.ended]),
        "place": _(row.place),
        "cause": str(CAUSES[lesson.cause]) if lesson.cause else "",
        **{name: getattr(lesson, name) for name in ("tried", "happened", "otherwise")},
        "theme": _(row.theme),
        "phases": ", ".join(_(name) for name in row.phases),
        "reference": row.reference,
        "title": row.title,
    }


@bp.get("/lessons/<int:lesson_id>")
def lesson(lesson_id: int) -> Any:
    found, row = queries.find_lesson(me(), lesson_id)
    versions = queries.list_versions_of(found) if row.reference else []
    return render_template("ideas/lesson.html", lesson=found, row=row, versions=versions, today=today(), **WORDS)


@bp.route("/lessons/<int:lesson_id>/text", methods=["GET", "POST"])
def lesson_text(lesson_id: int) -> Any:
    """Give a lesson that is owed, or correct one."""
    found = queries.find_to_write(me(), lesson_id)
    policy.may_write_lesson.require(me(), found)
    form = lesson_form(found, in_use(programme_of(found.programme_id).themes))
    if form.submit_to(commands.write_lesson, me(), found):
        flash(_("The lesson is kept. The programme's people can read it."))
        return redirect(url_for(".lesson", lesson_id=found.id))
    return render_template("ideas/lesson_text.html", lesson=found, idea=found.idea, form=form), form.status


@bp.post("/lessons/<int:lesson_id>/offer")
def offer_lesson(lesson_id: int) -> Any:
    """The owner lets everybody read it."""
    said = _("It is noted. Somebody of the programme looks at it before others read it.")
    return _opened(lesson_id, commands.offer_lesson, said)


@bp.post("/lessons/<int:lesson_id>/release")
def release_lesson(lesson_id: int) -> Any:
    return _opened(lesson_id, commands.release_lesson, _("Everybody may read it now."))


@bp.post("/lessons/<int:lesson_id>/closing")
def close_lesson(lesson_id: int) -> Any:
    return _opened(lesson_id, commands.close_lesson, _("Only the programme's people read it now."))


def _opened(lesson_id: int, act: Callable[..., Any], said: str) -> Any:
    found = queries.find_to_write(me(), lesson_id)
    act(me(), found)
    flash(said)
    return redirect(url_for(".lesson", lesson_id=found.id))
