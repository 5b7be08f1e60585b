"""The report of a clinic as a tagged PDF."""

from __future__ import annotations

from collections.abc import Iterator

from flask import get_template_attribute

from innovation.clinics.forms import STATE_NAMES
from innovation.clinics.models import Clinic
from innovation.clinics.reporting import ON_PAPER, Photo, Report, Table, thumbnail
from innovation.db import now
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.languages import ngettext, spoken
from innovation.permission import NotThere
from innovation.typesetting.blocks import Block, facts, section, table
from innovation.typesetting.documents import set_as_pdf
from innovation.typesetting.setting import photograph
from innovation.web import day, moment


def report_as_pdf(clinic: Clinic, report: Report) -> bytes:
    title = _("Report of %(title)s", title=clinic.title)
    days = day(clinic.starts_on) + (f" – {day(clinic.ends_on)}" if clinic.ends_on != clinic.starts_on else "")
    made = _("Made %(when)s", when=moment(now()))
    sections = [
        section(_("The clinic"), _clinic(clinic, report)),
        section(_("Who was there"), _numbers(report.there)),
        section(ngettext("%(num)d idea", "%(num)d ideas", len(report.lines)), _ideas(report)),
        section(_("Where the ideas come from"), [block for each in report.tables for block in _numbers(each)]),
        section(_("What was shortlisted, and how"), _shortlist(report)),
        section(_("Photos"), [block for photo in report.photos for block in _photo(photo)]),
    ]
    kept = [each for each in sections if each["blocks"]]
    return set_as_pdf(title, [f"{clinic.code} · {days}"], f"{clinic.code} · {made}", kept, spoken())


def _clinic(clinic: Clinic, report: Report) -> Iterator[Block]:
    names = report.names
    yield from facts(
        [
            (_("Challenge"), clinic.challenge),
            (_("State"), STATE_NAMES[clinic.state]),
            (_("Region"), names.region),
            (_("District"), names.district),
            (_("Venue"), clinic.venue),
            (_("Theme"), names.theme),
            (_("Topic"), names.topic),
            (_("Facilitators"), ", ".join(report.facilitators)),
        ]
    )


def _numbers(counted: Table) -> Iterator[Block]:
    if not counted.cells:
        return
    rows = [*((cell.name, cell.count) for cell in counted.cells), (_("All"), counted.total)]
    told = [(name, _("not shown") if count is None else count) for name, count in rows]
    yield from table([counted.name, _("Number")], told)
    if counted.holds_back:
        yield {"kind": "note", "text": held_back()}


def held_back() -> str:
    return _("Numbers under 5 are not shown, nor those from which they could be worked out.")


def _ideas(report: Report) -> Iterator[Block]:
    rows = [
        (
            f"{line.idea.title} ({line.idea.reference})",
            line.owner or "–",
            line.step.text if line.step else "–",
            day(line.step.due_on) if line.step and line.step.due_on else "–",
            _where(line.idea),
        )
        for line in report.lines
    ]
    head = [_("Idea"), _("Owner"), _("Next step"), _("By when"), _("Where it is")]
    yield from table(head, rows)


def _where(idea: Idea) -> str:
    """The place, and that the idea rests or has ended there, as the page says it."""
    place = _(idea.where.short or idea.where.name)
    if idea.standing == "active":
        return str(place)
    standing_word = get_template_attribute("macros/things.html", "standing_word")
    return str(_("%(standing)s · %(place)s", standing=str(standing_word(idea.standing)).strip(), place=place))


def _shortlist(report: Report) -> Iterator[Block]:
    chosen = report.shortlist
    if not chosen.how:
        yield {"kind": "text", "text": _("No shortlist was made at this clinic.")}
        return
    yield {"kind": "text", "text": chosen.how}
    rows = [(each.title, each.reference, "–" if each.dots is None else each.dots) for each in chosen.chosen]
    yield from table([_("Idea"), _("Reference"), _("Points") if chosen.method == "points" else _("Dots")], rows)


def _photo(photo: Photo) -> Iterator[Block]:
    try:
        small = thumbnail(photo, ON_PAPER)
    except NotThere:
        return
    picture = photograph(small.content, "image/jpeg", small.width, small.height)
    alt = _("A photo that belongs to %(reference)s", reference=photo.reference)
    yield {"kind": "picture", "picture": picture, "alt": alt, "text": f"{photo.reference} · {photo.title}"}
