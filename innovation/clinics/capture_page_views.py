"""The capture page that works without a signal: its shell, its worker, and where phones deliver."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Response, current_app, jsonify, render_template, request, url_for

from innovation import offline
from innovation.accounts.bearers import holder_of
from innovation.accounts.browsers import describe
from innovation.clinics import packet, policy, rooms
from innovation.clinics.blueprint import bp
from innovation.clinics.capture_words import capture_words
from innovation.clinics.models import Device, Room
from innovation.clinics.own_phone import phone_of, remember_phone, room_of
from innovation.clinics.phones import SHUT_OUT
from innovation.clinics.room_capture import capture_in_room
from innovation.db import begin_reading, db
from innovation.ideas import claims
from innovation.ideas.delivering import is_too_large, not_taken
from innovation.ideas.filecheck import Checked
from innovation.languages import base_of, spoken
from innovation.languages import gettext as _
from innovation.offline import SCRIPT, KeptPage, by_token, release
from innovation.permission import Forbidden
from innovation.problems import problem, tells_problems
from innovation.programmes.models import Programme
from innovation.programmes.notices import find_notice
from innovation.programmes.own_words import speak_for
from innovation.speaking import in_every_language
from innovation.web import came_from_elsewhere, me, public


@bp.get("/capture/")
@public
@in_every_language
def capture_page() -> Any:
    """The same for everybody, so that a browser may keep it."""
    return render_template(
        "clinics/capture_page.html",
        given={"name": "gatehouse-capture", "words": capture_words(), "urls": _urls(), "release": release()},
        script=SCRIPT,
        code=rooms.plain(request.args.get("code", "")),
        site_name=current_app.config["SETTINGS"].site_name,
        lang=spoken().replace("_", "-"),
    )


def _urls() -> dict[str, str]:
    return {
        "page": url_for(".capture_page"),
        "worker": url_for(".capture_worker"),
        "join": url_for(".join_device", code="CODE", language=_language()),
        "clinic": url_for(".capture_clinic", language=_language()),
        "dots": url_for(".place_dots", code="CODE", language=_language()),
        "ideas": url_for(".receive_idea", language=_language()),
        "status": url_for("ideas.status"),
    }


def _language() -> str:
    return base_of(spoken())


def _page() -> KeptPage:
    """The page as the browser keeps it: in the language that is spoken now."""
    kept = url_for(".capture_page", language=_language())
    return KeptPage("capture", url_for(".capture_page"), kept, url_for(".capture_manifest"), _language())


@bp.get("/capture/worker.js")
@public
@in_every_language
def capture_worker() -> Response:
    return offline.worker(_page())


@bp.get("/capture/manifest.webmanifest")
@public
@in_every_language
def capture_manifest() -> Response:
    name = _("Capture ideas · %(site)s", site=str(current_app.config["SETTINGS"].site_name))
    lang = spoken().replace("_", "-")
    return offline.manifest(url_for(".capture_page"), name=name, short_name=_("Capture"), lang=lang)


# Where phones join and deliver


@bp.post("/join/<code>/devices")
@by_token
@tells_problems
@in_every_language
def join_device(code: str) -> Any:
    """A token and all that the phone takes along."""
    if came_from_elsewhere():
        raise Forbidden
    entrance = room_of(code)
    device, token = _known_phone(entrance) or rooms.join_room(me(), entrance, label=describe(request.user_agent.string))
    answer = _answer(device, token=token)
    answer.status_code = 201
    remember_phone(answer, entrance.clinic, token)  # so that it votes as this phone, too
    return answer


def _known_phone(entrance: Room) -> tuple[Device, str] | None:
    """The phone as which this browser has joined already: it stays one, and has one set of dots."""
    device, token = phone_of(entrance.clinic)
    runs = policy.may_run_clinic.allows(me(), entrance.clinic)
    return (device, token) if device is not None and runs == (device.person_id is not None) else None


@bp.get("/capture/clinic")
@public
@tells_problems
@in_every_language
def capture_clinic() -> Any:
    """What the phone takes along, as it is now."""
    device = _device()
    return problem(401, _(SHUT_OUT)) if device is None else _answer(device).make_conditional(request)


@bp.post("/capture/ideas")
@by_token
@tells_problems
@in_every_language
def receive_idea() -> Any:
    """Take an idea from a phone that joined: once, however often it is sent."""
    if is_too_large():
        return problem(413, _("This idea is too large. Take the photo away or make it smaller."))
    begin_reading()
    device = _device()
    if device is None:
        return problem(401, _(SHUT_OUT))
    clinic, programme = device.clinic, db.session.get_one(Programme, device.clinic.programme_id)
    form = packet.room_form(programme).read(programme=programme)

    def submit(photo: Checked | None, waiting: int) -> bool:
        whose = rooms.actor_of(clinic, device)
        return form.submit_to(capture_in_room, whose, clinic, photo=photo, device=device, waiting=waiting)  # type: ignore[no-any-return]

    no_key = _("This idea has no proper key.")
    answer = not_taken(form, submit, shut_out=SHUT_OUT, no_key=no_key, before=lambda: form.besides.data)
    return _taken(form.result) if answer is None else answer


def _taken(result: Any) -> Any:
    told = {"reference": result.idea.reference, "title": result.idea.title}
    secret = claims.shown(result.secret) if result.secret else None
    return jsonify({**told, "secret": secret, "is_new": result.is_new}), 201 if result.is_new else 200


def _answer(device: Device, **more: str) -> Response:
    """All that the phone takes along, with a tag by which it asks later whether anything has changed."""
    taken = _packet(device)
    answer = jsonify({**taken, **more})
    answer.set_etag(hashlib.sha256(json.dumps(taken).encode()).hexdigest()[:20], weak=True)  # it is packed on its way
    return answer


def _packet(device: Device) -> dict[str, Any]:
    programme = db.session.get_one(Programme, device.clinic.programme_id)
    speak_for(programme.id)
    taken = packet.packet(device.clinic, programme, find_notice(programme, base_of(spoken())))
    return {**taken, "ends_at": rooms.ends_at(device).isoformat(), "staff": rooms.carrier_of(device) is not None}


def _device() -> Device | None:
    """The phone that asks, by its token."""
    return holder_of(rooms.find_device)
