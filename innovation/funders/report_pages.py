"""The report to the funders of an idea in sections: what its page and its PDF are both made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from innovation.funders.codes import SIGNS
from innovation.funders.counting import Totals
from innovation.funders.report_models import FundingReport
from innovation.funders.reporting import Reached, Seen, sums_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, ngettext, spoken
from innovation.typesetting.blocks import Block, Section, facts, section, table, texts
from innovation.typesetting.documents import set_as_pdf
from innovation.web import day, money, thousands

STATES = {
    "draft": (lazy_gettext("Being written"), "info"),
    "ready": (lazy_gettext("To be released"), "recycle"),
    "released": (lazy_gettext("Released"), "go"),
}
ROLES = {
    "coordinator": lazy_gettext("a gate coordinator of the programme"),
    "manager": lazy_gettext("a manager of the programme"),
}
MILESTONE_STATES = {
    "planned": lazy_gettext("Planned"),
    "shown": lazy_gettext("Being looked at"),
    "accepted": lazy_gettext("Accepted"),
    "returned": lazy_gettext("Not there yet"),
}


def in_currency(minor: int | None, currency: str) -> str:
    """R480 000 or USD 12 000, from minor units; never converted."""
    text = money(minor)
    return text if currency in SIGNS or minor is None else f"{currency}\u00a0{text.removeprefix('R')}"


def title_of(report: FundingReport) -> str:
    return _("Report %(number)s to the funders of “%(title)s”", number=report.number, title=report.idea.title)


def times_of(report: FundingReport) -> str:
    return f"{day(report.starts_on)} – {day(report.ends_on)}"


def sections_of(report: FundingReport, seen: Seen) -> list[Section]:
    """Everything that this reader reads; sections without anything in them are left out."""
    found = [
        section(_("What was corrected"), texts(_("In this edition"), [report.why])),
        section(_("In short"), _short(report, seen)),
        section(_("What was done"), _said([report.progress])),
        section(_("Milestones"), _milestones(seen)),
        section(_("Money"), _money(report, seen)),
        section(_("Whom it reaches, and how sure that is"), _reach(seen)),
        section(_("What was changed"), _said([report.changes])),
        section(_("What was learned"), _said([report.lessons])),
        section(_("What comes next"), _said([report.outlook])),
    ]
    return [each for each in found if each["blocks"]]


def _said(paragraphs: Iterable[str]) -> list[Block]:
    return [{"kind": "text", "text": text} for text in paragraphs if text.strip()]


def _short(report: FundingReport, seen: Seen) -> Iterator[Block]:
    released = _("The figures are those of %(day)s.", day=day(seen.as_of))
    if report.state == "released":
        released = _(
            "The figures are those of %(day)s, when it was released by %(role)s.",
            day=day(seen.as_of),
            role=ROLES[report.released_as],
        )
    edition = _("Edition %(edition)s", edition=report.edition) if report.edition > 1 else ""
    revision = report.revision_number or report.idea.revision_number
    yield from facts(
        [
            (_("Idea"), f"{report.idea.title} ({report.idea.reference})"),
            (_("About"), times_of(report)),
            (_("Stage"), _(seen.place)),
            (_("Canvas"), _("revision %(number)s", number=revision)),
            (_("Edition"), edition),
        ]
    )
    yield {"kind": "note", "text": released}


def _milestones(seen: Seen) -> Iterator[Block]:
    rows = [(each.title, day(each.due_on), _how_far(each)) for each in seen.milestones]
    yield from table([_("Milestone"), _("By"), _("State")], rows)
    for each in seen.milestones:
        if each.evidence:
            more = ngettext("%(num)d file", "%(num)d files", each.files) if each.files else ""
            yield from texts(each.title, [" · ".join(part for part in (each.evidence, more) if part)])
    if rows and not seen.evidence_open:
        yield {"kind": "note", "text": _("What was handed in as evidence is not opened to you.")}


def _how_far(each: Reached) -> str:
    said = str(MILESTONE_STATES[each.state])
    if each.accepted_on is None:
        return said
    when = f"{said}, {day(each.accepted_on)}"
    return _("%(when)s: in this time", when=when) if each.lately else when


def _money(report: FundingReport, seen: Seen) -> Iterator[Block]:
    if seen.own is not None:
        yield {"kind": "heading", "text": _("Your fund")}
        yield from _sums(seen.own, seen.own_lately)
        yield {"kind": "heading", "text": _("All funders together")}
    if seen.sums is None:
        yield {"kind": "note", "text": _("What all funders together have committed is not opened to you.")}
    else:
        yield from _target(seen.sums)
        yield from _sums(seen.sums, seen.lately)
        if seen.sums.others:
            yield {
                "kind": "note",
                "text": _("Amounts in other currencies are not converted, and do not close the gap."),
            }
    yield from facts([(_("Funders") if seen.own is None else _("Besides you"), _who(seen))])


def _target(found: Totals) -> Iterator[Block]:
    if found.target is not None:
        asked, gap = in_currency(found.target, found.currency), in_currency(found.gap, found.currency)
        yield from facts([(_("Asked for"), asked), (_("Gap"), gap)])


def _sums(found: Totals, lately: Mapping[tuple[str, bool], int]) -> Iterator[Block]:
    rows = [
        (
            _("In kind, stated value (%(currency)s)", currency=currency) if in_kind else currency,
            in_currency(total.committed, currency),
            in_currency(total.released, currency),
            in_currency(lately.get((currency, in_kind), 0), currency),
        )
        for currency, in_kind, total in sums_of(found)
    ]
    yield from table([_("Currency"), _("Committed"), _("Released"), _("Of it in this time")], rows)


def _who(seen: Seen) -> str:
    if seen.unnamed is None:
        return _("other funders, if there are any")
    others = ngettext("%(num)d other funder", "%(num)d other funders", seen.unnamed) if seen.unnamed else ""
    return ", ".join([*seen.names, *([others] if others else [])]) or _("nobody")


def _reach(seen: Seen) -> Iterator[Block]:
    found: Mapping[str, Any] = seen.figures
    accepted = _("accepted by the programme") if found["evidence_accepted"] else _("as the idea says itself")
    cost, share = found["cost_per_learner"], found["share_q1_3"]
    yield from facts(
        [
            (_("Evidence"), f"{found['evidence']}, {accepted}"),
            (_("Sites so far"), found["sites"] or None),
            (_("Schools"), found["schools"]),
            (_("Learners"), thousands(found["learners"]) if found["learners"] is not None else None),
            (_("Cost per learner"), money(cost) if cost is not None else None),
            (_("In quintiles 1 to 3"), f"{share}\u00a0%" if share is not None else None),
        ]
    )
    if any(found[name] is not None for name in ("schools", "learners", "cost_per_learner", "share_q1_3")):
        yield {"kind": "note", "text": _("Schools, learners and cost are those that the idea plans for.")}


def report_as_pdf(report: FundingReport, seen: Seen) -> bytes:
    under = [f"{report.idea.reference} · {times_of(report)}"]
    footer = f"{report.idea.reference} · " + _("Report %(number)s", number=report.number)
    footer += f" · {_('Edition %(edition)s', edition=report.edition)}" if report.edition > 1 else ""
    return set_as_pdf(title_of(report), under, footer, sections_of(report, seen), spoken())
