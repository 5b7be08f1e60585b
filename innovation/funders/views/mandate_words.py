"""A mandate in words: what it looks for, on what terms, and for how long it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property

from innovation.funders import queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import DILIGENCE_NAMES, GOALS, INSTRUMENT_NAMES, LEGAL_NAMES, REPORTS
from innovation.funders.giving_codes import PURPOSES
from innovation.funders.models import Mandate
from innovation.funders.queries import Giving
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.places.names import PROVINCES
from innovation.places.queries import list_districts
from innovation.web import day, money
from workflows import Definition

Facts = list[tuple[str, str]]


class Wording:
    """Says mandates in words; what all of them choose from is read once."""

    @cached_property
    def _definitions(self) -> list[Definition]:
        return list(queries.definitions_in_use().values())

    @cached_property
    def _names(self) -> tuple[dict[str, str], dict[str, str]]:
        themes, topics = queries.themes_and_topics()
        return dict(themes), dict(topics)

    @cached_property
    def _districts(self) -> dict[int, str]:
        return {district.id: district.name for district in list_districts()}

    def of(self, mandate: Mandate) -> Facts:
        """Pairs of term and list."""
        themes, topics = self._names
        stages = {s.key: s.name for s in queries.stages_for_funders(self._definitions)}
        called, phases = queries.phases_in_use(self._definitions)
        names = dict(phases)
        preferred, accepted = (
            [stages.get(key, key) for key, level in mandate.appetite.items() if level == wanted]
            for wanted in ("preferred", "accepted")
        )
        places = [PROVINCES.get(code, code) for code in mandate.provinces]
        if mandate.district_ids:
            places += [self._districts.get(int(key), str(key)) for key in mandate.district_ids]
        return [
            (_("Themes"), _listed((themes.get(key, key) for key in mandate.theme_keys), _("Any"))),
            (_("Topics looked for"), _listed((topics.get(key, key) for key in mandate.topic_keys), "")),
            (_("Topics not funded"), _listed((topics.get(key, key) for key in mandate.exclusions), "")),
            *(
                [(_(called), _listed((_(names.get(key.lower(), key)) for key in mandate.phases), _("Any")))]
                if called
                else []
            ),
            (_("Where"), _listed([_("The whole country")] * mandate.national + places, _("Any"))),
            (_("Stages preferred"), _listed(map(_, preferred), "")),
            (_("Stages accepted"), _listed(map(_, accepted), "" if preferred else _("Any"))),
            (_("In which form"), _listed((_(INSTRUMENT_NAMES.get(key, key)) for key in mandate.instruments), _("Any"))),
            (_("Must be"), _listed((_(LEGAL_NAMES.get(key, key)) for key in mandate.requires), "")),
            (_("SED"), _("at least %(share)s %%", share=mandate.sed_percent) if mandate.sed_percent else ""),
            (_("Evidence at least"), self._least_evidence(mandate)),
            *_amounts(mandate),
        ]

    def _least_evidence(self, mandate: Mandate) -> str:
        names = {level.key: level.name for definition in self._definitions for level in definition.evidence_levels}
        least = mandate.min_evidence
        return f"{least} {_(names.get(least, ''))}".strip() if least else _("Any")


def _amounts(mandate: Mandate) -> Facts:
    least, most, usual = mandate.ticket_min_cents, mandate.ticket_max_cents, mandate.ticket_typical_cents
    return [
        (_("Amount"), _("%(least)s to %(most)s", least=money(least), most=money(most))),
        (_("Usually"), money(usual) if usual else ""),
        (_("With others"), _("Yes") if mandate.co_fund else _("No")),
        (_("More than a year"), _("Yes") if mandate.multi_year else _("No")),
        (_("At most"), ngettext("%(num)d month", "%(num)d months", mandate.max_months) if mandate.max_months else ""),
    ]


@bp.app_template_global()
def terms_of(mandate: Mandate) -> Facts:
    """What an owner would ask before applying; it says nothing of whom to contact."""
    papers = [_(DILIGENCE_NAMES.get(key, key)) for key in mandate.papers]
    months, years = mandate.decision_months, mandate.accounts_years
    return [
        (_("Open"), "; ".join(window_words(*window) for window in mandate.windows_as_dates) or _("Always")),
        (_("Owners may apply"), _("Yes") if mandate.open_call else _("No: it looks for ideas itself")),
        (_("Standard pack"), _("Enough as an application") if mandate.standard_pack else ""),
        (_("How it decides"), mandate.procedure),
        (_("Decides within"), ngettext("%(num)d month", "%(num)d months", months) if months else ""),
        (_("Others bring"), _("R%(rand)s for each R100", rand=mandate.match_percent) if mandate.match_percent else ""),
        (_("Overheads"), _at_most(mandate.overheads_percent)),
        (_("For evaluation"), _at_most(mandate.evaluation_percent)),
        (_("Asks to see"), ", ".join(papers)),
        (_("Audited statements"), ngettext("%(num)d year", "%(num)d years", years) if years else ""),
        (_("Reports"), _(dict(REPORTS).get(mandate.reports, ""))),
        (_("Besides money"), mandate.beyond_money),
        (_("Goals (SDG)"), _coded(mandate.goals, dict(GOALS))),
        (_("Purposes (OECD DAC)"), _coded(mandate.purposes, PURPOSES)),
    ]


def window_words(opens: dt.date | None, closes: dt.date | None) -> str:
    if opens and closes:
        return _("%(first)s to %(last)s", first=day(opens), last=day(closes))
    return _("from %(day)s", day=day(opens)) if opens else _("until %(day)s", day=day(closes))


@bp.app_template_global()
def counting_words(giving: Giving, today: dt.date) -> tuple[str, str]:
    """Whether ideas are matched with a programme and for how long, and the tone of its tag."""
    mandate = giving.mandate
    if not giving.programme.running:
        return _("Not running"), "hold"
    if mandate is None:
        return _("No mandate yet"), "hold"
    if giving.is_stale(today):
        return _("Not matched: not confirmed"), "kill"
    if giving.is_due(today):
        return _("Confirm it before %(day)s", day=day(mandate.stale_on)), "recycle"
    return _("Counts until %(day)s", day=day(mandate.stale_on - dt.timedelta(days=1))), "go"


def blocked_words() -> dict[str, str]:
    """What keeps ideas out, after a number of them."""
    return {
        "window": _("outside your windows"),
        "stage": _("at stages that you do not fund"),
        "place": _("outside the places where you fund"),
        "ticket": _("outside your amounts"),
        "exclusion": _("on topics that you do not fund"),
        "status": _("without a legal status that you require"),
        "sed": _("with a smaller benefit for black people than you ask"),
        "evidence": _("with less evidence than you ask"),
        "several": _("for another reason in each of your programmes"),
    }


def _at_most(share: int | None) -> str:
    return "" if share is None else _("at most %(share)s %%", share=share)


def _coded(codes: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(f"{code} {_(names.get(code, ''))}".strip() for code in codes)


def _listed(items: Iterable[str], nothing: str) -> str:
    return ", ".join(items) or nothing
