"""Interest: shown by a funder, answered by the owner, and listed for each side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import db
from innovation.forms import Form
from innovation.funders import commands, policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import KINDS, RESTING, STATES, TALK_STATES, TONES
from innovation.funders.forms import AnswerForm, InterestFilterForm, InterestForm
from innovation.funders.freshness import ends_on
from innovation.funders.funding_forms import EndForm
from innovation.funders.models import Interest
from innovation.funders.queries import is_open, is_resting
from innovation.funders.queries.funding import talks_of
from innovation.funders.views.browsing import acting, confidence_words, pack_page
from innovation.funders.views.mandate_words import Wording
from innovation.ideas.listing import reaches_funders
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea, latest_ask
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.tables import write_table
from innovation.web import me, today

MOST_EXPORTED = 10_000
SORTS = ("shown", "answered", "state")


# The funder's side


@bp.route("/funders/ideas/<reference>/interest", methods=["GET", "POST"])
def interest(reference: str) -> Any:
    if request.method == "GET":
        return pack_page(reference, InterestForm(), 200)
    idea = queries.find_listed(me(), reference)
    funder, form = acting(), InterestForm.read()
    if form.submit_to(commands.show_interest, me(), funder, idea=idea):
        flash(_("Your interest is shown. You are told as soon as the owner answers."))
        return redirect(url_for(".pack", reference=idea.reference, fund=request.args.get("fund")))
    return pack_page(reference, form, form.status)


@bp.post("/funders/ideas/<reference>/interest/withdrawal")
def withdraw_interest(reference: str) -> Any:
    funder = acting()
    found = _own_interest(funder, reference)
    commands.withdraw_interest(me(), found)
    flash(_("Your interest is withdrawn."))
    if is_open(found.idea):
        return redirect(url_for(".pack", reference=found.idea.reference, fund=request.args.get("fund")))
    return redirect(url_for(".interest_list", fund=request.args.get("fund")))


def _own_interest(funder: Any, reference: str) -> Interest:
    """What the funder last showed in an idea, also when the idea is no longer shown to it."""
    found = queries.find_own_interest(funder, reference)
    if found is None or not policy.may_withdraw_interest.allows(me(), found):
        raise NotThere
    return found


@bp.get("/funders/interests")
def interest_list() -> Any:
    """A funder's own interests; for staff the states of all in their ideas, never messages."""
    if not policy.may_list_interests.allows(me()):
        raise NotThere
    funder = acting() if me().funder_ids else None
    form = InterestFilterForm.of_query().translated()
    state = ListState.read(SORTS, "shown", descending=True)
    by = {
        "state": form.state.data or "",
        "q": form.q.data or "",
        "sort": f"-{state.sort}" if state.descending else state.sort,
    }
    if state.export:
        rows = db.session.scalars(queries.interests_query(me(), funder, **by).limit(MOST_EXPORTED)).all()
        ended = queries.talks_over(rows)
        return write_table(_columns(funder), (_line(each, funder, ended) for each in rows), state.export, "interests")
    page = state.on(queries.list_interests(me(), funder, **by, page=state.number))
    return render_template(
        "funders/interest_list.html",
        funder=funder,
        own=queries.own_funders(me()) if funder else [],
        form=form,
        state=state,
        page=page,
        over=queries.talks_over(page.items),
        state_words=state_words,
        tones=TONES,
        shown=is_open,
        narrowed=bool(by["state"] or by["q"]),
    )


def state_words(each: Interest, over: Mapping[int, str]) -> str:
    """The state of an interest in words; one that nobody can accept now says so, and one whose talks are over."""
    if each.id in over:
        return str(_(dict(TALK_STATES)[over[each.id]]))
    return str(_(RESTING) if is_resting(each) else _(dict(STATES)[each.state]))


def _columns(funder: Any) -> list[tuple[str, str]]:
    columns = [
        ("reference", _("Reference")),
        ("title", _("Title")),
        ("funder", _("Funder")),
        ("state", _("State")),
        ("shown_at", _("Shown")),
        ("answered_at", _("Answered")),
    ]
    return [pair for pair in columns if not (funder and pair[0] == "funder")]


def _line(each: Interest, funder: Any, over: Mapping[int, str]) -> dict[str, Any]:
    return {
        "reference": each.idea.reference,
        "title": each.idea.title if funder is None or is_open(each.idea) else "",
        "funder": each.funder.name,
        "state": state_words(each, over),
        "shown_at": each.shown_at.date(),
        "answered_at": each.answered_at.date() if each.answered_at else None,
    }


# The idea's side


@bp.get("/ideas/<reference>/interests")
def interests(reference: str) -> Any:
    return _interests_page(_idea(reference), None, 200)


@bp.post("/ideas/<reference>/interests/<int:interest_id>/answer")
def answer(reference: str, interest_id: int) -> Any:
    idea = _idea(reference)
    found = queries.find_interest(me(), idea, interest_id)
    form = AnswerForm.read(prefix=f"i{found.id}")
    accepts = form.answer.data == "accept"
    command = commands.accept_interest if accepts else commands.decline_interest
    if form.submit_to(command, me(), found):
        flash(_("You are introduced. You see each other's contacts now.") if accepts else _("Your answer is sent."))
        return redirect(url_for(".interests", reference=idea.reference))
    return _interests_page(idea, form, form.status, found.id)


@bp.post("/ideas/<reference>/interests/<int:interest_id>/end")
def end_introduction(reference: str, interest_id: int) -> Any:
    idea = _idea(reference)
    found = queries.find_interest(me(), idea, interest_id)
    form = EndForm.read(prefix=f"i{found.id}")
    if form.submit_to(commands.end_introduction, me(), found):
        flash(_("The introduction is over. The funder reads your reason."))
        return redirect(url_for(".interests", reference=idea.reference))
    return _interests_page(idea, form, form.status, found.id)


@bp.post("/ideas/<reference>/interests/<int:interest_id>/invitation")
def invite_interest(reference: str, interest_id: int) -> Any:
    idea = _idea(reference)
    found = queries.find_interest(me(), idea, interest_id)
    commands.invite_interest(me(), found)
    flash(_("%(funder)s is told that it may show interest again.", funder=found.funder.name))
    return redirect(url_for(".interests", reference=idea.reference))


def _idea(reference: str) -> Idea:
    idea = find_idea(me(), reference)
    if not policy.may_see_interests.allows(me(), idea):
        raise NotThere
    return idea


def _interests_page(idea: Idea, sent: Form | None, status: int, sent_for: int = 0) -> Any:
    found = queries.interests_of(idea)
    reads = policy.may_read_interests.allows(me(), idea)
    met = [each.shown_by_id for each in found if each.state == "accepted"] if reads else []
    in_talks = {each.interest_id for each in talks_of(idea)}
    waiting = [
        each for each in found if each.state == "shown" or (each.state == "accepted" and each.id not in in_talks)
    ]
    forms = {each.id: _form(each, sent, sent_for) for each in waiting} if reads else {}
    fits, wording = queries.funders_for(idea, today()) if reaches_funders(idea) else [], Wording()
    return render_template(
        "funders/interests.html",
        idea=idea,
        interests=found,
        reads=reads,
        forms=forms,
        sent=sent,
        contacts=queries.contacts_of(met) if met else {},
        over=queries.talks_over(found),
        newest={each.funder_id: each.id for each in sorted(found, key=lambda each: each.id)},
        state_words=state_words,
        tones=TONES,
        ends_on=ends_on,
        kinds=dict(KINDS),
        ask=latest_ask(idea),
        reached=reaches_funders(idea),
        shared=is_open(idea),
        fits=fits,
        looks_for={each.mandate.id: wording.of(each.mandate) for each in fits},
        confidence=confidence_words(),
    ), status


def _form(each: Interest, sent: Form | None, sent_for: int) -> Form:
    """Each interest has its own form, to answer it or to end the introduction; the one sent keeps what was typed."""
    if sent is not None and sent_for == each.id:
        return sent
    return (AnswerForm if each.state == "shown" else EndForm)(prefix=f"i{each.id}", data={"version": each.version})
