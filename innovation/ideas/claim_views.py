"""Public pages for whoever holds a slip or a claim link: where the idea is, and making it one's own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.accounts import queries as people
from innovation.accounts.models import Token
from innovation.accounts.views.signing_in import start_browser_session
from innovation.ideas import claims, status
from innovation.ideas.blueprint import bp
from innovation.ideas.capture_forms import BeginClaimForm, ClaimForm, StatusForm
from innovation.ideas.models import Idea
from innovation.languages import base_of, spoken
from innovation.languages import gettext as _
from innovation.permission import Actor
from innovation.programmes.own_words import speak_for
from innovation.speaking import in_every_language, prefer
from innovation.web import me, public
from workflows import Refused


@bp.route("/status", methods=["GET", "POST"], endpoint="status")
@public
@in_every_language
def look_up() -> Any:
    """Answers a wrong secret and an unknown reference alike, and only so many times."""
    form = StatusForm.read(data={"reference": request.args.get("reference", "")[:20]})
    if not form.submit_to(_look_up, me(), None):
        return render_template("ideas/status.html", form=form), form.status
    idea: Idea = form.result
    return _found(idea, BeginClaimForm(data={**form.data, "email": request.form.get("email", "")[:254]}))


def _look_up(actor: Actor, _nothing: None, *, reference: str, secret: str) -> Idea:
    return claims.look_up(reference, secret, request.remote_addr or "")


def _found(idea: Idea, form: BeginClaimForm) -> Any:
    speak_for(idea.programme_id)
    return render_template(
        "ideas/status_found.html",
        idea=idea,
        form=form,
        marks=status.marks(idea),
        outcome=status.last_outcome(idea),
        again=status.looked_at_again(idea),
        next_step=status.next_step(idea),
        goes_on=status.goes_on_as(idea),
        title=status.shown_title(idea),
        due_on=status.due_on(idea),
        agreed=status.agreed_step(idea),
        no_claim=claims.why_no_claim(idea),
        asks_address=not idea.owner.email,
        is_over=status.is_over(idea),
    ), form.status


@bp.post("/status/claim")
@public
@in_every_language
def begin_claim() -> Any:
    """Send the claim link: the slip opens the way to a mailbox, and never a sign-in by itself."""
    form = BeginClaimForm.read()
    if not form.validate():
        form.status = 422
        return _again(form)
    try:
        idea = _look_up(me(), None, reference=form.reference.data or "", secret=form.secret.data or "")
        claims.require_calm(idea)
        claims.begin_claim(me(), idea, email=form.email.data or "")
    except Refused as refused:
        form.refuse(refused, 422)
        return _again(form)
    return render_template("ideas/claim_sent.html", idea=idea, to=form.email.data if form.email.data else "")


def _again(form: BeginClaimForm) -> Any:
    """The page that the form stands on: the idea where the slip is right, else the first one."""
    try:
        idea = _look_up(me(), None, reference=form.reference.data or "", secret=form.secret.data or "")
    except Refused as refused:
        first = StatusForm(data=form.data)
        first.refuse(refused, 422)
        return render_template("ideas/status.html", form=first), 422
    return _found(idea, form)


@bp.route("/claim/<token>", methods=["GET", "POST"])
@public
@in_every_language
def claim(token: str) -> Any:
    found = people.find_token(people.CLAIM, token)
    idea = claims.idea_of(found) if found is not None else None
    if found is None or idea is None:
        return render_template("ideas/claim_over.html"), 404
    account = claims.account_for(found)
    if account is not None:
        return _adopt(found, idea, account.person_id == me().person_id)
    prefer(found.person.language)
    form = ClaimForm.read(email=found.person.email or "", data={"name": found.person.name})
    if form.submit_to(_claim, people.actor_of(found.person), found):
        start_browser_session(form.result)
        flash(_owned(idea) or _("Welcome. %(reference)s is yours to work on.", reference=idea.reference))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    values = {"ended": status.how_it_ended(idea), "goes_on": status.goes_on_as(idea)}
    return render_template("ideas/claim.html", form=form, idea=idea, token=found, **values), form.status


def _owned(idea: Idea) -> str:
    """What is said once an idea that is over has found its owner; empty for any other."""
    told = _("%(reference)s is yours. It is over; its page says what you can still do.", reference=idea.reference)
    return told if status.is_over(idea) else ""


def _claim(actor: Actor, token: Token, **typed: Any) -> Any:
    return claims.claim_idea(actor, token, language=base_of(spoken()), **typed)


def _adopt(token: Token, idea: Idea, is_theirs: bool) -> Any:
    """The address has a sign-in already: whoever is signed in with it takes the idea."""
    if request.method == "POST":
        claims.adopt_idea(me(), token)
        flash(_owned(idea) or _("%(reference)s is yours to work on.", reference=idea.reference))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    values = {"ended": status.how_it_ended(idea), "goes_on": status.goes_on_as(idea)}
    return render_template("ideas/claim_known.html", idea=idea, token=token, is_theirs=is_theirs, **values)
