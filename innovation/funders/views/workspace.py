"""A funder's workspace: shortlist with notes, ideas passed on, saved searches, and the end of their mails."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from innovation.funders import policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import OFTEN, PASS_REASONS
from innovation.funders.commands import workspace as commands
from innovation.funders.faceted import Offer
from innovation.funders.facets import Filters
from innovation.funders.forms import InterestForm
from innovation.funders.models import GrantProgramme
from innovation.funders.queries import Browsing
from innovation.funders.views.browsing import acting, asked_for, pack_page
from innovation.funders.workspace_forms import AlertForm, NoteForm, PassForm, SearchForm
from innovation.funders.workspace_models import SavedSearch
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import csrf, me, public, safe_next, today
from workflows import Refused


@bp.route("/funders/workspace", methods=["GET", "POST"])
def workspace() -> Any:
    """What the funder's people keep; a search is saved from the address of the list, which comes along."""
    if not policy.may_browse_ideas.allows(me()):
        raise NotThere
    funder = acting()
    browsing = Browsing(me(), funder, queries.mandates_for(funder, today()), today())
    offer = Offer.read(browsing)
    filters = asked_for(offer)
    key = request.args.get("grant", "")
    grant = queries.find_grant(funder, key) if key else None
    form = SearchForm.read().translated()
    if request.method == "POST" and form.submit_to(commands.save_search, me(), funder, filters=filters, grant=grant):
        flash(_("The search is saved. Everybody of your fund finds it here."))
        return redirect(url_for(".workspace", fund=request.args.get("fund")))
    searches = queries.list_searches(me(), funder)
    return render_template(
        "funders/workspace.html",
        funder=funder,
        own=queries.own_funders(me()),
        shortlist=queries.list_shortlist(me(), funder),
        passed=queries.list_passed(me(), funder),
        reasons=dict(PASS_REASONS),
        searches=[(each, *_shown(offer, each.search)) for each in searches],
        often=[(key, _(name)) for key, name in OFTEN],
        form=form,
        told=_told(offer, filters, grant),
        saving=bool(request.args.get("save")) or request.method == "POST",
        here=filters.kept | ({"grant": key} if key else {}),
    ), form.status


def _shown(offer: Offer, search: SavedSearch) -> tuple[str, str]:
    """A search in words, and the address of its list."""
    filters = Filters.of(search.filters)
    address = url_for(".browse", fund=request.args.get("fund"), grant=search.grant or None, **filters.kept)
    return _told(offer, filters, search.programme), address


def _told(offer: Offer, filters: Filters, grant: GrantProgramme | None) -> str:
    words = offer.told(filters)
    return _("By %(programme)s: %(words)s", programme=grant.name, words=words) if grant else words


@bp.post("/funders/searches/<int:search_id>")
def change_search(search_id: int) -> Any:
    """How often the reader hears of it; or that it is no longer there for anybody."""
    search = queries.find_search(me(), search_id)
    if request.form.get("end"):
        commands.end_search(me(), search)
        flash(_("The search is removed, and its mails have ended."))
    else:
        form = AlertForm.read().translated()
        if not form.submit_to(commands.choose_alert, me(), search):
            abort(422)
        flash(_("You have chosen how often you hear of “%(search)s”.", search=search.name))
    return redirect(url_for(".workspace", fund=request.args.get("fund")))


@bp.route("/alerts/<int:alert_id>/<secret>", methods=["GET", "POST"])
@public
def alert_off(alert_id: int, secret: str) -> Any:
    """The address in a mail: a look ends nothing, as programs look at mails too; a click does (RFC 8058)."""
    alert = queries.find_alert(alert_id, secret)
    if request.method == "POST":
        commands.end_alert(me(), alert)
    return render_template("funders/alert_off.html", ended=alert.often == "never")


csrf.exempt(alert_off)  # mail programs send no token; the address itself is the secret


# About one idea


@bp.post("/funders/shortlist")
def shortlist() -> Any:
    """Put an idea on the shortlist or take it off; one form of a page serves all of its buttons."""
    funder = acting()
    put, off = request.form.get("put", ""), request.form.get("off", "")
    try:
        if put:
            commands.put_on_shortlist(me(), funder, idea=queries.find_listed(me(), put))
            flash(_("On your shortlist: %(reference)s.", reference=put.upper()))
        else:
            commands.take_off_shortlist(me(), funder, idea=queries.find_kept(me(), funder, off))
            flash(_("Taken off your shortlist: %(reference)s.", reference=off.upper()))
    except Refused as refused:
        flash(" ".join(_(reason) for reason in refused.reasons), "warning")
    return _back()


@bp.post("/funders/ideas/<reference>/notes")
def write_note(reference: str) -> Any:
    idea = queries.find_listed(me(), reference)
    funder, form = acting(), NoteForm.read()
    if form.submit_to(commands.write_note, me(), funder, idea=idea):
        flash(_("The note is kept. Only people of your fund read it."))
        return redirect(_pack(reference, "workspace"))
    return pack_page(reference, InterestForm(), form.status, note=form)


@bp.post("/funders/ideas/<reference>/pass")
def pass_idea(reference: str) -> Any:
    idea = queries.find_listed(me(), reference)
    funder, form = acting(), PassForm.read().translated()
    if form.submit_to(commands.pass_idea, me(), funder, idea=idea):
        flash(_("Your fund passes on “%(idea)s”. It is in your list no more.", idea=idea.title))
        return redirect(url_for(".browse", fund=request.args.get("fund")))
    return pack_page(reference, InterestForm(), form.status, passing=form)


@bp.post("/funders/passes/<reference>/end")
def take_back_pass(reference: str) -> Any:
    funder = acting()
    commands.take_back_pass(me(), funder, idea=queries.find_kept(me(), funder, reference))
    flash(_("Taken back. The idea is in your list again."))
    return _back()


def _pack(reference: str, anchor: str) -> str:
    return url_for(".pack", reference=reference.upper(), fund=request.args.get("fund"), _anchor=anchor)


def _back() -> Any:
    """To the page from which the form was sent."""
    return redirect(safe_next(request.form.get("back", "")) or url_for(".workspace", fund=request.args.get("fund")))
