"""The report of a clinic as one person may read it: who was there, which ideas came, and what happens with each."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import field
from typing import Any

import sqlalchemy as sa

from innovation.clinics import queries, rounds
from innovation.clinics.models import Clinic, NextStep
from innovation.clinics.small_cells import Cell, cells_of, holds_back, total_of
from innovation.clinics.wall_models import VotingRound
from innovation.db import db
from innovation.ideas import queries as ideas
from innovation.ideas import store
from innovation.ideas.filecheck import IMAGES
from innovation.ideas.models import Attachment, Consent, Handin, Idea
from innovation.ideas.naming import read_nameless
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.permission import Actor, NotThere
from innovation.places.models import District, School
from innovation.programmes.models import Programme, Theme
from innovation.values import dataclass

MOST_IDEAS = 5000
MOST_PHOTOS = 12
ON_PAGE, ON_PAPER = 320, 900  # the longest side of a photograph, in pixels


@dataclass(frozen=True)
class Table:
    """Counts by one thing, such as the district; ``total`` is with those held back, unless it gives them away."""

    name: str
    cells: list[Cell]
    total: int | None

    @property
    def holds_back(self) -> bool:
        return holds_back(self.cells)


@dataclass(frozen=True)
class Line:
    """An idea of the report; no owner for whoever reads without names."""

    idea: Idea
    owner: str
    step: NextStep | None


@dataclass(frozen=True)
class Chosen:
    """An idea of the shortlist; no dots where it was made by hand."""

    reference: str
    title: str
    dots: int | None


@dataclass(frozen=True)
class Shortlist:
    """What was chosen, and in which way; ``method`` is that of the round, dots or points."""

    how: str = ""
    chosen: tuple[Chosen, ...] = ()
    method: str = "dots"

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(each.reference for each in self.chosen)


@dataclass(frozen=True)
class Photo:
    attachment: Attachment
    reference: str
    title: str


@dataclass(frozen=True)
class Report:
    names: queries.Names
    facilitators: list[str]
    there: Table
    tables: list[Table]
    lines: list[Line]
    shortlist: Shortlist
    photos: list[Photo] = field(default_factory=list)


def report_of(actor: Actor, clinic: Clinic) -> Report:
    """The report, of the ideas that this person may see."""
    by = ideas.Filters(clinic=clinic.id, standing="any")
    every = ideas.list_ideas(actor, by, sort="reference", size=MOST_IDEAS).items
    nameless = read_nameless(actor, every)
    steps = {step.idea_id: step for step in db.session.scalars(sa.select(NextStep).filter_by(clinic_id=clinic.id))}
    return Report(
        names=queries.names_of(clinic),
        facilitators=[person.name for person in queries.list_facilitators(clinic)],
        there=_there(clinic),
        tables=_tables(clinic, {idea.id for idea in every}, is_nameless=bool(nameless)),
        lines=[Line(i, "" if i.id in nameless else i.owner.name, steps.get(i.id)) for i in every],
        shortlist=shortlist_of(clinic, {idea.id for idea in every}),
        photos=list_photos(clinic, {idea.id for idea in every}),
    )


def shortlist_of(clinic: Clinic, seen: set[int]) -> Shortlist:
    """What the room chose, how, and who settled what was level; of the ideas that may be seen."""
    found = rounds.find_shortlist(clinic)
    if found is None:
        return Shortlist()
    made, ids = found
    rows = db.session.execute(sa.select(Idea.id, Idea.reference, Idea.title).where(Idea.id.in_(seen)))
    ideas = {key: (reference, title) for key, reference, title in rows}
    voted = db.session.get_one(VotingRound, made.round_id) if made.round_id else None
    result = rounds.result_of(clinic, voted) if voted else None
    given = {place.idea_id: place.dots for place in result.places} if result else {}
    chosen = tuple(Chosen(*ideas[key], given.get(key)) for key in ids if key in ideas)
    if result is None:
        return Shortlist(_("Chosen by hand: %(reason)s", reason=made.reason), chosen)
    ties = [tie for tie in rounds.list_ties(result.round) if tie.idea_id in ideas]
    settled = [
        _("%(name)s put %(title)s first: %(reason)s", name=t.decided_by, title=ideas[t.idea_id][1], reason=t.reason)
        for t in ties
    ]
    return Shortlist(" ".join([_by_vote(result, len(chosen)), *map(str, settled)]), chosen, result.round.method)


def _by_vote(result: rounds.Result, many: int) -> str:
    asked = f" ({result.round.question})" if result.round.question else ""
    told = {"round": result.round.number, "asked": asked}
    if result.round.method == "points":
        how = ngettext(
            "The idea with most points in round %(round)s%(asked)s:",
            "The %(num)d ideas with most points in round %(round)s%(asked)s:",
            many,
            **told,
        )
        what = ngettext("%(num)d point.", "%(num)d points.", result.all_dots)
        return f"{how} {ngettext('%(num)d person gave', '%(num)d people gave', result.ballots)} {what}"
    how = ngettext(
        "The idea with most dots in round %(round)s%(asked)s:",
        "The %(num)d ideas with most dots in round %(round)s%(asked)s:",
        many,
        **told,
    )
    what = ngettext("%(num)d dot.", "%(num)d dots.", result.all_dots)
    return f"{how} {ngettext('%(num)d person placed', '%(num)d people placed', result.ballots)} {what}"


def attended(clinic: Clinic) -> list[tuple[str, int]]:
    """How many of each kind were there; a kind that the programme no longer counts by its key."""
    counts = {key: int(str(n)) for key, n in (clinic.attendance or {}).items()}
    named = [(_(each.name), counts.pop(each.key)) for each in queries.attendees_of(clinic) if each.key in counts]
    return [*named, *((key.replace("_", " ").capitalize(), n) for key, n in counts.items())]


def _there(clinic: Clinic) -> Table:
    counts = dict(attended(clinic))
    return Table(_("Role"), cells_of(counts), total_of(counts))


def _tables(clinic: Clinic, seen: set[int], *, is_nameless: bool) -> list[Table]:
    """How many ideas come from where, and are about what.

    Who reads the ideas with their owners reads these numbers whole, since each idea stands in the report itself; who
    reads without names is not told what could make out an owner among few.
    """
    words = db.session.get_one(Programme, clinic.programme_id).workflow_version.definition.words
    query = (
        sa.select(Idea.id, District.name, Theme.name, School.quintile)
        .select_from(Idea)
        .outerjoin(District, District.id == Idea.district_id)
        .outerjoin(Theme, Theme.id == Idea.theme_id)
        .outerjoin(School, School.emis == Idea.school_emis)
        .where(Idea.clinic_id == clinic.id)
    )
    rows = [row for row in db.session.execute(query) if row[0] in seen]
    unknown = _("Not known")
    quintiles = [_("Quintile %(number)s", number=row[3]) if row[3] else unknown for row in rows]
    columns = [
        (_(words.district), [row[1] or unknown for row in rows]),
        (_("Theme"), [row[2] or unknown for row in rows]),
        (_("Quintile"), quintiles if _has_quintiles() else []),
    ]
    counted = [(name, dict(sorted(Counter(values).items()))) for name, values in columns if values]
    if is_nameless:
        return [Table(name, cells_of(counts), total_of(counts)) for name, counts in counted]
    return [Table(n, [Cell(*each) for each in counts.items()], sum(counts.values())) for n, counts in counted]


def _has_quintiles() -> bool:
    """Does the register say them? Then it is also told where none is known."""
    return bool(db.session.scalar(sa.select(sa.exists().where(School.quintile.is_not(None)))))


# Photographs


def list_photos(clinic: Clinic, seen: set[int]) -> list[Photo]:
    """Pictures kept with these ideas whose owners agreed that they are shown; no papers that were handed in."""
    agreed = sa.exists().where(
        Consent.idea_id == Idea.id,
        Consent.person_id == Idea.owner_id,
        Consent.purpose == "photo",
        Consent.withdrawn_at.is_(None),
    )
    query = (
        sa.select(Attachment, Idea.id, Idea.reference, Idea.title)
        .join(Idea, Idea.id == Attachment.idea_id)
        .where(Idea.clinic_id == clinic.id, Attachment.removed_at.is_(None), Attachment.content_type.in_(IMAGES))
        .where(agreed, ~sa.exists().where(Handin.attachment_id == Attachment.id))
        .order_by(Idea.reference, Attachment.id)
    )
    rows = (row for row in db.session.execute(query) if row[1] in seen)
    return [Photo(row[0], row[2], row[3]) for row, _n in zip(rows, range(MOST_PHOTOS), strict=False)]


def find_photo(actor: Actor, clinic: Clinic, attachment_id: int) -> Photo:
    """One of the photographs of the report; ``NotThere`` for any other file."""
    by = ideas.Filters(clinic=clinic.id, standing="any")
    seen = {idea.id for idea in ideas.list_ideas(actor, by, sort="reference", size=MOST_IDEAS).items}
    found = next((photo for photo in list_photos(clinic, seen) if photo.attachment.id == attachment_id), None)
    if found is None:
        raise NotThere
    return found


@dataclass(frozen=True)
class Thumbnail:
    content: bytes
    width: int
    height: int


def thumbnail(photo: Photo, side: int) -> Thumbnail:
    """The photograph as a JPEG whose longest side has so many pixels; ``NotThere`` where its file is gone."""
    from PIL import Image

    try:
        content = store.store().get(photo.attachment.key)
    except FileNotFoundError:
        raise NotThere from None
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        small: Any = image.convert("RGB")
        small.thumbnail((side, side))
        small.save(out, "JPEG", quality=70)
        return Thumbnail(out.getvalue(), *small.size)
