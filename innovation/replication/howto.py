"""A version of a playbook in sections: what its pages and its PDF are both made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from innovation.languages import gettext as _
from innovation.languages import ngettext, written_number
from innovation.replication import contents
from innovation.replication.codes import LANGUAGES, LICENCES
from innovation.replication.contents import Content, Step
from innovation.replication.models import PlaybookVersion
from innovation.replication.queries import InPublic
from innovation.typesetting.blocks import Block, Section, facts, heading, section, table, texts
from innovation.typesetting.documents import set_as_pdf
from innovation.web import day, money
from workflows import Words


def sections_of(version: PlaybookVersion, words: Words, told: InPublic | None = None, by: str = "") -> list[Section]:
    """Everything that the version says; sections without anything in them are left out.

    ``told`` is what the public may know of how far it has come, ``by`` whose name may be shown.
    """
    content = contents.read(version.content)
    found = [
        section(_("In short"), _short(version, content, words, by)),
        section(_("Who it is for"), _said(version.who_for)),
        section(_("Before you start"), _said(version.before)),
        section(_("What it is made of"), _parts(content)),
        section(_("Step by step"), _steps(content)),
        section(_("Materials"), _materials(content)),
        section(_("Training"), _training(content)),
        section(_("Costs"), _costs(content, words)),
        section(_("Common mistakes"), _said(version.mistakes)),
        section(_("Where it is done"), _far(told, words) if told else ()),
    ]
    return [each for each in found if each["blocks"]]


def _said(text: str) -> Iterator[Block]:
    if text.strip():
        yield {"kind": "text", "text": text}


def _short(version: PlaybookVersion, content: Content, words: Words, by: str) -> Iterator[Block]:
    each = content.cents_each
    published = _("draft")
    if version.published_at is not None:
        published = _("version %(number)s, published %(day)s", number=version.number, day=day(version.published_at))
    yield from facts(
        [
            (_("Edition"), published),
            (_("Language"), LANGUAGES[version.language]),
            (_("Time"), version.time),
            (_(words.cost_short), money(each) if each is not None else ""),
            (_("Owner"), by),
            (_("Licence"), LICENCES[version.licence]),
        ]
    )


def _parts(content: Content) -> Iterator[Block]:
    if content.parts:
        yield {
            "kind": "note",
            "text": _("Core parts are what makes it work: leave them as they are. Adapt the others to your place."),
        }
    for part in content.parts:
        yield heading(f"{part.name} ({_('core') if part.core else _('adaptable')})")
        yield from _said(part.what)
        yield from texts(_("How it may be adapted"), [part.how])


def _steps(content: Content) -> Iterator[Block]:
    yield from facts((str(number), _told(step)) for number, step in enumerate(content.steps, 1))


def _told(step: Step) -> str:
    more = ", ".join(text for text in (step.who, step.time) if text)
    return f"{step.do} ({more})" if more else step.do


def _materials(content: Content) -> Iterator[Block]:
    yield from table([_("What is needed"), _("How much")], [(each.item, each.number) for each in content.materials])


def _training(content: Content) -> Iterator[Block]:
    rows = [(each.who, f"{each.hours:g}" if each.hours is not None else "", each.what) for each in content.training]
    yield from table([_("Who is trained"), _("Hours"), _("In what")], rows)


def _costs(content: Content, words: Words) -> Iterator[Block]:
    rows = [
        (each.item, f"{each.number:g} {each.unit}".strip() + f" × {money(each.cents)}", money(each.total))
        for each in content.costs
    ]
    if not rows:
        return
    yield from table([_("Ingredient"), _("How many, at what price"), _("Together")], rows)
    pairs: list[tuple[str, Any]] = [(_("All together"), money(content.total))]
    if content.reaches:
        pairs += [(_(words.reached), written_number(content.reaches)), (_(words.cost_short), money(content.cents_each))]
    yield from facts(pairs)


def _far(told: InPublic, words: Words) -> Iterator[Block]:
    if not told.adopters:
        return
    yield from facts(
        [
            (_("Taken up by"), ngettext("%(num)d organisation", "%(num)d organisations", told.adopters)),
            (_(words.sites), told.sites or ""),
            (_(words.reached), written_number(told.learners) if told.learners is not None else None),
        ]
    )


def as_pdf(version: PlaybookVersion, sections: Iterable[Section]) -> bytes:
    """A tagged PDF in the language of the version."""
    footer = f"{version.idea.reference} · " + _("version %(number)s", number=version.number)
    return set_as_pdf(version.title, [footer], footer, list(sections), version.language)
