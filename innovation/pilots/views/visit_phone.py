"""The page for visits that works without a signal: its shell, its worker, and where phones deliver."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, render_template, request, url_for

from innovation import offline
from innovation.accounts.bearers import holder_of
from innovation.accounts.browsers import describe
from innovation.accounts.queries import actor_of
from innovation.db import begin_reading, db
from innovation.ideas.delivering import is_too_large, not_taken
from innovation.ideas.filecheck import Checked
from innovation.languages import base_of, spoken
from innovation.languages import gettext as _
from innovation.offline import SCRIPT, KeptPage, by_token, release
from innovation.permission import Actor, Forbidden
from innovation.pilots import commands, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.commands.visits import SHUT_OUT
from innovation.pilots.forms.visits import NewVisitForm
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_packet import packet_of, visit_words
from innovation.pilots.visiting import Recorded
from innovation.problems import problem, tells_problems
from innovation.web import came_from_elsewhere, day, me, public

NOT_YOURS = "You may no longer write visits of this pilot down. Give what you saw to its owner."


@bp.get("/visits/")
@public
def visit_page() -> Any:
    """The same for everybody, so that a browser may keep it."""
    given = {"name": "gatehouse-visits", "words": visit_words(), "urls": _urls(), "release": release()}
    return render_template(
        "pilots/visit_page.html",
        given={**given, "whole": True, "signs": "A-Z0-9-"},
        script=SCRIPT,
        site_name=current_app.config["SETTINGS"].site_name,
        lang=spoken().replace("_", "-"),
    )


def _urls() -> dict[str, str]:
    return {
        "page": url_for(".visit_page"),
        "worker": url_for(".visit_worker"),
        "join": url_for(".take_pilot_along", reference="CODE"),
        "clinic": url_for(".pilot_along"),
        "ideas": url_for(".receive_visit"),
    }


def _page() -> KeptPage:
    page = url_for(".visit_page")
    return KeptPage("visits", page, page, url_for(".visit_manifest"), base_of(spoken()))


@bp.get("/visits/worker.js")
@public
def visit_worker() -> Response:
    return offline.worker(_page())


@bp.get("/visits/manifest.webmanifest")
@public
def visit_manifest() -> Response:
    name = _("Visits · %(site)s", site=str(current_app.config["SETTINGS"].site_name))
    lang = spoken().replace("_", "-")
    return offline.manifest(url_for(".visit_page"), name=name, short_name=_("Visits"), lang=lang)


# Where phones take a pilot along and deliver


@bp.post("/visits/pilots/<reference>")
@by_token
@tells_problems
def take_pilot_along(reference: str) -> Any:
    """A token for whoever is signed in on the phone, and all that it takes along."""
    if came_from_elsewhere():
        raise Forbidden
    if me().person_id is None:
        return problem(401, _("Sign in on this phone first, then take the pilot along."))
    pilot = queries.find_pilot(me(), reference)
    if not policy.may_record_visit.allows(me(), pilot):
        return problem(409, _("Visits of this pilot are written down by its team and its coordinator."))
    phone, token = commands.take_pilot_along(me(), pilot, label=describe(request.user_agent.string))
    answer = jsonify({"token": token, **packet_of(phone)})
    answer.status_code = 201
    return answer


@bp.get("/visits/pilot")
@public
@tells_problems
def pilot_along() -> Any:
    """What the phone takes along, as it is now."""
    phone = holder_of(queries.find_phone)
    if phone is None:
        return problem(401, _(SHUT_OUT))
    if not policy.may_record_visit.allows(actor_of(phone.person), phone.pilot):
        return problem(403, _(NOT_YOURS))  # what it took along it keeps, and learns nothing new
    return jsonify(packet_of(phone))


@bp.post("/visits/sent")
@by_token
@tells_problems
def receive_visit() -> Any:
    """Take a visit from a phone in the name of who took the pilot along: once, however often it is sent."""
    if is_too_large():
        return problem(413, _("This visit is too large. Take the photo away or make it smaller."))
    begin_reading()
    phone = holder_of(queries.find_phone)
    if phone is None:
        return problem(401, _(SHUT_OUT))
    actor, pilot = actor_of(phone.person), phone.pilot
    form = NewVisitForm.read(pilot=pilot)

    def submit(photo: Checked | None, waiting: int) -> bool:
        return form.submit_to(commands.record_visit, actor, pilot, photo=photo, phone=phone, waiting=waiting)

    no_key = _("This visit has no proper key.")
    try:
        answer = not_taken(form, submit, shut_out=SHUT_OUT, no_key=no_key, before=lambda: form.came_before)
    except Forbidden:
        db.session.rollback()
        return problem(403, _(NOT_YOURS))
    return _taken(actor, pilot, form.result) if answer is None else answer


def _taken(actor: Actor, pilot: Pilot, recorded: Recorded) -> Any:
    told = queries.find_visit(actor, pilot, recorded.visit.number)
    said = {"reference": queries.reference_of(told.visit), "title": f"{told.site}, {day(told.visit.visited_on)}"}
    if told.visit.harm:
        said["onward"] = url_for(".report_incident", reference=pilot.idea.reference, visit=recorded.visit.number)
    return jsonify({**said, "secret": None, "is_new": recorded.is_new}), 201 if recorded.is_new else 200
