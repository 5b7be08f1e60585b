"""Pages for capturing ideas, and the slip that is printed for the owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app, flash, redirect, render_template, request, session, url_for
from markupsafe import Markup

from innovation.db import db, small_number
from innovation.ideas import capture as commands
from innovation.ideas import claims, queries, slips, status, venues
from innovation.ideas.agreeing import capture_idea_of_child
from innovation.ideas.blueprint import bp
from innovation.ideas.capture_forms import CaptureForm, ClinicCaptureForm, OwnCaptureForm, capture_form, hint_alike
from innovation.ideas.lesson_words import CAUSES, ENDED
from innovation.ideas.models import Idea
from innovation.ideas.qr import qr_code
from innovation.ideas.venues import Venue
from innovation.languages import LANGUAGES, base_of, spoken, told_in
from innovation.languages import gettext as _
from innovation.permission import Forbidden, NotThere
from innovation.programmes.models import Programme
from innovation.programmes.own_words import speak_for
from innovation.programmes.queries import main_programme, programme_of
from innovation.web import can, me

REMEMBERED_SLIPS = 12
WORDS = {"causes": CAUSES, "ended": ENDED}


@bp.route("/ideas/new", methods=["GET", "POST"])
def capture() -> Any:
    code = request.args.get("clinic", "")
    return _at_clinic(venues.find_venue(me(), code)) if code else _of_ones_own()


def _at_clinic(venue: Venue) -> Any:
    programme = programme_of(venue.programme_id)
    form = capture_form(ClinicCaptureForm, programme).read(data=_first_values(venue), programme=programme)
    if not _looks_first() and form.submit_to(_capture_at, me(), venue):
        return _captured(form, clinic=venue.code)
    return _page(form, programme, venue)


def _capture_at(actor: Any, venue: Venue, **details: Any) -> commands.Captured:
    return (capture_idea_of_child if "young" in details else commands.capture_idea)(actor, venue, **details)


def _of_ones_own() -> Any:
    programme = main_programme(me())
    if programme is None or not programme.regions:
        raise NotThere
    form = capture_form(OwnCaptureForm, programme).read(data=_first_values(None), programme=programme)
    if not _looks_first() and form.submit_to(_capture_own, me(), programme):
        return _captured(form)
    return _page(form, programme, None)


def _capture_own(actor: Any, programme: Programme, *, region_id: int, **details: Any) -> commands.Captured:
    region = next(region for region in programme.regions if region.id == region_id)
    return commands.capture_own_idea(actor, region, **details)


def _first_values(venue: Venue | None) -> dict[str, Any]:
    """What the form starts with: as for the idea before it, else as the clinic has it."""
    theme, district = request.args.get("theme", type=small_number), request.args.get("district", type=small_number)
    return {
        "theme": theme or (venue.theme_id if venue else None),
        "where_district": district or (venue.district_id if venue else None),
    }


def _captured(form: CaptureForm, **place: Any) -> Any:
    """On to an empty form, which shows the reference and the secret of the idea before it."""
    result: commands.Captured = form.result
    if result.secret:
        _remember_slip(result.idea.reference, result.secret)
    answers = form.answers()
    kept: dict[str, Any] = {"theme": answers.get("theme"), "district": (answers.get("where") or (None, None))[0]}
    return redirect(url_for(".capture", **place, done=result.idea.reference, **kept))


def _looks_first() -> bool:
    """Whether the form was sent to see which ideas read alike, before anything is saved: where no script asks."""
    return "look" in request.form


def _page(form: CaptureForm, programme: Programme, venue: Venue | None) -> Any:
    hint_alike(form)
    done = _done()
    definition = programme.workflow_version.definition
    return render_template(
        "ideas/capture.html",
        form=form,
        called=definition.words,
        owner_help=definition.field("owner").help,
        programme=programme,
        venue=venue,
        reasons=commands.closed_reasons(venue) if venue else (),
        done=done,
        secret=_slip_of(done) if done else None,
        is_over=done is not None and status.is_over(done),
        alike=_alike(done) if done else [],
        found=_alike_to(request.form) if _looks_first() else None,
        **WORDS,
        looked=_looks_first(),
        shown=claims.shown,
    ), form.status


def _done() -> Idea | None:
    """The idea that this person captured just before, as long as it is open to them."""
    reference = request.args.get("done", "")
    query = sa.select(Idea).where(Idea.reference == reference, queries.visible(me()))
    found = db.session.scalar(query) if reference else None
    return found if found is not None and found.captured_by_id == me().person_id else None


def _alike(done: Idea) -> list[queries.Alike]:
    problem = str(queries.latest_revision(done).answers.get("problem") or "")
    marks = queries.marks_of(done)
    return queries.find_alike(me(), done.title, problem, programme_id=done.programme_id, exclude=done.id, marks=marks)


@bp.get("/ideas/alike")
def alike() -> Any:
    """Ideas that read like what is being typed, and what was learnt from some: a hint, never a hurdle."""
    source = request.args.get("source", "")
    return render_template("ideas/capture_alike.html", found=_alike_to(request.args), source=source, **WORDS)


def _alike_to(typed: Mapping[str, str]) -> queries.Found | None:
    title, problem = typed.get("title", ""), typed.get("problem", "")
    return queries.find_alike_and_learnt(me(), title, problem) if me().person_id and len(title.strip()) > 3 else None


# The slip


def _remember_slip(reference: str, secret: str) -> None:
    """Keep the secret in this browser only, so that the slip can be printed."""
    slips = {**session.get("slips", {}), reference: secret}
    session["slips"] = dict(list(slips.items())[-REMEMBERED_SLIPS:])


def _slip_of(idea: Idea) -> str | None:
    """The secret that this browser was told, as long as no newer one has been made."""
    secret = session.get("slips", {}).get(idea.reference)
    return secret if secret and claims.fits(idea, secret) else None


@bp.get("/ideas/<reference>/slip")
def slip(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    if not can("renew_secret", idea):
        raise Forbidden
    secret = _slip_of(idea) or slips.secret_to_tell(idea)
    return render_template(
        "ideas/slip.html",
        idea=idea,
        secret=secret,
        message=told_in(idea.owner.language, lambda: slips.message_of(idea, secret)) if secret else None,
        mailed=bool(idea.owner.email) and idea.claimed_at is None,
        paper=told_in(idea.owner.language, lambda: _paper(idea, secret)),
        owners_language=LANGUAGES.get(idea.owner.language, ""),
    )


def _paper(idea: Idea, secret: str | None) -> Markup:
    """What is printed, in the language that is spoken."""
    speak_for(idea.programme_id)
    address = slips.address_of(idea.reference)
    paper = current_app.jinja_env.get_template("ideas/slip_paper.html").render(
        idea=idea,
        secret=secret,
        clinic=venues.name_venue(idea.clinic_id),
        address=address,
        qr=qr_code(address),
        shown=claims.shown,
        next=slips.next_for(idea),
        ended=slips.secret_of_ended(idea, is_young=claims.is_young(idea)),
        lang=base_of(spoken()),
    )
    return Markup(paper)  # noqa: S704 - a template that escapes made it


@bp.post("/ideas/<reference>/secret")
def secret(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    _remember_slip(idea.reference, claims.renew_secret(me(), idea))
    flash(_("There is a new secret. The old one has stopped working."))
    return redirect(url_for(".slip", reference=idea.reference))
