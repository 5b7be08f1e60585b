"""Pages for the room: the code to project and to print, and joining with it without a sign-in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from innovation.clinics import packet, policy, queries, rooms, rounds
from innovation.clinics.blueprint import bp
from innovation.clinics.join_forms import CodeForm
from innovation.clinics.models import Clinic, Room
from innovation.clinics.own_phone import clinic_with_new_code, room_of
from innovation.clinics.room_capture import capture_in_room
from innovation.db import db, now
from innovation.ideas import claims
from innovation.ideas.capture import Captured, closed_reasons
from innovation.ideas.photos import photo_of
from innovation.ideas.qr import qr_code
from innovation.languages import base_of, spoken
from innovation.languages import gettext as _
from innovation.programmes.models import Programme
from innovation.programmes.notices import find_notice
from innovation.programmes.own_words import speak_for
from innovation.speaking import COOKIE, in_every_language, lead, prefer
from innovation.web import full_address, me, public
from workflows import Refused

REMEMBERED = 12
HERE = ("localhost", "127.0.0.1", "[::1]")  # which browsers trust without HTTPS

# The facilitator's side


@bp.get("/clinics/<code>/room")
def room(code: str) -> Any:
    found = _run(code)
    return render_template(
        "clinics/room.html",
        clinic=found,
        words=db.session.get_one(Programme, found.programme_id).workflow_version.definition.words,
        room=rooms.find_room_of(found),
        devices=[
            (device, ideas, device.revoked_at is None and rooms.ends_at(device) > now())
            for device, ideas in rooms.list_devices(found)
        ],
        not_yet=rooms.NOT_YET.get(found.state),
        **way_in(rooms.find_room_of(found)),
    )


@bp.get("/clinics/<code>/room/poster")
@in_every_language
def poster(code: str) -> Any:
    """The code and the square alone: to project, and to print, in the language of the room."""
    found = _run(code)
    lead(found.language)
    speak_for(found.programme_id)
    entrance = rooms.find_room_of(found)
    if entrance is None or not entrance.code:
        return redirect(url_for(".room", code=found.code))
    return render_template("clinics/poster.html", clinic=found, **way_in(entrance))


@bp.post("/clinics/<code>/room")
def open_room(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    rooms.open_room(me(), found)
    flash(_("The room is open. Show the code on the wall."))
    return redirect(url_for(".room", code=found.code))


@bp.post("/clinics/<code>/room/code")
def renew_code(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    rooms.renew_code(me(), found)
    flash(_("There is a new code. The old one has stopped working."))
    return redirect(url_for(".room", code=found.code))


@bp.post("/clinics/<code>/room/end")
def end_room(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    rooms.end_room(me(), found)
    flash(_("Nobody joins any more. Phones that have joined still deliver what they hold."))
    return redirect(url_for(".room", code=found.code))


@bp.post("/clinics/<code>/devices/<int:device_id>/end")
def end_device(code: str, device_id: int) -> Any:
    found = queries.find_clinic(me(), code)
    rooms.shut_out_device(me(), found, device_id=device_id)
    flash(_("That phone can send nothing more."))
    return redirect(url_for(".room", code=found.code, _anchor="phones"))


def _run(code: str) -> Clinic:
    found = queries.find_clinic(me(), code)
    policy.may_open_room.require(me(), found)
    return found


def way_in(entrance: Room | None) -> dict[str, Any]:
    """The code and the square of a room, empty where nobody can join."""
    if entrance is None or not entrance.code:
        return {"address": "", "short": "", "shown": "", "qr": ""}
    address = full_address(url_for(".join_room", code=entrance.code))
    short = full_address(url_for(".join")).partition("://")[2]
    return {"address": address, "short": short, "shown": rooms.shown(entrance.code), "qr": qr_code(address)}


# Joining


@bp.get("/join")
@public
@in_every_language
def join() -> Any:
    """Where one types the code."""
    form = CodeForm.of_query()
    if "code" not in request.args or COOKIE in request.args:  # with another language, what is typed is not sent yet
        return render_template("clinics/join.html", form=form)
    if form.validate():
        try:
            return redirect(url_for(".join_room", code=room_of(form.code.data or "").code))
        except Refused as refused:
            form.refuse(refused, 422)
    return render_template("clinics/join.html", form=form), 422


@bp.get("/join/<code>")
@public
@in_every_language
def join_room(code: str) -> Any:
    """What the clinic is about, and what happens with personal information: before anything is asked."""
    entrance = entrance_of(code)
    if not isinstance(entrance, Room):
        return entrance
    programme = db.session.get_one(Programme, entrance.clinic.programme_id)
    prefer(entrance.clinic.language)
    speak_for(programme.id)
    words = programme.workflow_version.definition.words
    notice = packet.notice_parts(find_notice(programme, base_of(spoken())), words.site)
    return render_template(
        "clinics/join_room.html",
        clinic=entrance.clinic,
        programme=programme,
        code=entrance.code,
        notice=notice,
        reasons=closed_reasons(entrance.clinic),
        voting=rounds.is_voting(entrance.clinic),
        keeps_page=request.is_secure or request.host.partition(":")[0] in HERE,
    )


@bp.route("/join/<code>/form", methods=["GET", "POST"])
@public
@in_every_language
def join_form(code: str) -> Any:
    """The ordinary form, for browsers without scripts: one idea at a time."""
    typed = CodeForm(data={"code": request.form.get("code", "")[:20]})
    entrance = entrance_of(typed.code.data or code)
    if isinstance(entrance, Room):
        clinic, asks_code = entrance.clinic, None
        session["form_of"] = clinic.id
    elif (left := clinic_left_open("form_of")) is not None:
        clinic, asks_code = left, typed
    else:
        return entrance
    programme = db.session.get_one(Programme, clinic.programme_id)
    prefer(clinic.language)
    speak_for(programme.id)
    notice = find_notice(programme, base_of(spoken()))
    form = packet.room_form(programme).read(
        data={"theme": clinic.theme_id, "where_district": clinic.district_id}, programme=programme
    )
    if not form.was_sent:
        form.shows(notice)
    try:
        if asks_code is not None:
            raise Refused((rooms.NEW_CODE,))
        photo = photo_of(form.photo)
    except Refused as refused:
        form.refuse(refused, 422)
    else:
        if form.submit_to(capture_in_room, rooms.actor_of(clinic), clinic, photo=photo):
            return _captured(form.result, str(entrance.code))
    reasons, done = closed_reasons(clinic), request.args.get("done", "")
    return render_template(
        "clinics/join_form.html",
        form=form,
        clinic=clinic,
        code=code if asks_code is not None else entrance.code,
        asks_code=asks_code,
        notice=packet.notice_parts(notice, programme.workflow_version.definition.words.site),
        reasons=reasons,
        is_asked=not reasons or request.method == "POST",
        done=done if done in session.get("slips", {}) else "",
        secret=session.get("slips", {}).get(done, ""),
        shown=claims.shown,
    ), form.status


def clinic_left_open(page: str) -> Clinic | None:
    """The clinic whose page was filled in here while its code was renewed: what was typed is kept, and asks for it."""
    clinic_id = session.get(page) if request.method == "POST" else None
    clinic = db.session.get(Clinic, clinic_id) if clinic_id is not None else None
    entrance = rooms.find_room_of(clinic) if clinic is not None else None
    return clinic if entrance is not None and entrance.code else None


def _captured(result: Captured, code: str) -> Any:
    if result.secret:
        slips = {**session.get("slips", {}), result.idea.reference: result.secret}
        session["slips"] = dict(list(slips.items())[-REMEMBERED:])
    return redirect(url_for(".join_form", code=code, done=result.idea.reference))


def entrance_of(code: str) -> Any:
    """The room, or the page that asks for its code again."""
    try:
        return room_of(code)
    except Refused as refused:
        renewed = clinic_with_new_code()
        if renewed is not None:
            prefer(renewed.language)
            speak_for(renewed.programme_id)
            return render_template("clinics/join.html", form=CodeForm(), renewed=renewed, why=rooms.NEW_CODE), 404
        form = CodeForm(data={"code": code[:20]})
        form.refuse(refused, 404)
        return render_template("clinics/join.html", form=form), 404
