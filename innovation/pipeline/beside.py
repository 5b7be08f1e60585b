"""What stands beside the list of the pipeline: its counts, and the choices of its filters; one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.clinics import queries as clinics
from innovation.clinics.models import Clinic
from innovation.db import MOST_PAGES
from innovation.ideas import queries as ideas
from innovation.ideas import search
from innovation.ideas.queries import Filters, unindexed
from innovation.permission import Actor
from innovation.pipeline.queries import Choice
from innovation.pipeline.rows import SIZE
from innovation.pipeline.together import Answer, answers, gathered, part, spread
from innovation.places.models import District, Province
from innovation.programmes.models import Theme
from innovation.statements import worded
from innovation.values import dataclass

Choices = tuple[tuple[str, str], ...]
MOST_CLINICS = 100  # choices to filter by: the newest; each one costs every list


@dataclass(frozen=True)
class Beside:
    """``counted`` ideas are in the list, ``waiting`` of them long; ``open_clinics`` has up to two codes.

    Where the list is found by its words, ``page`` has the ids of a page and of one idea more. With ``cut_at`` the words
    are so common that only so many of the newest ideas were looked through.
    """

    counted: int = 0
    waiting: int = 0
    places: dict[str, int] = field(default_factory=dict)
    clinics: Choices = ()
    themes: Choices = ()
    districts: Choices = ()
    open_clinics: list[str] = field(default_factory=list)
    page: list[int] | None = None
    cut_at: int | None = None


def find_beside(actor: Actor, programme: Choice | None, filters: Filters, days: int, *, sort: str, page: int) -> Beside:
    """What stands beside the ideas of ``filters``; those that have waited for more than ``days`` have waited long."""
    before = (max(1, min(page, MOST_PAGES)) - 1) * SIZE
    found = answers(_questions(actor, programme.id if programme else None, filters, days, sort), {"before": before})
    places: dict[str, int] = {}
    for number, place, *_rest in found.get("place", []):
        places[place] = places.get(place, 0) + int(number or 0)
    return Beside(
        counted=found["counted"][0].number,
        waiting=found["waiting"][0].number,
        places=places,
        clinics=_clinic_choices(_text(found, "clinic")),
        themes=_theme_choices(_text(found, "theme")),
        districts=_district_choices(_text(found, "district")),
        page=_page(*found.get("page", [])) if "words" in found else None,
        cut_at=_cut_at(found["counted"][0].number, *found.get("words", [])),
        open_clinics=[clinic.text for clinic in _newest(found.get("open", []))],
    )


def _page(*found: Answer) -> list[int]:
    """The ids of a page in their order, up to where the list ends."""
    places = {int(each.text): each.number for each in found}
    return [places[at] for at in sorted(places) if at <= search.CANDIDATES]


def _cut_at(counted: int, *words: Answer) -> int | None:
    """Where the search for words ended before the last idea that holds them; None where it did not."""
    if words and counted > search.CANDIDATES:
        return search.CANDIDATES
    return search.MOST_MATCHES if any(found.number >= search.MOST_MATCHES for found in words) else None


def _text(found: Mapping[str, Sequence[Answer]], kind: str) -> str:
    return found[kind][0].text if kind in found else ""


@lru_cache(maxsize=64)
def _clinic_choices(gathered: str) -> Choices:
    return tuple((str(clinic.number), _dated(clinic)) for clinic in _newest(spread(gathered)))


@lru_cache(maxsize=64)
def _theme_choices(gathered: str) -> Choices:
    return tuple((theme.more, theme.text) for theme in sorted(spread(gathered), key=lambda theme: theme[:3]))


@lru_cache(maxsize=16)
def _district_choices(gathered: str) -> Choices:
    return tuple(sorted(((str(each.number), each.text) for each in spread(gathered)), key=lambda pair: pair[1]))


def _newest(answers: Sequence[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: (answer.day or dt.date.min, answer.number), reverse=True)


def _dated(clinic: Answer) -> str:
    return f"{clinic.text}, {clinic.day.day} {clinic.day:%b %Y}" if clinic.day else clinic.text


@worded
def _questions(
    actor: Actor, programme_id: int | None, filters: Filters, days: int, sort: str
) -> sa.CompoundSelect[*tuple[Any, ...]]:
    listed = ideas.count_list(actor, filters, days, sort, SIZE + 1)
    return sa.union_all(*_of_list(listed), *_parts(actor, programme_id, filters))


def _of_list(listed: ideas.Counts) -> Iterator[sa.Select[Any]]:
    yield part("counted", listed.counted)
    yield part("waiting", listed.waiting)
    if listed.with_words is not None:
        yield part("words", listed.with_words)
    if listed.page is not None:
        found = listed.page.subquery()
        yield part("page", found.c.id, sa.cast(found.c["at"], sa.String()))


def _parts(actor: Actor, programme_id: int | None, filters: Filters) -> Iterator[sa.Select[Any]]:
    if actor.has("facilitator"):
        yield _clinics("open", Clinic.code, sa.and_(Clinic.state == "open", clinics.visible(actor, unindexed)), 2)
    if programme_id is None:
        return
    for counts in ideas.place_counts(actor, programme_id):
        place, number = counts.subquery().c
        yield part("place", number, place)
    own = sa.and_(Clinic.programme_id == programme_id, clinics.visible(actor))
    yield gathered("clinic", _clinics("clinic", Clinic.title, own, MOST_CLINICS))
    in_use = sa.and_(Theme.programme_id == programme_id, Theme.retired_at.is_(None))
    yield gathered("theme", part("theme", Theme.position, Theme.name, Theme.key).where(in_use))
    districts = part("district", District.id, District.name + ", " + Province.name)
    districts = districts.join(Province, Province.code == District.province_code)
    yield gathered("district", districts.where(District.valid_to.is_(None)))


def _clinics(kind: str, text: Any, condition: sa.ColumnElement[bool], limit: int) -> sa.Select[Any]:
    """The newest clinics that fit, and no more of them."""
    newest = part(kind, Clinic.id, text, day=Clinic.starts_on).where(condition)
    return newest.order_by(Clinic.starts_on.desc(), Clinic.id.desc()).limit(limit).subquery().select()
