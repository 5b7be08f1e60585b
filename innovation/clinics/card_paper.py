"""Paper cards as pages: what stands on one is derived from the canvas of the programme's workflow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import current_app

from innovation.clinics.join_forms import CONSENTS
from innovation.clinics.models import Card, Clinic
from innovation.clinics.packet import notice_parts
from innovation.ideas import claims, slips
from innovation.ideas.qr import qr_code
from innovation.languages import base_of, is_draft, spoken, told_in
from innovation.languages import gettext as _
from innovation.programmes.models import Programme
from innovation.programmes.notices import find_notice
from innovation.programmes.own_words import speak_for
from innovation.programmes.queries import in_use
from innovation.typesetting.letters import showable
from innovation.typesetting.setting import set_pages
from innovation.values import dataclass
from innovation.web import day, full_address
from workflows import CAPTURE, CanvasField, Definition

TEMPLATE = Path(__file__).parent / "cards.typ"
ASKED_BY_THE_IDEA = ("title", "theme", "topic", "where", "owner", "owner_contact", "consent")


@dataclass(frozen=True)
class Part:
    """One thing that a card asks: a line, a box for sentences, or things to tick; on the front or on the back."""

    kind: str
    name: str
    help: str = ""
    options: tuple[str, ...] = ()
    back: bool = False


def card_fields(definition: Definition) -> tuple[CanvasField, ...]:
    """The quick fields of the canvas as a card has them, the front first: also the order of typing in."""
    written = [field for field in definition.canvas if field.quick and _is_written(field)]
    return tuple(sorted(written, key=is_on_the_back))


def is_on_the_back(field: CanvasField) -> bool:
    """Sentences and long lists without which an idea can be captured leave the front to what it needs."""
    return field.type in ("text", "choices") and field.required_from != CAPTURE


def _is_written(field: CanvasField) -> bool:
    kept = field.kept_in == "canvas" or field.key in ASKED_BY_THE_IDEA
    return kept and field.type not in ("file", "table")


def parts_of(programme: Programme) -> list[Part]:
    """What the card of a programme asks, in order."""
    definition = programme.workflow_version.definition
    return [part for field in card_fields(definition) for part in _parts(field, programme, definition)]


def _parts(field: CanvasField, programme: Programme, definition: Definition) -> Iterator[Part]:
    name, note = _(field.name), _(field.help)
    if field.key == "consent":
        yield Part("ticks", name, note, options=tuple(str(label) for label in CONSENTS.values()))
    elif field.type == "place":
        yield Part("line", _(definition.words.district))
        yield Part("line", _(definition.words.site))
    elif field.type in ("choice", "choices", "yes_no"):
        yield Part("ticks", name, options=tuple(_options(field, programme)), back=is_on_the_back(field))
    elif field.type == "text":
        yield Part("box", name, note, back=is_on_the_back(field))
    else:
        yield Part("line", name)
        if field.key == "owner":
            yield Part("line", _("Under 18? First name only; a parent or guardian signs here"))


def _options(field: CanvasField, programme: Programme) -> Iterable[str]:
    if field.type == "yes_no":
        return (_("Yes"), _("No"))
    if field.choices_from:
        kept = programme.themes if field.choices_from == "themes" else programme.topics
        return (_(item.name) for item in in_use(kept))
    return (_(choice.name) for choice in field.choices)


def address_of_card(card: Card) -> str:
    """What the square on a card says: where it is typed in, and for everybody else where its idea is."""
    return full_address(f"/cards/{card.reference}")


def cards_as_pdf(programme: Programme, clinic: Clinic, cards: Iterable[Card]) -> bytes:
    """The cards as a tagged PDF, two A5 pages each: to be printed on both sides, turned along the long edge."""
    speak_for(programme.id)
    notice = notice_parts(find_notice(programme, base_of(spoken())))
    paper = {
        "title": _("Cards of %(clinic)s", clinic=_(clinic.title)),
        "site": current_app.config["SETTINGS"].site_name,
        "clinic": _(clinic.title),
        "under": f"{clinic.code} · {day(clinic.starts_on)}",
        "challenge": _(clinic.challenge),
        "parts": [vars(part) | {"options": list(part.options)} for part in parts_of(programme)],
        "notice_title": _("What happens with personal information"),
        "notice_version": _("version %(number)s", number=notice["version"]),
        "notice": notice["paragraphs"],
        "english": [*(notice["english"] or []), *_consents_in_english()],
        "next": slips.next_of_new(programme, clinic.ends_on),
        "words": _words(),
    }
    paper = _shown(paper) | {"lang": base_of(spoken()), "cards": [_one(programme, card) for card in cards]}
    return set_pages(TEMPLATE, paper)


def _consents_in_english() -> list[str]:
    """What is asked on the front, beside a draft translation of it."""
    if not is_draft(base_of(spoken())):
        return []
    return told_in("en", lambda: [str(label) for label in CONSENTS.values()])


def _words() -> dict[str, str]:
    return {
        "card": _("Card"),
        "more": _("More, if there is time"),
        "step": _("My next step, and by when"),
        "typed": _("Typed in by, date"),
        "keep": _("Tear off and keep"),
        "reference": _("Reference"),
        "secret": _("Secret"),
        "see": _("See what becomes of your idea: scan the square, or type the reference and the secret at"),
        "next": _("What happens next"),
        "private": _("Keep the secret to yourself."),
        "draft": _("This translation has not been checked yet. The English text counts."),
    }


def _one(programme: Programme, card: Card) -> dict[str, Any]:
    address = address_of_card(card)
    secret = claims.secret_for(programme.id, card.import_key)
    return {
        "number": str(card.number),
        "reference": card.reference,
        "secret": claims.shown(secret),
        "address": showable(address.partition("/cards/")[0] + "/status"),
        "qr": str(qr_code(address)),
        "alt": showable(_("A square that leads to %(address)s", address=address)),
    }


def _shown(value: Any) -> Any:
    """Every text as it can be set."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value
