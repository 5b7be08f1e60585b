"""The wall to project and to follow on a phone, and the page on which a phone places its dots."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request, session, url_for

from innovation.accounts.browsers import describe
from innovation.clinics import board_views, dots, policy, queries, rooms, rounds, wall_pulse, wall_reading
from innovation.clinics.blueprint import bp
from innovation.clinics.join_forms import CodeForm
from innovation.clinics.join_views import clinic_left_open, entrance_of, way_in
from innovation.clinics.models import Clinic, Device, Room
from innovation.clinics.own_phone import phone_of, remember_phone, room_of
from innovation.clinics.wall_forms import sent_dots
from innovation.db import begin_reading, db, whole_number
from innovation.forms import KEEP
from innovation.languages import LANGUAGES
from innovation.languages import gettext as _
from innovation.permission import Actor
from innovation.programmes.own_words import speak_for
from innovation.speaking import in_every_language, lead, prefer
from innovation.web import me, public
from workflows import Refused

LOOKS = ("light", "dark")
NO_BALLOT = "This vote came without its round. Begin with the page as it is now."


# The wall


@bp.get("/clinics/<code>/wall")
@in_every_language
def wall(code: str) -> Any:
    """For the projector, opened by whoever runs the clinic: in the language of the room, not in theirs."""
    found = queries.find_clinic(me(), code)
    policy.may_run_wall.require(me(), found)
    lead(found.language)
    tag = wall_pulse.pulse_of_clinic(me(), found.id).tag
    return _wall_page(me(), found, tag, ".wall_now", found.code, back=url_for(".board", code=found.code))


@bp.get("/clinics/<code>/wall/now")
@in_every_language
def wall_now(code: str) -> Response:
    found = queries.find_clinic(me(), code)
    policy.may_run_wall.require(me(), found)
    lead(found.language)
    tag = wall_pulse.pulse_of_clinic(me(), found.id).tag
    return board_views.followed(tag, lambda: _wall_body(tag, request.script_root, found.id))


@bp.get("/join/<code>/wall")
@public
@in_every_language
def room_wall(code: str) -> Any:
    """The same on a phone, or on a computer where nobody has signed in, for as long as the code works."""
    entrance = entrance_of(code)
    if not isinstance(entrance, Room):
        return entrance
    prefer(entrance.clinic.language)
    found = wall_pulse.pulse_of_code(me(), str(entrance.code))
    tag, code = found.tag if found else "", str(entrance.code)
    return _wall_page(me(), entrance.clinic, tag, ".room_wall_now", code, back=url_for(".place_dots", code=code))


@bp.get("/join/<code>/wall/now")
@public
@in_every_language
def room_wall_now(code: str) -> Any:
    found = wall_pulse.pulse_of_code(me(), _let_in(code))
    if found is None:
        return entrance_of(code)
    prefer(found.language)
    tag, clinic_id = found.tag, found.clinic_id
    return board_views.followed(tag, lambda: _wall_body(tag, request.script_root, clinic_id))


def _let_in(code: str) -> str:
    """The code, once it was right in this browser: then tries need not be counted again for each question."""
    typed = rooms.plain(code)
    if session.get("room") != typed:
        room_of(typed)
    return typed


def _wall_page(actor: Actor, found: Clinic, tag: str, follow: str, code: str, *, back: str) -> str:
    """``follow`` is asked with what this page was asked with: another page may be in another language."""
    look, language = request.args.get("look", ""), request.args.get("language", "")
    kept: dict[str, Any] = {"language": language} if language in LANGUAGES else {}
    values = _wall_values(actor, found)
    links = {
        "look": look if look in LOOKS else "",
        "looks": {**{name: _here(look=name, **kept) for name in LOOKS}, "here": _here(**kept)},
        "follow": url_for(follow, code=code, **kept),
        "back": back,
    }
    return render_template("clinics/wall.html", clinic=found, tag=tag, **links, **values)


def _here(**asked: str) -> str:
    return request.script_root + request.path + (f"?{urlencode(asked)}" if asked else "")


@lru_cache(maxsize=8)
def _wall_body(_tag: str, _root: str, clinic_id: int) -> str:
    """Drawn once for a tag, which says for whom it is, and which all that the wall shows has moved before."""
    found = db.session.get_one(Clinic, clinic_id)
    return render_template("clinics/wall_now.html", **_wall_values(me(), found))


def _wall_values(actor: Actor, found: Clinic) -> dict[str, Any]:
    speak_for(found.programme_id)
    shown = way_in(rooms.find_room_of(found))
    return {
        "page": wall_reading.wall_page(actor, found),
        "qr": shown["qr"],
        "code": shown["shown"],
        "short": shown["short"],
    }


# Dots


@bp.route("/join/<code>/dots", methods=["GET", "POST"])
@public
@in_every_language
def place_dots(code: str) -> Any:
    """Where a phone, or somebody who has signed in, places dots; once for each, and changed until the round closes."""
    begin_reading()
    typed = CodeForm(data={"code": request.form.get("code", "")[:20]})
    entrance = entrance_of(typed.code.data or code)
    if not isinstance(entrance, Room):
        left = clinic_left_open("dots_of")
        return entrance if left is None or not _takes_part(left) else _asking_code(left, code, typed)
    session["dots_of"] = entrance.clinic_id
    prefer(entrance.clinic.language)
    if request.method == "GET":
        return _dots_page(entrance.clinic, str(entrance.code))
    if KEEP in request.form:
        return _dots_page(entrance.clinic, str(entrance.code), marks=sent_dots())
    return _place(entrance.clinic, str(entrance.code))


def _takes_part(clinic: Clinic) -> bool:
    return phone_of(clinic)[0] is not None or me().person_id is not None


def _asking_code(clinic: Clinic, code: str, typed: CodeForm) -> Any:
    """The dots that were placed while the code was renewed, with a field for the new one above them."""
    prefer(clinic.language)
    found, number = rounds.find_round(clinic), whole_number(request.form.get("number", "")) or 0
    is_same = found is not None and found.id == whole_number(request.form.get("round", ""))
    kept: dict[str, Any] = {"marks": sent_dots(), "number": number} if is_same else {}
    page, _status = _dots_page(clinic, code, (_(rooms.NEW_CODE),), asks_code=typed, **kept)
    return page, 422


@bp.get("/join/<code>/dots/now")
@public
@in_every_language
def dots_now(code: str) -> Any:
    """Whether another round is open, this one is closed, or its ideas have changed."""
    found = wall_pulse.pulse_of_dots(me(), _let_in(code))
    if found is None:
        return entrance_of(code)
    clinic = db.session.get_one(Clinic, found.clinic_id)
    prefer(found.language)
    return board_views.followed(
        found.tag, lambda: render_template("clinics/dots_now.html", **_dots_values(clinic, rooms.plain(code)))
    )


@bp.post("/join/<code>/phone")
@public
@in_every_language
def join_phone(code: str) -> Any:
    """Let this browser take part: it gets a token of its own, as a phone that captures has."""
    entrance = entrance_of(code)
    if not isinstance(entrance, Room):
        return entrance
    answer = redirect(url_for(".place_dots", code=entrance.code))
    if phone_of(entrance.clinic)[0] is None:
        _device, token = rooms.join_room(me(), entrance, label=describe(request.user_agent.string))
        remember_phone(answer, entrance.clinic, token)
    return answer


def _place(clinic: Clinic, code: str) -> Any:
    (device, _token), found = phone_of(clinic), rounds.find_round(clinic)
    round_id = whole_number(request.form.get("round", ""))
    if found is None or round_id is None or not _takes_part(clinic):
        return _dots_page(clinic, code, (_(NO_BALLOT),))
    marks, based_on = sent_dots(), whole_number(request.form.get("number", "")) or 0
    voter, actor = rounds.voter_of(device, me().person_id, found), _actor(clinic, device)
    db.session.rollback()  # the lock of writers is taken when the dots are placed, and not before
    try:
        rounds.place_dots(actor, clinic, round_id=round_id, voter=voter, marks=marks, based_on=based_on, device=device)
    except Refused as refused:
        db.session.rollback()
        return _dots_page(clinic, code, tuple(_(reason) for reason in refused.reasons), marks)
    flash(_("Your vote has arrived."))
    return redirect(url_for(".place_dots", code=code))


def _actor(clinic: Clinic, device: Device | None) -> Actor:
    held = rooms.actor_of(clinic, device)
    return held if device is not None else Actor(me().person_id, grants=held.grants, kind="device")


def _dots_page(
    clinic: Clinic, code: str, refusals: tuple[str, ...] = (), marks: dict[int, int] | None = None, **more: Any
) -> Any:
    """``marks`` are dots that have not arrived; they stay, unless others have arrived from the same voter."""
    values = _dots_values(clinic, code) | more
    if values["sheet"] is not None and marks and refusals != (_(dots.CHANGED),):
        placed = {note.idea_id: marks.get(note.idea_id, 0) for note in values["notes"]}
        values |= {"placed": placed, "is_unsent": True}
    speak_for(clinic.programme_id)
    found = wall_pulse.pulse_of_dots(me(), code)
    page = render_template("clinics/dots.html", tag=found.tag if found else "", refusals=refusals, **values)
    return page, 409 if refusals else 200


def _dots_values(clinic: Clinic, code: str) -> dict[str, Any]:
    """The round that is open, its ideas, and the dots that this very phone or account has placed."""
    found, device, takes_part = rounds.find_round(clinic), phone_of(clinic)[0], _takes_part(clinic)
    is_open = found is not None and found.state == "open"
    values: dict[str, Any] = {
        "clinic": clinic,
        "code": code,
        "round": found,
        "is_open": is_open,
        "takes_part": takes_part,
        "notes": [],
        "sheet": None,
        "number": 0,
        "is_unsent": False,
        "asks_code": None,
        "placed": {},
    }
    if found is None or not is_open or not takes_part:
        return values
    sheet = rounds.own_sheet(found, rounds.voter_of(device, me().person_id, found))
    joined = rounds.joined_at(clinic)
    notes = wall_reading.ballot_notes(me(), clinic, found, joined)
    carried = dots.carried(sheet.marks, joined, found.most)
    return {
        **values,
        "notes": notes,
        "sheet": sheet,
        "number": sheet.number,
        "placed": {note.idea_id: carried.get(note.idea_id, 0) for note in notes},
    }
