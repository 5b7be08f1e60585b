"""The standard pack: what a funder may read of an idea, and which funders fit an idea."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from innovation.db import db
from innovation.funders.codes import FIRST_PROGRAMME
from innovation.funders.facts import offered_by, wanted_by
from innovation.funders.fitting import Fit
from innovation.funders.matching import fit
from innovation.funders.models import Funder, GrantProgramme, Interest, LearnedFit, Mandate
from innovation.funders.queries.browsing import COLUMNS, LEARNED, NEWEST, evidence_of, learned_in, listed
from innovation.funders.queries.directory import district_provinces
from innovation.funders.queries.interests import Contact, contacts_of, newest_interest
from innovation.funders.queries.mandates import counts_on
from innovation.gates.models import Decision
from innovation.ideas.canvas import answered
from innovation.ideas.listing import reaches_funders
from innovation.ideas.models import Ask, Idea
from innovation.ideas.queries import latest_ask, latest_revision
from innovation.permission import Actor, NotThere
from innovation.places.models import District, Province
from innovation.programmes.models import Theme, Topic
from innovation.values import dataclass
from workflows import CanvasField

FOR_FUNDERS = ("funders",)
PASSED = ("go", "conditional")
MOST_FUNDERS = 300
SHOWN_APART = ("problem", "summary", "phases")


@dataclass(frozen=True)
class Pack:
    """The standard pack of one idea; ``contact`` and ``school`` only after the owner accepted the interest.

    Whoever owned it then agreed for themselves: a later owner writes first, or not at all.
    """

    idea: Idea
    ask: Ask
    problem: str
    summary: str
    answers: list[tuple[Any, Any]]
    evidence: str
    outcome: str
    gate: str
    decided_at: dt.datetime | None
    provinces: list[str]
    districts: list[str]
    other_themes: list[str]
    interest: Interest | None
    contact: Contact | None = None
    school: str = ""


@dataclass(frozen=True)
class FunderFit:
    """How well a funder fits an idea, for the idea's owner: by the best of its mandates."""

    funder: Funder
    fit: Fit
    mandate: Mandate

    @property
    def programme(self) -> str:
        """Its name; empty where the funder has not named one."""
        name = self.mandate.programme.name
        return "" if name == FIRST_PROGRAMME else name


def find_listed(actor: Actor, reference: str) -> Idea:
    """The idea with this reference, while funders may see it; else ``NotThere``."""
    shown = (Idea.theme, Idea.topic, Idea.region, Idea.workflow_version, Idea.school, Idea.programme)
    idea = db.session.scalar(
        sa.select(Idea)
        .where(Idea.reference == reference.upper(), listed(actor))
        .options(*(joinedload(each) for each in shown), joinedload(Idea.district).joinedload(District.province))
    )
    if idea is None or not actor.funder_ids or not reaches_funders(idea):
        raise NotThere
    return idea


def read_pack(actor: Actor, funder: Funder, idea: Idea) -> Pack:
    """The pack as the funder's people may read it now."""
    ask = latest_ask(idea)
    if ask is None:
        raise NotThere
    answers = latest_revision(idea).answers
    interest = newest_interest(funder, idea)
    introduced = interest is not None and interest.state == "accepted"
    by_owner = introduced and interest is not None and interest.answered_by_id == idea.owner_id
    decision = _last_pass(idea)
    return Pack(
        idea=idea,
        ask=ask,
        problem=str(answers.get("problem") or ""),
        summary=str(answers.get("summary") or idea.summary),
        answers=[
            pair for pair in answered(idea.definition, answers, FOR_FUNDERS) if not _is_shown_apart(idea, pair[0])
        ],
        evidence=evidence_of(idea, ask),
        outcome=idea.definition.outcome(decision.outcome).label if decision else "",
        gate=decision.review.gate.name if decision else "",
        decided_at=decision.decided_at if decision else None,
        provinces=_names(Province.name, Province.code, ask.provinces) or _own_province(idea),
        districts=_names(District.name, District.id, ask.district_ids) or _own_district(idea),
        other_themes=_names(Theme.name, Theme.id, ask.secondary_theme_ids),
        interest=interest,
        contact=contacts_of([idea.owner_id]).get(idea.owner_id) if by_owner else None,
        school=idea.school.name if introduced and idea.school else "",
    )


def _is_shown_apart(idea: Idea, field: CanvasField) -> bool:
    """What the pack says at its head, and what the ask says of the cost."""
    return field.key in SHOWN_APART or field == idea.definition.cost


def _last_pass(idea: Idea) -> Decision | None:
    """The newest decision that let the idea go on and that stands."""
    superseded = sa.select(Decision.supersedes_id).where(
        Decision.idea_id == idea.id, Decision.supersedes_id.is_not(None)
    )
    return db.session.scalar(
        sa.select(Decision)
        .where(Decision.idea_id == idea.id, Decision.outcome.in_(PASSED), Decision.id.not_in(superseded))
        .options(joinedload(Decision.review))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(1)
    )


def _names(name: Any, key: Any, wanted: list[Any]) -> list[str]:
    return list(db.session.scalars(sa.select(name).where(key.in_(wanted)).order_by(name))) if wanted else []


def _own_province(idea: Idea) -> list[str]:
    return [idea.district.province.name] if idea.district else []


def _own_district(idea: Idea) -> list[str]:
    return [idea.district.name] if idea.district else []


# The other direction


def funders_for(idea: Idea, today: dt.date, *, limit: int = 5) -> list[FunderFit]:
    """The funders that agreed to be found and that fit the idea's ask best; nothing blocked, nothing hidden."""
    row = db.session.execute(
        sa.select(*COLUMNS)
        .select_from(Idea)
        .join(Ask, Ask.idea_id == Idea.id)
        .outerjoin(Topic, Topic.id == Idea.topic_id)
        .where(Idea.id == idea.id, NEWEST)
    ).first()
    if row is None:
        return []
    province_of = district_provinces()
    themes = {key: name for key, name in db.session.execute(sa.select(Theme.id, Theme.key))}  # noqa: C416
    offered = offered_by(row, idea.definition, themes, province_of)
    found = [
        FunderFit(funder, fit(wanted_by(mandate, province_of), offered, today, learned_in(learned)), mandate)
        for mandate, funder, learned in _mandates(idea, today)
    ]
    fitting = sorted(
        (each for each in found if not each.fit.blockers),
        key=lambda each: (-each.fit.score, -each.fit.backed, each.funder.name, each.mandate.programme_id),
    )
    best: dict[int, FunderFit] = {}
    for each in fitting:
        best.setdefault(each.funder.id, each)
    return list(best.values())[:limit]


def _mandates(idea: Idea, today: dt.date) -> list[tuple[Mandate, Funder, str | None]]:
    """What counts and may be found, with what the funders' past awards say of the idea."""
    rows = db.session.execute(
        sa.select(Mandate, Funder, LEARNED)
        .join(Mandate.programme)
        .join(Funder, Funder.id == Mandate.funder_id)
        .options(contains_eager(Mandate.programme))
        .outerjoin(LearnedFit, sa.and_(LearnedFit.funder_id == Funder.id, LearnedFit.idea_id == idea.id))
        .where(Funder.visibility != "hidden", GrantProgramme.listed, counts_on(today))
        .order_by(Mandate.made_at.desc())
        .limit(MOST_FUNDERS)
    )
    return [(mandate, funder, learned) for mandate, funder, learned in rows]
