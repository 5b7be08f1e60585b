"""Up to four ideas side by side, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for

from innovation.funders import policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import INSTRUMENT_NAMES, LEGAL_NAMES
from innovation.funders.faceted import Names, Offer
from innovation.funders.queries import MOST_COMPARED, Browsing, Card
from innovation.funders.views.browsing import acting, idea_stage, level_words, phase_words
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.places.names import PROVINCES
from innovation.web import me, money, today
from workflows import Words

Row = tuple[str, list[str]]


@bp.get("/funders/compare")
def compare() -> Any:
    if not policy.may_browse_ideas.allows(me()):
        raise NotThere
    funder = acting()
    browsing = Browsing(me(), funder, queries.mandates_for(funder, today()), today())
    asked = list(dict.fromkeys(each.strip().upper()[:20] for each in request.args.getlist("idea") if each.strip()))
    cards = queries.find_compared(browsing, asked)
    if asked and not cards:
        raise NotThere
    offer = Offer.read(browsing)
    shown = [card.idea.reference for card in cards]
    return render_template(
        "funders/compare.html",
        funder=funder,
        own=queries.own_funders(me()),
        cards=cards,
        criteria=_criteria(cards),
        rows=_rows(cards, queries.shared_words(browsing.definitions.values()), offer.values["district"]),
        marks=queries.marks_of(me(), funder, [card.idea.id for card in cards]),
        left_out=max(0, min(len(asked), MOST_COMPARED) - len(cards)),
        too_many=len(asked) > MOST_COMPARED,
        most=MOST_COMPARED,
        shown=shown,
        without={each: _address([other for other in shown if other != each]) for each in shown},
    )


def _address(references: list[str]) -> str:
    return url_for(".compare", idea=references, fund=request.args.get("fund"))


def _criteria(cards: list[Card]) -> list[tuple[str, list[Any]]]:
    """Each criterion that one of them is judged by, with its part of each fit."""
    labels = {part.key: part.label for card in cards for part in card.fit.parts}
    parts = [{part.key: part for part in card.fit.parts} for card in cards]
    return [(label, [each.get(key) for each in parts]) for key, label in labels.items()]


def _rows(cards: list[Card], words: Words, districts: Names) -> list[Row]:
    """What the ideas say and ask; lines that all leave empty are left out."""
    tell: list[tuple[str, Callable[[Card], str]]] = [
        (_("Ask"), lambda card: money(card.ask.amount_cents)),
        (_("Months"), lambda card: str(card.ask.months)),
        (_("In which form"), lambda card: _named(card.ask.instruments, INSTRUMENT_NAMES)),
        (_("Stage"), lambda card: _(idea_stage(card.idea).name)),
        (_("Evidence"), lambda card: level_words(card.idea.definition, card.evidence)),
        (_("Theme"), lambda card: card.idea.theme.name if card.idea.theme else ""),
        (_("Topic"), lambda card: card.idea.topic.name if card.idea.topic else ""),
        (_("Phases"), lambda card: phase_words(card.idea.definition, card.ask.phases or card.idea.phases)),
        (_("Province"), _provinces),
        (_(words.district), lambda card: _districts(card, districts)),
        (_(words.sites), lambda card: _whole(card.ask.schools)),
        (_(words.reached), lambda card: _whole(card.ask.learners)),
        (_(words.cost), lambda card: _money(card.ask.cost_per_learner_cents)),
        (_(words.share), lambda card: _share(card.ask.share_q1_3)),
        (_("Receiving organisation"), lambda card: _named(card.ask.legal_status, LEGAL_NAMES)),
    ]
    rows = [(label, [of(card) for card in cards]) for label, of in tell]
    return [row for row in rows if any(row[1])]


def _named(keys: list[str], names: Names) -> str:
    return ", ".join(_(names.get(key, key)) for key in keys)


def _provinces(card: Card) -> str:
    codes = card.ask.provinces or ([card.idea.district.province_code] if card.idea.district else [])
    return ", ".join(PROVINCES.get(code, code) for code in codes) or card.idea.region.name


def _districts(card: Card, names: Names) -> str:
    ids = card.ask.district_ids or ([card.idea.district_id] if card.idea.district_id else [])
    return ", ".join(names[str(each)] for each in ids if str(each) in names)


def _whole(number: int | None) -> str:
    return "" if number is None else f"{number:,}".replace(",", "\u00a0")


def _money(cents: int | None) -> str:
    return "" if cents is None else money(cents)


def _share(percent: int | None) -> str:
    return "" if percent is None else _("%(share)s of 100", share=percent)
