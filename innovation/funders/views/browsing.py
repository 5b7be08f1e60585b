"""What a funder's people see of ideas: browsing, and the standard pack."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from flask import has_app_context, render_template, request, url_for

from innovation.db import db
from innovation.funders import exposure, policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import INSTRUMENT_NAMES, LEGAL_NAMES, PASS_REASONS, band_of
from innovation.funders.faceted import Chip, Offer
from innovation.funders.facets import FACETS, Filters
from innovation.funders.facts import stage_key
from innovation.funders.forms import InterestForm
from innovation.funders.freshness import ends_on
from innovation.funders.models import Funder
from innovation.funders.queries import Browsing, Card
from innovation.funders.views.mandate_words import blocked_words
from innovation.funders.workspace_forms import BrowseForm, NoteForm, PassForm
from innovation.ideas.canvas import text_of
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.lists import ListState, address
from innovation.permission import NotThere
from innovation.places.names import PROVINCES
from innovation.rereading import unless_changed
from innovation.tables import write_table
from innovation.traces import afterwards
from innovation.web import day, me, money, today
from workflows import Definition, Words


def acting() -> Funder:
    """The funder for which the person asks."""
    return queries.acting_funder(me(), request.args.get("fund", ""))


@bp.get("/funders/ideas")
@unless_changed
def browse() -> Any:
    if not policy.may_browse_ideas.allows(me()):
        raise NotThere
    funder = acting()
    givings, chosen = queries.givings_of(funder), request.args.get("grant", "")
    mandates = queries.matched(givings, today(), chosen)
    browsing = Browsing(me(), funder, mandates, today())
    form = BrowseForm.of_query().translated()
    offer = Offer.read(browsing)
    filters = asked_for(offer)
    state = ListState.read((), "match")
    found, tally = queries.rank(browsing, filters, form.show.data or "match")
    if state.export:
        cards = queries.load_cards(found.matches)
        return write_table(
            _columns(queries.shared_words(browsing.definitions.values())),
            (_line(card) for card in cards),
            state.export,
            "ideas-that-fit",
        )
    page = state.on(queries.page_of(found, state.number))
    strip = browsing.strip(page.items, None if filters.narrows or state.number > 1 else found)
    cards = queries.load_cards([*page.items, *strip])
    on_page = {match.idea_id for match in page.items}
    ids = {match.idea_id for match in strip}
    if not exposure.is_counted(funder.id, on_page, ids, today()):
        afterwards(partial(partial, _note_shown, db.engine, funder.id, on_page, ids, today()))
    return render_template(
        "funders/browse.html",
        funder=funder,
        own=queries.own_funders(me()),
        mandates=mandates,
        givings=givings,
        grant=chosen,
        form=form,
        state=state,
        page=page,
        cards=[(front_of(card), card) for card in cards[: len(page.items)]],
        strip=[(front_of(card), card) for card in cards[len(page.items) :] if card.idea.id not in on_page],
        found=found,
        without=_without(found),
        states={key: each.state for key, each in queries.newest_interests(funder, ids | on_page).items()},
        narrowed=filters.narrows,
        within=filters.within,
        groups=offer.groups(tally),
        chips=[{"label": chip.name, "url": _without_chip(chip, filters)} for chip in offer.chips(filters)],
        filters_kept=filters.kept | {each: request.args[each] for each in ("fund", "grant") if request.args.get(each)},
        back=address(export=None),
        marks=queries.marks_of(me(), funder, on_page),
        most=queries.CANDIDATES,
    )


def _note_shown(*counted: Any) -> None:
    """Count once the answer is out, when this request no longer holds the database."""
    if has_app_context():
        db.session.rollback()
    exposure.note_shown(*counted)


def asked_for(offer: Offer) -> Filters:
    """The filters as the address has them; what nobody offers is left out."""
    told: dict[str, Any] = {facet: request.args.getlist(facet) for facet in FACETS}
    told |= {name: request.args.get(name, "") for name in ("q", "within")}
    return Filters.of(told).only(offer.values)


def _without_chip(chip: Chip, filters: Filters) -> str:
    """The list without one of the values that it is narrowed to."""
    kept = tuple(each for each in filters.chosen(chip.facet) if each != chip.value) if chip.facet in FACETS else ()
    return address(page=None, export=None, **{chip.facet: kept or None})


def _without(found: queries.Found) -> list[str]:
    """Why the others do not fit, the largest group first."""
    words = blocked_words()
    order = sorted(found.blocked.items(), key=lambda pair: (-pair[1], pair[0]))
    return [f"{count} {words[key]}" for key, count in order]


def _columns(words: Words) -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference")),
        ("title", _("Title")),
        ("summary", _("The idea")),
        ("theme", _("Theme")),
        ("topic", _("Topic")),
        ("stage", _("Stage")),
        ("place", _("Place")),
        ("phases", _("Phases")),
        ("evidence", _("Evidence")),
        ("amount", _("Ask, rand")),
        ("months", _("Months")),
        ("schools", _(words.sites)),
        ("learners", _(words.reached)),
        ("each", _("%(cost)s, rand", cost=_(words.cost))),
        ("score", _("Fit, of 100")),
        ("confidence", _("Confidence")),
        ("reasons", _("Why it fits")),
        ("gap", _("What is missing")),
        ("programme", _("Programme")),
    ]


def _line(card: Card) -> dict[str, Any]:
    idea, ask, fit = card.idea, card.ask, card.fit
    definition, gap = idea.definition, fit.gap
    return {
        "reference": idea.reference,
        "title": idea.title,
        "summary": idea.summary,
        "theme": idea.theme.name if idea.theme else "",
        "topic": idea.topic.name if idea.topic else "",
        "stage": _(definition.stage(stage_key(definition, idea.place)).name),
        "place": place_of(card),
        "phases": phase_words(definition, ask.phases or idea.phases),
        "evidence": level_words(definition, card.evidence),
        "amount": ask.amount_cents / 100,
        "months": ask.months,
        "schools": ask.schools,
        "learners": ask.learners,
        "each": None if ask.cost_per_learner_cents is None else ask.cost_per_learner_cents / 100,
        "score": fit.score,
        "confidence": confidence_words()[fit.confidence],
        "reasons": " ".join(_(part.sentence.text, **part.sentence.values) for part in fit.reasons),
        "gap": _(gap.closes.text, **gap.closes.values) if gap else "",
        "programme": card.programme,
    }


class Front(NamedTuple):
    """What a card says of an idea, whoever reads it; the sums are those of its ask."""

    reference: str
    title: str
    summary: str
    link: str
    stage: str
    about: str
    places: tuple[str, ...]
    evidence: str
    amount_cents: int
    schools: int | None
    learners: int | None
    cost_per_learner_cents: int | None
    months: int
    words: Words


def front_of(card: Card) -> Front:
    idea, ask, definition = card.idea, card.ask, card.idea.definition
    about = idea.topic or idea.theme
    district = [f"{idea.district.name}, {idea.district.province.name}"] if idea.district else []
    return Front(
        reference=idea.reference,
        title=idea.title,
        summary=idea.summary,
        link=url_for(".pack", reference=idea.reference, fund=request.args.get("fund")),
        stage=idea_stage(idea).name,
        about=about.name if about else "",
        places=tuple(district or [PROVINCES.get(code, code) for code in ask.provinces[:2]] or [idea.region.name]),
        evidence=level_words(definition, card.evidence),
        amount_cents=ask.amount_cents,
        schools=ask.schools,
        learners=ask.learners,
        cost_per_learner_cents=ask.cost_per_learner_cents,
        months=ask.months,
        words=definition.words,
    )


def confidence_words() -> dict[str, str]:
    return {"high": _("High confidence"), "med": _("Medium confidence"), "low": _("Low confidence")}


def place_of(card: Card) -> str:
    """The district and province of an idea, or the provinces of its ask; never a school."""
    district = card.idea.district
    if district:
        return f"{district.name}, {district.province.name}"
    return ", ".join(PROVINCES.get(code, code) for code in card.ask.provinces) or card.idea.region.name


def phase_words(definition: Definition, phases: list[str]) -> str:
    return ", ".join(_(definition.phase_name(key)) for key in phases)


@bp.app_template_global()
def level_words(definition: Definition, key: str) -> str:
    """A level of evidence by its key and its name."""
    level = definition.evidence_level(key)
    return f"{level.key} {_(level.name)}"


@bp.app_template_global()
def idea_stage(idea: Any) -> Any:
    """The stage that an idea is in; at a gate, the one before it."""
    return idea.definition.stage(stage_key(idea.definition, idea.place))


@bp.get("/funders/ideas/<reference>")
def pack(reference: str) -> Any:
    return pack_page(reference, InterestForm(), 200)


def pack_page(
    reference: str, form: InterestForm, status: int, note: NoteForm | None = None, passing: PassForm | None = None
) -> Any:
    """The standard pack, with the form that shows interest and what the funder's people keep of the idea."""
    idea = queries.find_listed(me(), reference)
    funder = acting()
    found = queries.read_pack(me(), funder, idea)
    givings = queries.givings_of(funder)
    match = Browsing(me(), funder, queries.matched(givings, today()), today()).match_of(idea)
    return render_template(
        "funders/pack.html",
        pack=found,
        idea=idea,
        ask=found.ask,
        funder=funder,
        own=queries.own_funders(me()),
        givings=givings,
        fit=match.fit if match else None,
        programme=match.programme if match else "",
        form=form,
        ends_on=ends_on,
        again=found.interest is None or not queries.why_not_again(found.interest),
        desk=queries.desk_of(me(), funder, idea),
        note=note or NoteForm(),
        passing=(passing or PassForm()).translated(),
        reasons=dict(PASS_REASONS),
        facts=pack_facts(found),
        money_facts=pack_money_facts(found),
        texts=[(field.name, text_of(field, value, money=money, day=day)) for field, value in found.answers],
        confidence=confidence_words(),
    ), status


def pack_facts(pack: queries.Pack) -> list[tuple[str, str]]:
    idea, definition = pack.idea, pack.idea.definition
    return [
        (_("Theme"), idea.theme.name if idea.theme else ""),
        (_("Other themes"), ", ".join(pack.other_themes)),
        (_("Topic"), idea.topic.name if idea.topic else ""),
        (
            _(definition.phases.name) if definition.phases else "",
            phase_words(definition, pack.ask.phases or idea.phases) if definition.phases else "",
        ),
        (_("Province"), ", ".join(pack.provinces) or idea.region.name),
        (_("District"), ", ".join(pack.districts)),
        (_(definition.words.site), pack.school),
        (_("Stage"), _(idea_stage(idea).name)),
        (_("Evidence"), level_words(definition, pack.evidence)),
        (
            _("Last decision"),
            f"{_(pack.outcome)}, {_(pack.gate)}, {day(pack.decided_at)}" if pack.decided_at else "",
        ),
    ]


def pack_money_facts(pack: queries.Pack) -> list[tuple[str, str]]:
    ask, words = pack.ask, pack.idea.definition.words
    return [
        (_("Band"), _(band_of(ask.amount_cents))),
        (_("In which form"), ", ".join(_(INSTRUMENT_NAMES.get(key, key)) for key in ask.instruments)),
        (_("For"), ngettext("%(num)d month", "%(num)d months", ask.months)),
        (_(words.sites), "" if ask.schools is None else str(ask.schools)),
        (_(words.reached), "" if ask.learners is None else f"{ask.learners:,}".replace(",", "\u00a0")),
        (_(words.cost_short), "" if ask.cost_per_learner_cents is None else money(ask.cost_per_learner_cents)),
        (_(words.share), "" if ask.share_q1_3 is None else _("%(share)s of 100", share=ask.share_q1_3)),
        (_("Receiving organisation"), ", ".join(_(LEGAL_NAMES.get(key, key)) for key in ask.legal_status)),
        (_("SED"), "" if ask.sed_percent is None else _("%(share)s%% benefits black people", share=ask.sed_percent)),
    ]
