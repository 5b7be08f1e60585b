"""The pages on which a programme's texts are written in other languages, and the list for the translator."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.permission import NotThere
from innovation.programmes import notices, own_words, policy, queries
from innovation.programmes.blueprint import bp
from innovation.programmes.brought import Brought, read_brought
from innovation.programmes.models import Programme
from innovation.programmes.own_words import Text
from innovation.programmes.translating import write_texts
from innovation.programmes.translating_forms import TextsForm, texts_form
from innovation.tables import TableFault, write_table
from innovation.web import me


@bp.get("/programmes/<key>/languages")
def texts(key: str) -> Any:
    """Each language, and how much of what participants read is missing in it."""
    home = queries.find_programme(me(), key)
    languages = own_words.other_languages()
    return render_template(
        "programmes/languages.html",
        programme=home,
        lacking={code: sum(text.is_missing for text in _all(home, code)) for code in languages},
        named=languages,
    )


@bp.route("/programmes/<key>/languages/<language>", methods=["GET", "POST"])
def texts_in(key: str, language: str) -> Any:
    home, found = _find(key, language)
    form = texts_form(found).read(data=_first(home, language, found))
    if form.submit_to(write_texts, me(), home, language=language):
        flash(ngettext("%(num)d text is changed.", "%(num)d texts are changed.", form.result))
        return redirect(url_for(".texts_in", key=key, language=language))
    return _language_page(home, language, found, form)


def _first(home: Programme, language: str, found: list[Text]) -> dict[str, Any]:
    """What is written already."""
    kept = notices.translation(home, language)
    own = {text.name: text.own for text in found}
    return {**own, "notice": kept.text if kept else "", "is_checked": bool(kept and not kept.is_draft)}


@bp.post("/programmes/<key>/languages/<language>/file")
def look_at_texts(key: str, language: str) -> Any:
    """The form filled in from a translator's file: nothing of it is kept before somebody has seen it and saves."""
    home, found = _find(key, language)
    policy.may_write_texts.require(me(), home)
    file, kind, first = request.files.get("file"), texts_form(found), _first(home, language, found)
    heading = own_words.other_languages()[language]
    try:
        if not file:
            raise TableFault("Choose the file first.")
        brought = read_brought(file.read(), file.filename or "", _all(home, language), heading, home.notice)
    except TableFault as refused:
        form = kind(data=first)
        form.refuse(refused, 422)
        return _language_page(home, language, found, form)
    new: dict[str, Any] = {t.name: brought.texts[t.english] for t in found if t.english in brought.texts}
    if home.notice in brought.texts:
        new |= {"notice": brought.texts[home.notice], "is_checked": False}
    return _language_page(home, language, found, kind(data=first | new), brought)


def _language_page(
    home: Programme, language: str, found: list[Text], form: TextsForm, brought: Brought | None = None
) -> Any:
    new = brought.texts if brought else {}
    rest = [text for text in found if text.english not in new]
    return render_template(
        "programmes/language.html",
        programme=home,
        form=form,
        language=language,
        name=own_words.other_languages()[language],
        brought=brought,
        changed=[(form[text.name], text.own) for text in found if text.english in new],
        missing=[form[text.name] for text in rest if text.is_missing],
        known=[form[text.name] for text in rest if not text.is_missing],
        lacking=sum(text.is_missing for text in _all(home, language)),
    ), form.status


@bp.get("/programmes/<key>/languages/<language>/texts.csv")
def texts_file(key: str, language: str) -> Response:
    """For the translator: every text, what is missing first."""
    home, _found = _find(key, language)
    columns = [("what", _("What it is")), ("english", _("Original")), ("text", own_words.other_languages()[language])]
    rows = (
        {"what": text.what, "english": text.english, "text": text.own or text.known} for text in _all(home, language)
    )
    return write_table(columns, rows, "csv", f"{home.key}-{language}")


def _find(key: str, language: str) -> tuple[Programme, list[Text]]:
    home = queries.find_programme(me(), key)
    if language not in own_words.other_languages():
        raise NotThere
    return home, own_words.texts_of(home, language)


def _all(home: Programme, language: str) -> list[Text]:
    """The texts, and the notice where the programme has one of its own."""
    kept = notices.translation(home, language)
    notice = [Text(_("The notice"), home.notice, kept.text if kept else "")] if home.notice else []
    every = [*notice, *own_words.texts_of(home, language)]
    return sorted(every, key=lambda text: not text.is_missing)
