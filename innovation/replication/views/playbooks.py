"""The pages of a playbook: its versions, writing one, and what everybody may read."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.accounts import throttling
from innovation.accounts.throttling import Limit, key_of, network
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.replication import commands, contents, howto, policy, queries
from innovation.replication.blueprint import bp
from innovation.replication.codes import CHANGED, LANGUAGES, SECTIONS
from innovation.replication.forms.playbooks import NextVersionForm, WritingForm, written
from innovation.replication.forms.rollouts import AskForm
from innovation.replication.models import PlaybookVersion
from innovation.web import me, public, today
from workflows import Refused

SHOWN = {"languages": LANGUAGES, "section_names": SECTIONS, "changed": CHANGED}


@bp.route("/ideas/<reference>/playbook", methods=["GET", "POST"])
def playbook(reference: str) -> Any:
    idea = queries.find_spreading(me(), reference)
    versions = queries.list_versions(idea)
    current = queries.published(versions)
    form = NextVersionForm.read().offer(current.values())
    if form.submit_to(commands.begin_version, me(), idea):
        return redirect(url_for(".playbook_version", reference=idea.reference, number=form.result.number))
    return render_template(
        "replication/playbook.html",
        idea=idea,
        playbook=queries.playbook_of(idea),
        versions=versions,
        current=current,
        shown=next(iter(current.values()), None),
        sections=_sections(next(iter(current.values()), None)),
        form=form,
        **SHOWN,
    ), form.status


def _sections(version: PlaybookVersion | None) -> list[Any]:
    return howto.sections_of(version, version.idea.definition.words) if version else []


@bp.post("/ideas/<reference>/playbook/public")
def public_playbook(reference: str) -> Any:
    """Opened to everybody where the answer says so; else closed."""
    idea = queries.find_spreading(me(), reference)
    found = queries.playbook_of(idea)
    if found is None:
        raise NotThere
    if request.form.get("answer") == "open":
        commands.open_playbook(me(), found)
        flash(_("Everybody can read it now."))
    else:
        commands.close_playbook(me(), found)
        flash(_("It is closed to the public."))
    return redirect(url_for(".playbook", reference=idea.reference))


@bp.route("/ideas/<reference>/playbook/<int:number>", methods=["GET", "POST"])
def playbook_version(reference: str, number: int) -> Any:
    found = queries.find_version(me(), reference, number)
    if request.args.get("as") == "pdf":
        return _pdf(found, _sections(found))
    if found.published_at is not None and request.method == "GET":
        return _published_page(found)
    form = WritingForm.read(data=written(found))
    publishes = form.answer.data == "publish"
    if request.method == "POST" and request.form.get("more"):
        policy.may_write_playbook.require(me(), found)
        form.compare_with(found)
        form.add_row(request.form["more"])
    elif form.submit_to(commands.write_version, me(), found) and not publishes:
        flash(_("Kept."))
        return redirect(url_for(".playbook_version", reference=found.idea.reference, number=number))
    elif publishes and form.result is not None and _publish(form, found):
        flash(_("Version %(number)s is published. It never changes from here on.", number=number))
        return redirect(url_for(".playbook", reference=found.idea.reference))
    return render_template(
        "replication/write.html", idea=found.idea, version=found, form=form, rows=contents.KINDS, **SHOWN
    ), form.status


def _publish(form: WritingForm, version: PlaybookVersion) -> bool:
    """What was typed is kept already; where something is missing, the page says what."""
    try:
        commands.publish_version(me(), version)
    except Refused as refused:
        form.refuse(refused, 422)
        form.version.data = str(version.version)
        return False
    return True


def _published_page(found: PlaybookVersion) -> Any:
    versions = queries.list_versions(found.idea)
    earlier = queries.before(found, versions)
    return render_template(
        "replication/version.html",
        idea=found.idea,
        version=found,
        earlier=earlier,
        changes=contents.compare(_fields(earlier), _fields(found)) if earlier else [],
        sections=_sections(found),
        **SHOWN,
    )


def _fields(version: PlaybookVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in (*contents.TEXTS, "content")}


def _pdf(version: PlaybookVersion, sections: list[Any]) -> Response:
    content = howto.as_pdf(version, sections)
    response = Response(content, mimetype="application/pdf")
    name = f"{version.idea.reference}-{version.language}-{version.number}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


# What everybody may read


@bp.route("/how-to/<reference>", methods=["GET", "POST"])
@public
def how_to(reference: str) -> Any:
    """The same for everybody: nothing but what the team published and the owner opened."""
    current = queries.published(queries.find_public(reference))
    version = current.get(request.args.get("in", "")) or next(iter(current.values()))
    idea = version.idea
    told = queries.told_in_public(queries.list_rollouts(idea), today())
    sections = howto.sections_of(version, idea.definition.words, told, queries.name_given(idea))
    if request.args.get("as") == "pdf":
        return _pdf(version, sections)
    form = AskForm.read().offer(idea.definition.words)
    if _asks(form, version):
        flash(_("The team has your request, and answers by e-mail."))
        return redirect(url_for(".how_to", reference=idea.reference))
    return render_template(
        "replication/how_to.html", version=version, current=current, sections=sections, form=form, **SHOWN
    ), form.status


def _asks(form: AskForm, version: PlaybookVersion) -> bool:
    """Send the request, unless too many came from one place of late."""
    place = network(request.remote_addr or "")
    limits = (
        Limit(key_of("rollout", version.idea.reference, place), 5, 60),
        Limit(key_of("rollout-address", place), 20, 60),
    )
    tries = throttling.admit(limits, *(limit.key for limit in limits)) if request.method == "POST" else ()
    if form.submit_to(commands.ask_rollout, me(), version.playbook):
        return True
    if tries:
        throttling.let_go(tries)
    return False
