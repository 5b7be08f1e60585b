"""What a phone delivers late: taken in with its key and its photo, or answered so that the phone knows what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from innovation.command import STALE
from innovation.db import db, whole_number
from innovation.errors import note_store_trouble
from innovation.ideas.filecheck import Checked
from innovation.ideas.photos import photo_of
from innovation.ideas.store import StoreAway
from innovation.languages import gettext as _
from innovation.problems import later, look_again, problem
from workflows import Refused

MOST_SENT = 4_000_000  # bytes of a delivery with its photo
Submit = Callable[[Checked | None, int], bool]


def is_too_large() -> bool:
    return (request.content_length or 0) > MOST_SENT


def not_taken(form: Any, submit: Submit, *, shut_out: str, no_key: str, before: Callable[[], str | None]) -> Any:
    """Submit what the form holds, and answer why it was not taken; None where it was.

    ``submit`` is given the photo and how many more the phone says it holds; ``before`` names what came before under
    the same key with other words. ``shut_out`` is how a command refuses a phone that may send nothing more.
    """
    key = form.form_key.raw_data[0] if form.form_key.raw_data else ""
    if key != form.form_key.data:
        return problem(422, no_key, errors={"form_key": [no_key]})
    try:
        photo = photo_of(form.photo)
    except Refused as refused:
        return look_again({"photo": [_(reason) for reason in refused.reasons]})
    db.session.rollback()  # no lock is held while a picture is looked at
    try:
        if submit(photo, min(whole_number(request.form.get("waiting", "")) or 0, 10_000)):
            return None
    except StoreAway as away:
        return later(note_store_trouble(away))
    if form.errors:
        return look_again(form.errors)
    if _(shut_out) in form.refusals:  # while it was under way
        return problem(401, _(shut_out))
    if _(STALE) in form.refusals:  # nobody is at the phone to look at a newer version
        return later(_("The site is busy. Try again in a moment."))
    there = before()
    return problem(409, " ".join(form.refusals), **({"reference": there} if there else {}))
