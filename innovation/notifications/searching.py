"""Mails about new ideas that a saved search finds: at once, daily or weekly, for each person as they chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts.models import Account, Person
from innovation.accounts.queries import actor_of
from innovation.db import db, now
from innovation.funders import queries
from innovation.funders.facets import Filters
from innovation.funders.fitting import Say
from innovation.funders.queries import Browsing, Card
from innovation.funders.workspace_models import AlertedIdea, SavedSearch, SearchAlert
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.notifications import post
from innovation.notifications.models import OF_A_SEARCH, Message
from innovation.notifications.post import Letter, address_of, path_to
from innovation.web import today

HOUR, WEEKDAY = 7, 0  # daily and weekly mails leave at seven where the programme is, weekly ones on Mondays
MARGIN = dt.timedelta(minutes=10)  # what is listed becomes visible a little later than it says
MOST_TOLD = 10


def slot(often: str, at: dt.datetime) -> dt.datetime:
    """The last moment, where the programme is, at which mails of this kind were due; ``at`` is in its time zone."""
    days = (at.weekday() - WEEKDAY) % 7 if often == "weekly" else 0
    due = (at - dt.timedelta(days=days)).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return due if due <= at else due - dt.timedelta(days=7 if often == "weekly" else 1)


def due_alerts(at: dt.datetime) -> sa.Select[int]:
    """The alerts to look at: at once when something was listed since, daily and weekly ones at their hour."""
    new = sa.exists().where(Idea.listed_at > SearchAlert.seen_to)
    timed = [
        sa.and_(SearchAlert.often == often, SearchAlert.looked_at < slot(often, at)) for often in ("daily", "weekly")
    ]
    due = sa.or_(sa.and_(SearchAlert.often == "instant", new), *timed)
    return sa.select(SearchAlert.id).join(SearchAlert.search).where(SavedSearch.ended_at.is_(None), due)


def tell_of_search(alert_id: int, at: dt.datetime) -> None:
    """Owe a mail of what is new since the last one, and note that it was told; part of a transaction."""
    query = due_alerts(at).where(SearchAlert.id == alert_id).with_only_columns(SearchAlert)
    alert = db.session.scalar(query.options(joinedload(SearchAlert.search)).with_for_update(of=SearchAlert))
    if alert is None:  # another worker was quicker
        return
    instant = now()
    to = _address_of(alert)
    cards = _news(alert) if to else []
    alert.looked_at, alert.seen_to = instant, max(alert.seen_to, instant - MARGIN)
    if not cards or not to:
        return
    alert.rounds += 1
    told = [AlertedIdea(alert_id=alert.id, idea_id=card.idea.id, round=alert.rounds) for card in cards]
    db.session.add_all(told)
    person = db.session.get_one(Person, alert.person_id)
    post.send(person, to, _letter(alert, cards), why=f"{OF_A_SEARCH}{alert.id}:{alert.rounds}")


def _address_of(alert: SearchAlert) -> str | None:
    """Where the person is reached; nowhere once they work for the funder no more."""
    person = db.session.get_one(Person, alert.person_id)
    account = db.session.scalar(sa.select(Account).where(Account.person_id == person.id))
    if account is None or alert.funder_id not in actor_of(person).funder_ids:
        return None
    return post.reachable_at(person, account)


def _news(alert: SearchAlert) -> list[Card]:
    """What the search finds now of the ideas listed since the last look and not told of yet, best fit first."""
    told = sa.select(AlertedIdea.idea_id).where(AlertedIdea.alert_id == alert.id)
    query = sa.select(Idea.id).where(Idea.listed_at > alert.seen_to, Idea.id.not_in(told))
    return _found(alert, list(db.session.scalars(query.order_by(Idea.listed_at.desc()).limit(queries.CANDIDATES))))


def _found(alert: SearchAlert, idea_ids: Sequence[int]) -> list[Card]:
    """Those of the ideas that the search finds for the person now."""
    if not idea_ids:
        return []
    search, person = alert.search, db.session.get_one(Person, alert.person_id)
    mandates = queries.mandates_for(search.funder, today(), search.grant)
    browsing = Browsing(actor_of(person), search.funder, mandates, today())
    matches = browsing.fits_of(idea_ids, Filters.of(search.filters))
    return queries.load_cards(sorted(matches, key=lambda match: (-match.fit.score, -match.idea_id)))


def _letter(alert: SearchAlert, cards: Sequence[Card]) -> Letter:
    search = alert.search
    chosen = {"grant": search.grant} if search.grant else {}
    link = path_to("funders.browse", fund=search.funder.key, **chosen, **Filters.of(search.filters).kept)
    off = path_to("funders.alert_off", alert_id=alert.id, secret=queries.secret_of(alert))
    ideas = [(card, _why(card), _pack(card, search)) for card in cards[:MOST_TOLD]]
    told = {"search": search.name, "ideas": ideas, "more": len(cards) - len(ideas), "off": address_of(off)}
    return Letter("search_alert", link, told, off=off, also=tuple(card.idea.id for card in cards))


def _why(card: Card) -> str:
    """Why it fits, in the words of the list."""
    return " ".join(_said(part.sentence) for part in card.fit.reasons)


def _said(sentence: Say) -> str:
    return _(sentence.to_funder, **sentence.values)


def _pack(card: Card, search: SavedSearch) -> str:
    return address_of(path_to("funders.pack", reference=card.idea.reference, fund=search.funder.key))


# Just before it leaves


def renew(message: Message) -> bool:
    """Write an owed mail anew with what may still be told; False when nothing is left of it, or nobody to tell.

    What is left out was not told: should it be shared again, it is news.
    """
    _kind, alert_id, round_ = message.why.split(":")
    alert = db.session.get(SearchAlert, int(alert_id), options=[joinedload(SearchAlert.search)])
    if alert is None or alert.often == "never" or alert.search.ended_at is not None or not _address_of(alert):
        return False
    told = sa.select(AlertedIdea.idea_id).where(AlertedIdea.alert_id == alert.id, AlertedIdea.round == int(round_))
    ids = list(db.session.scalars(told))
    cards = _found(alert, ids)
    left_out = set(ids) - {card.idea.id for card in cards}
    if left_out:
        gone = AlertedIdea.alert_id == alert.id, AlertedIdea.idea_id.in_(left_out)
        db.session.execute(sa.delete(AlertedIdea).where(*gone))
    if cards:
        person = db.session.get_one(Person, alert.person_id)
        message.to_address = _address_of(alert) or message.to_address
        message.subject, message.text, message.html = post.typeset(person, _letter(alert, cards))
    return bool(cards)


def is_of_search(message: Message) -> bool:
    return message.why.startswith(OF_A_SEARCH)
