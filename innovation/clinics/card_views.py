"""Pages of paper cards: the list that accounts for them, the cards as PDF, and typing them in one after the other."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.clinics import card_job, cards, policy, queries
from innovation.clinics.blueprint import bp
from innovation.clinics.card_forms import STATE_NAMES, STATE_TONES, CardFilterForm, CardForm, CardsForm
from innovation.clinics.models import Card, Clinic
from innovation.db import begin_reading, db, page_of, small_number
from innovation.downloads import download, pictured
from innovation.ideas import capture, filecheck, store
from innovation.ideas.capture_forms import capture_form, hint_alike
from innovation.languages import LANGUAGES, base_of, ngettext, spoken
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.programmes.models import Programme
from innovation.tables import write_table
from innovation.web import me, public
from workflows import Refused

CARRIED = ("theme", "district", "school")  # what the next card most often has in common with this one
A_PAGE = 50


# The list


@bp.get("/clinics/<code>/cards", endpoint="cards")
def card_list(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    state = ListState.read(("number",), "number")
    if state.export:
        return write_table(_columns(), map(_line, _listed(found)), state.export, f"{found.code}-cards")
    return _list_page(found, CardsForm(), state)


def _listed(found: Clinic) -> list[cards.Listed]:
    return cards.list_cards(me(), found, request.args.get("state", ""))


def _list_page(found: Clinic, form: CardsForm, state: ListState) -> Any:
    every = _listed(found)
    shown = every[(state.number - 1) * A_PAGE : state.number * A_PAGE + 1]
    return render_template(
        "clinics/cards.html",
        clinic=found,
        form=form,
        filters=CardFilterForm.of_query(),
        state=state,
        page=state.on(page_of(shown, state.number, A_PAGE, len(every))),
        counts=cards.count_cards(found),
        state_names=STATE_NAMES,
        tones=STATE_TONES,
        reasons=capture.closed_reasons(found),
    ), form.status


def _columns() -> list[tuple[str, str]]:
    return [
        ("number", _("Card")),
        ("reference", _("Reference")),
        ("state", _("State")),
        ("typed_by", _("Typed in by")),
        ("typed_at", _("Typed in on")),
    ]


def _line(item: cards.Listed) -> dict[str, Any]:
    card = item.card
    typed = {"typed_by": item.typed_by, "typed_at": card.typed_at.date() if card.typed_at else None}
    return {"number": card.number, "reference": card.reference, "state": str(STATE_NAMES[card.state]), **typed}


@bp.post("/clinics/<code>/cards")
def make_cards(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    form = CardsForm.read()
    if form.submit_to(cards.make_cards, me(), found):
        first, last = form.result[0].number, form.result[-1].number
        flash(_("Cards %(first)s to %(last)s are ready to be printed.", first=first, last=last))
        return redirect(url_for(".cards", code=found.code))
    return _list_page(found, form, ListState("number", False, 1, None))


@bp.get("/clinics/<code>/cards/paper")
def cards_paper(code: str) -> Any:
    """The cards that are not typed in, as PDF; ``first`` and ``last`` narrow it to a part of them. What takes longer
    than one waits for is asked for instead."""
    found = queries.find_clinic(me(), code)
    policy.may_make_cards.require(me(), found)
    numbers, language = _asked_cards(found)
    if not numbers:
        raise NotThere
    if len(numbers) > card_job.PILE:
        return render_template(
            "clinics/cards_asked.html", clinic=found, numbers=numbers, language=language, pile=card_job.PILE
        )
    begin_reading()
    there, pdf = card_job.set_cards(found, numbers, language)
    return download([pdf], f"{found.code}-cards-{there[0]}-{there[-1]}.pdf", "application/pdf")


@bp.post("/clinics/<code>/cards/paper")
def ask_cards(code: str) -> Any:
    """Many cards: the worker sets them."""
    found = queries.find_clinic(me(), code)
    numbers, language = _asked_cards(found)
    key = request.form.get("once", "")
    job = card_job.ask_cards(me(), found, numbers=numbers, language=language, form_key=key)
    return redirect(url_for("jobs.job", job_id=job.id))


def _asked_cards(found: Clinic) -> tuple[list[int], str]:
    """The numbers of the cards that are to be printed, and in which language."""
    first = request.values.get("first", 1, type=small_number)
    last = request.values.get("last", cards.MOST, type=small_number)
    asked = request.values.get("language", "")
    language = asked if asked in LANGUAGES else found.language or base_of(spoken())
    return [card.number for card in cards.cards_to_print(found, max(first, 1), min(last, cards.MOST))], language


@bp.post("/clinics/<code>/cards/marks")
def mark_cards(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    numbers = request.form.getlist("number", type=small_number)
    try:
        marked = cards.mark_cards(me(), found, step=request.form.get("step", ""), numbers=numbers)
    except Refused as refused:
        for reason in refused.reasons:
            flash(_(reason), "warning")
        return redirect(url_for(".cards", code=found.code))
    state = STATE_NAMES[marked[0].state]
    flash(ngettext("%(num)d card: %(state)s.", "%(num)d cards: %(state)s.", len(marked), state=state))
    onward = cards.next_card(found, max(numbers)) if request.form.get("then") == "next" and numbers else None
    if onward is not None:
        return redirect(url_for(".type_in_card", code=found.code, number=onward.number, **_carried()))
    return redirect(url_for(".cards", code=found.code))


# Typing in


@bp.get("/clinics/<code>/cards/next")
def next_card(code: str) -> Any:
    """On to the card that was asked for by its number, or to the next one of the pile."""
    found = queries.find_clinic(me(), code)
    asked, after = request.args.get("number", type=small_number), request.args.get("after", 0, type=small_number)
    try:
        card = cards.find_card(found, asked) if asked else cards.next_card(found, after)
    except NotThere:
        return _no_such_card(found, asked)
    if card is None:
        flash(_("Every card is accounted for."))
        return redirect(url_for(".cards", code=found.code))
    return redirect(url_for(".type_in_card", code=found.code, number=card.number, **_carried()))


def _no_such_card(found: Clinic, asked: int | None) -> Any:
    """Back to the card from which it was asked for, so that a slip of the finger costs nothing."""
    flash(_("This clinic has no card %(number)s. Look at the number on the card again.", number=asked), "warning")
    here = request.args.get("here", type=small_number)
    if here is None or here == asked:
        return redirect(url_for(".cards", code=found.code))
    return redirect(url_for(".type_in_card", code=found.code, number=here, **_carried()))


def _carried() -> dict[str, Any]:
    return {name: request.values[name] for name in CARRIED if request.values.get(name)}


@bp.route("/clinics/<code>/cards/<int:number>", methods=["GET", "POST"])
def type_in_card(code: str, number: int) -> Any:
    found = queries.find_clinic(me(), code)
    card = cards.find_card(found, number)
    policy.may_type_in_cards.require(me(), found)
    programme = db.session.get_one(Programme, found.programme_id)
    form = capture_form(CardForm, programme).read(data=_first_values(found), programme=programme)
    form.photo_faults = _keep_photo(found, card, form)
    if form.submit_to(cards.type_in_card, me(), found, number=card.number):
        idea = form.result.idea
        flash(_("Card %(number)s is saved as %(reference)s.", number=card.number, reference=idea.reference))
        return _onward(found, card, form)
    hint_alike(form, "card")
    return render_template(
        "clinics/card.html",
        clinic=found,
        card=card,
        form=form,
        called=programme.workflow_version.definition.words,
        counts=cards.count_cards(found),
        carried=_carried(),
        reasons=capture.closed_reasons(found),
        state_names=STATE_NAMES,
    ), form.status


def _first_values(found: Clinic) -> dict[str, Any]:
    return {
        "theme": request.args.get("theme", type=small_number) or found.theme_id,
        "where_district": request.args.get("district", type=small_number) or found.district_id,
        "where_school": request.args.get("school", "")[:20] or None,
    }


def _keep_photo(found: Clinic, card: Card, form: CardForm) -> tuple[str, ...]:
    """Keep the photograph before anything else is looked at; what stands against it."""
    if not form.was_sent or not form.photo.data:
        return ()
    try:
        photo = filecheck.check(form.photo.data.filename or "card", form.photo.data.read(), store.size_limit())
        cards.keep_photo(me(), found, number=card.number, photo=photo)
    except Refused as refused:
        return refused.reasons
    return ()


def _onward(found: Clinic, card: Card, form: CardForm) -> Any:
    """On to the next card, with what the last one had that others will have too."""
    answers = form.answers()
    district, school = answers.get("where") or (None, None)
    kept = {name: value for name, value in zip(CARRIED, (answers.get("theme"), district, school), strict=True) if value}
    following = cards.next_card(found, card.number)
    if following is None:
        return redirect(url_for(".cards", code=found.code))
    return redirect(url_for(".type_in_card", code=found.code, number=following.number, **kept))


@bp.get("/clinics/<code>/cards/<int:number>/photo")
def card_photo(code: str, number: int) -> Response:
    found = queries.find_clinic(me(), code)
    policy.may_type_in_cards.require(me(), found)
    card = cards.find_photo(me(), found, number)
    try:
        content = store.store().get(card.photo_key or "")
    except FileNotFoundError:
        raise NotThere from None
    return pictured(content, card.photo_type)


@bp.get("/cards/<reference>")
@public
def card(reference: str) -> Any:
    """Where the square on a card leads: to typing it in for who runs the clinic, for others to what became of it."""
    found = cards.clinic_of_card(reference[:20]) if me().person_id else None
    if found is not None and policy.may_type_in_cards.allows(me(), found[0]):
        return redirect(url_for(".type_in_card", code=found[0].code, number=found[1].number))
    return redirect(url_for("ideas.status", reference=reference[:20]))
