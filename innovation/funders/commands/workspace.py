"""What a funder's people do among themselves: shortlist, notes, passing on an idea, and searches with their alerts."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa

from innovation.accounts.tokens import make_nonce
from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.funders import policy
from innovation.funders.codes import OFTEN, PASS_REASONS
from innovation.funders.commands.introducing import PASSED_ON, UNSHARED
from innovation.funders.commitment_models import Talk
from innovation.funders.events import (
    AlertChosen,
    AlertEnded,
    FunderNoteWritten,
    IdeaPassed,
    IdeaShortlisted,
    PassTakenBack,
    SearchEnded,
    SearchSaved,
    ShortlistingEnded,
    WorkspaceFact,
)
from innovation.funders.facets import Filters
from innovation.funders.models import Funder, GrantProgramme
from innovation.funders.queries.funding import talk_of
from innovation.funders.queries.interests import is_open, newest_interest
from innovation.funders.queries.workspace import count_searches
from innovation.funders.workspace_models import FunderNote, Passed, SavedSearch, SearchAlert, Shortlisted
from innovation.ideas.models import Idea
from innovation.ideas.policy import CONFLICTED, CONTRIBUTES, OWNS
from innovation.permission import Actor, NotThere
from workflows import Refused

Row = TypeVar("Row", Shortlisted, Passed)
MOST_SEARCHES = 50
TAKES_PART = "You take part in this idea yourself. What your fund thinks of it is kept from you."
WAITS = "The owner has not answered your fund's interest yet. Withdraw it first."
INTRODUCED = "Your fund and the owner are introduced. End that first, with a reason that the owner reads."
IN_TALKS = "Your fund is in talks about this idea. End them with a reason that the owner reads."
TOO_MANY = "Your fund has 50 saved searches already. Remove one first."


# The shortlist and its notes


@command(policy.may_keep_shortlist)
def put_on_shortlist(actor: Actor, funder: Funder, *, idea: Idea) -> Shortlisted:
    """For the funder's own people; nobody else is told."""
    _begin(actor, funder, idea)
    if _standing(Passed, funder, idea) is not None:
        raise Refused((PASSED_ON,))
    found = _standing(Shortlisted, funder, idea)
    if found is not None:
        return found
    made = Shortlisted(funder_id=funder.id, idea_id=idea.id, put_by_id=actor.person_id, put_at=now())
    db.session.add(made)
    record(actor, IdeaShortlisted(funder.id, idea.id))
    return made


@command(policy.may_keep_shortlist)
def take_off_shortlist(actor: Actor, funder: Funder, *, idea: Idea) -> None:
    """Also while the idea is not shared; its notes stay."""
    _end(actor, _standing(Shortlisted, funder, idea), idea, ShortlistingEnded(funder.id, idea.id))


@command(policy.may_write_funder_note)
def write_note(actor: Actor, funder: Funder, *, idea: Idea, text: str) -> FunderNote:
    """A note that only the funder's people read; it stays as it was written."""
    _begin(actor, funder, idea)
    note = FunderNote(funder_id=funder.id, idea_id=idea.id, person_id=actor.person_id, text=text, written_at=now())
    db.session.add(note)
    db.session.flush()
    record(actor, FunderNoteWritten(funder.id, idea.id, note.id))
    return note


# Passing


@command(policy.may_pass_idea)
def pass_idea(actor: Actor, funder: Funder, *, idea: Idea, reason: str, text: str = "") -> Passed:
    """The idea leaves the funder's list and shortlist; nobody outside is told, and no fit changes."""
    _begin(actor, funder, idea)
    if reason not in dict(PASS_REASONS):
        raise Refused(("Choose one of the reasons.",))
    found = _standing(Passed, funder, idea)
    if found is not None:
        return found
    interest = newest_interest(funder, idea)
    if interest is not None and interest.state == "shown":
        raise Refused((WAITS,))
    if interest is not None and interest.state == "accepted" and talk_of(interest) is None:
        raise Refused((INTRODUCED,))
    if _in_talks(funder, idea):
        raise Refused((IN_TALKS,))
    take_off_shortlist(actor, funder, idea=idea)
    made = Passed(
        funder_id=funder.id, idea_id=idea.id, reason=reason, text=text, passed_by_id=actor.person_id, passed_at=now()
    )
    db.session.add(made)
    record(actor, IdeaPassed(funder.id, idea.id))
    return made


@command(policy.may_pass_idea)
def take_back_pass(actor: Actor, funder: Funder, *, idea: Idea) -> None:
    """The idea is in the funder's list again."""
    hold_row(funder)
    _end(actor, _standing(Passed, funder, idea), idea, PassTakenBack(funder.id, idea.id))


def _begin(actor: Actor, funder: Funder, idea: Idea) -> None:
    """One at a time for a funder, and only what its people may read now."""
    hold_row(funder)
    if not is_open(idea):
        raise Refused((UNSHARED,))
    _keep_apart(actor, idea)


def _keep_apart(actor: Actor, idea: Idea) -> None:
    if any(bar.holds(actor, idea) for bar in (OWNS, CONTRIBUTES, CONFLICTED)):
        raise Refused((TAKES_PART,))


def _standing(model: type[Row], funder: Funder, idea: Idea) -> Row | None:
    """The row of this funder and idea that has not ended."""
    return db.session.scalar(sa.select(model).filter_by(funder_id=funder.id, idea_id=idea.id, ended_at=None))


def _end(actor: Actor, row: Shortlisted | Passed | None, idea: Idea, fact: WorkspaceFact) -> None:
    _keep_apart(actor, idea)
    if row is not None:
        row.ended_by_id, row.ended_at = actor.person_id, now()
        record(actor, fact)


def _in_talks(funder: Funder, idea: Idea) -> bool:
    over = Talk.state.in_(("declined", "closed"))
    return bool(
        db.session.scalar(sa.select(Talk.id).where(Talk.funder_id == funder.id, Talk.idea_id == idea.id, ~over))
    )


# Searches


@command(policy.may_save_search)
def save_search(
    actor: Actor,
    funder: Funder,
    *,
    name: str,
    filters: Filters,
    often: str = "never",
    grant: GrantProgramme | None = None,
) -> SavedSearch:
    """Keep the search for everybody of the funder; the alert is for the one who saves it.

    With ``grant`` ideas are judged by what that one of its programmes looks for, whatever it looks for later.
    """
    if grant is not None and grant.funder_id != funder.id:
        raise NotThere
    hold_row(funder)
    if count_searches(funder) >= MOST_SEARCHES:
        raise Refused((TOO_MANY,))
    about = {"funder": funder, "programme": grant, "name": name, "filters": filters.kept}
    search = SavedSearch(**about, saved_by_id=actor.person_id, saved_at=now())
    db.session.add(search)
    db.session.flush()
    record(actor, SearchSaved(funder.id, search.id))
    choose_alert(actor, search, often=often)
    return search


@command(policy.may_save_search)
def end_search(actor: Actor, search: SavedSearch) -> SavedSearch:
    """Nobody of the funder finds it or hears of it any more."""
    if search.ended_at is None:
        search.ended_at = now()
        record(actor, SearchEnded(search.funder_id, search.id))
    return search


@command(policy.may_choose_alert)
def choose_alert(actor: Actor, search: SavedSearch, *, often: str) -> SearchAlert | None:
    """How often this person hears of it, from now on; nothing that was there before is news."""
    if often not in dict(OFTEN):
        raise Refused(("Choose how often.",))
    found = db.session.scalar(sa.select(SearchAlert).filter_by(search_id=search.id, person_id=actor.person_id))
    if found is None and (often == "never" or actor.person_id is None):
        return None
    if found is None:
        found = SearchAlert(search=search, person_id=actor.person_id, nonce=make_nonce(), rounds=0)
        db.session.add(found)
    elif found.often == often:
        return found
    if found.often in (None, "never"):
        found.seen_to = found.looked_at = now()
    found.often = often
    record(actor, AlertChosen(search.funder_id, search.id, often))
    return found


@command(policy.may_end_alert)
def end_alert(actor: Actor, alert: SearchAlert) -> SearchAlert:
    """With the address from a mail, by whoever holds it; a second time changes nothing."""
    if alert.often != "never":
        alert.often = "never"
        record(actor, AlertEnded(alert.funder_id, alert.search_id, alert.id))
    return alert
