"""What a phone takes along: the clinic, its notice, and the questions, so that it can ask them without signal."""

from __future__ import annotations

import json
import zlib
from typing import Any

from innovation.clinics import agenda, wall_reading, walls
from innovation.clinics.join_forms import OWNER, RoomForm
from innovation.clinics.models import Clinic
from innovation.ideas.capture_forms import capture_form
from innovation.ideas.codes import PURPOSES
from innovation.ideas.queries import released_lessons
from innovation.languages import base_of, spoken, told_in
from innovation.languages import gettext as _
from innovation.permission import STRANGER
from innovation.programmes.models import Programme
from innovation.programmes.notices import Notice
from workflows import CAPTURE, CanvasField, Definition

TEXTS = {"TextAreaField": "text", "StringField": "line", "EmailField": "email", "TelField": "tel"}
KINDS = {"Radio": "choice", "SelectField": "list", "Listed": "list", "Checkboxes": "choices", "DateField": "date"}
NUMBERS = ("Number", "MoneyField", "IntegerField")
ALWAYS = "title"
KNOWN, SUMMARY = 60, 160  # ideas of the wall that a phone takes along, and letters of each
LESSON = 280
ROOM = {"known": 5_000, "lessons": 6_000}  # bytes that these weigh at most on their way, of the 60 kB of a first view


def room_form(programme: Programme) -> type[Any]:
    """The form class for ideas from the room."""
    return capture_form(RoomForm, programme)


def packet(clinic: Clinic, programme: Programme, notice: Notice) -> dict[str, Any]:
    """Plain values only, as JSON can hold them."""
    form = room_form(programme)(programme=programme)
    definition = programme.workflow_version.definition
    asked, besides = _screens(form, definition)
    return {
        "clinic": {
            "key": clinic.code,
            "title": _(clinic.title),
            "challenge": _(clinic.challenge),
            "programme": _(programme.name),
            "takes": clinic.state == "open",
        },
        "language": base_of(spoken()),
        "notice": notice_parts(notice),
        "screens": asked,
        "besides": besides,
        "owner": [question(form[name]) for name in OWNER],
        "consents": [_consent(form[f"consent_{purpose}"]) for purpose in PURPOSES],
        "photo": question(form.photo),
        "known": _known(clinic),
        "lessons": _lessons(clinic),
        "defaults": {
            name: str(value)
            for name, value in (("theme", clinic.theme_id), ("where_district", clinic.district_id))
            if value is not None
        },
    }


def _known(clinic: Clinic) -> list[list[str]]:
    """The newest of what the wall shows everybody, to be held against what is typed where there is no signal."""
    wall = walls.find_wall(clinic)
    if wall.view == "cover" or clinic.state not in agenda.STANDS:
        return []
    shown = [note for note in wall_reading.list_notes(STRANGER, clinic, wall) if note.is_shown]
    told = [[note.reference, note.title, note.summary[:SUMMARY]] for note in shown[:KNOWN]]
    return _as_many_as_fit(told, ROOM["known"])


def _lessons(clinic: Clinic) -> list[list[str]]:
    """What was learnt from ideas that ended, as far as everybody may read it: its words, and what to do otherwise."""
    found = released_lessons(clinic.programme_id, KNOWN)
    return _as_many_as_fit([[each.tried[:SUMMARY], each.otherwise[:LESSON]] for each in found], ROOM["lessons"])


def _as_many_as_fit(rows: list[list[str]], room: int) -> list[list[str]]:
    """The first rows that weigh no more than ``room`` bytes when they are packed."""
    packer, weight, kept = zlib.compressobj(9), 0, []
    for row in rows:
        packed = packer.compress(json.dumps(row).encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
        weight += len(packed) - 5  # by which the flush makes it longer
        if weight > room:
            break
        kept.append(row)
    return kept


def notice_parts(notice: Notice, site: str = "") -> dict[str, Any]:
    """The notice as it is shown: version, language, paragraphs, and beside a draft those of the text that counts.

    ``site`` is what the programme calls a school: with it the notice ends with how consent is asked for.
    """
    beside = notice.original
    return {
        "version": notice.version,
        "language": notice.language,
        "is_draft": notice.is_draft,
        "paragraphs": told_in(notice.language, lambda: _paragraphs(notice, site)),
        "english": told_in(beside.language, lambda: _paragraphs(beside, site)) if beside is not None else None,
    }


def _paragraphs(notice: Notice, site: str) -> list[str]:
    usual = _(
        "Names and contact details are kept to run this programme. Only its staff see them. "
        "The owner can ask to see, correct or remove them at any time."
    )
    decide = _(
        "You decide about each use by itself: what you do not agree to is not done. Of somebody under 18 no more than "
        "a first name and a %(site)s is kept, and only if a parent or guardian agreed.",
        site=_(site).lower(),
    )
    text = "\n".join(part for part in (notice.text or usual, notice.responsible_party, decide if site else "") if part)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _consent(control: Any) -> dict[str, Any]:
    return question(control) | ({"english": control.english} if control.english else {})


def _screens(form: Any, definition: Definition) -> tuple[list[Any], list[Any]]:
    """One question a screen, in the order of the canvas; choices stand below the question before them. What may wait
    is besides."""
    needed = {CAPTURE, definition.gates[0].key}
    screens: list[list[Any]] = []
    besides: list[Any] = []
    for field in (f for f in definition.canvas if f in (*form.first_fields, *form.more_fields)):
        controls = [control for control in form.controls(field) if kind_of(control)]
        if not _is_asked_at_once(field, needed):
            besides += map(question, controls)
        elif field.type in ("choice", "choices") and screens:
            screens[-1] += map(question, controls)
        elif controls:
            screens.append([question(control) for control in controls])
    return screens, besides


def _is_asked_at_once(field: CanvasField, needed: set[str]) -> bool:
    return field.key == ALWAYS or (field.kept_in == "canvas" and field.required_from in needed)


def kind_of(control: Any) -> str:
    """How a phone asks; empty for what it cannot ask, such as a table."""
    name = type(control).__name__
    return TEXTS.get(name) or KINDS.get(name) or ("number" if name in NUMBERS else "")


def question(control: Any) -> dict[str, Any]:
    """A field of a form as a phone asks it."""
    said: dict[str, Any] = {"name": control.name, "kind": kind_of(control), "label": str(control.label.text)}
    if control.description:
        said["help"] = str(control.description)
    if control.flags.required:
        said["required"] = True
    longest = getattr(control.flags, "maxlength", None)
    if longest:
        said["most"] = longest
    if said["kind"] in ("choice", "choices", "list"):
        said["options"] = [[str(value), str(label)] for value, label in _options(control)]
    return said


def _options(control: Any) -> list[tuple[Any, Any]]:
    return [(choice.value, choice.label) for choice in control.iter_choices()]
