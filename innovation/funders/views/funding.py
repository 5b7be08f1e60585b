"""An idea's side of the way to the money: what is asked, committed and disclosed, and papers once for all funders."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for

from innovation.forms import Form
from innovation.funders import policy
from innovation.funders.blueprint import bp
from innovation.funders.codes import DILIGENCE, DILIGENCE_NAMES, REGISTRATIONS
from innovation.funders.commands import committing, disclosing, talks
from innovation.funders.disclosing import fields_of
from innovation.funders.funding_forms import (
    DisclosureForm,
    EndForm,
    OfferAnswerForm,
    PaperForm,
    RegistrationForm,
    SedForm,
    warning_of,
)
from innovation.funders.queries import disclosed as reading
from innovation.funders.queries import find_interest, interests_of, is_open
from innovation.funders.queries import funding as money
from innovation.funders.views.talking import NAMES, as_file
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me


def _idea(reference: str) -> Idea:
    idea = find_idea(me(), reference)
    if not policy.may_see_funding.allows(me(), idea):
        raise NotThere
    return idea


# What is committed


@bp.get("/ideas/<reference>/funding")
def funding(reference: str) -> Any:
    return _page(_idea(reference))


@bp.post("/ideas/<reference>/commitments/<int:commitment_id>/answer")
def answer_offer(reference: str, commitment_id: int) -> Any:
    idea = _idea(reference)
    found = money.find_commitment(me(), idea, commitment_id)
    form = OfferAnswerForm.read(prefix=f"c{found.id}")
    accepts = form.answer.data == "accept"
    if form.submit_to(committing.accept_commitment if accepts else committing.decline_commitment, me(), found):
        flash(_("The offer is accepted.") if accepts else _("Your answer is sent."))
        return redirect(url_for(".funding", reference=idea.reference))
    return _page(idea, sent=form, sent_for=f"c{found.id}")


@bp.post("/ideas/<reference>/talks/<int:talk_id>/end")
def owner_ends_talks(reference: str, talk_id: int) -> Any:
    idea = _idea(reference)
    found = money.find_talk(me(), idea, talk_id)
    form = EndForm.read(prefix=f"e{found.id}")
    if form.submit_to(talks.decline_talks, me(), found):
        flash(_("The talks are over. The funder reads your reason."))
        return redirect(url_for(".funding", reference=idea.reference))
    return _page(idea, sent=form, sent_for=f"e{found.id}")


def _page(idea: Idea, *, sent: Form | None = None, sent_for: str = "") -> Any:
    commitments, in_talks = money.commitments_of(idea), money.talks_of(idea)
    totals = money.totals_of(idea)
    forms: dict[str, Form] = {f"c{each.id}": OfferAnswerForm(None, prefix=f"c{each.id}") for each in commitments}
    forms |= {f"e{each.id}": EndForm(None, prefix=f"e{each.id}") for each in in_talks}
    if sent is not None:
        forms[sent_for] = sent
    return render_template(
        "funders/funding.html",
        idea=idea,
        shared=is_open(idea),
        totals=totals,
        commitments=commitments,
        talks=in_talks,
        matched=money.matched_of(idea, commitments),
        introduced=[each for each in interests_of(idea) if each.state in money.MET],
        beyond={
            each.id: totals.beyond_with(each.currency, each.amount_minor)
            for each in commitments
            if each.state == "offered" and not each.in_kind
        },
        forms=forms,
        sent=sent,
        **NAMES,
    ), (sent.status if sent else 200)


# What is disclosed


@bp.route("/ideas/<reference>/disclosures/<int:interest_id>", methods=["GET", "POST"])
def disclosures(reference: str, interest_id: int) -> Any:
    idea = _idea(reference)
    interest = find_interest(me(), idea, interest_id)
    if interest.state not in money.MET or not policy.may_see_disclosures.allows(me(), interest):
        raise NotThere
    fields = fields_of(idea.definition)
    now_open, names = reading.kept_open(interest), {field.key: field.name for field in fields}
    form = DisclosureForm.read(data={"fields_shown": sorted(now_open)}).offer(fields)
    if form.submit_to(disclosing.disclose_fields, me(), interest):
        flash(_("This is what %(funder)s may read from now on.", funder=interest.funder.name))
        return redirect(url_for(".disclosures", reference=idea.reference, interest_id=interest.id))
    return render_template(
        "funders/disclosures.html",
        idea=idea,
        interest=interest,
        form=form,
        fields=fields,
        shared=is_open(idea),
        words=lambda each: ", ".join(_(names.get(key, key)) for key in each.fields),
        readings=reading.list_readings(interest),
    ), form.status


# Papers, once for all funders


@bp.get("/ideas/<reference>/diligence")
def papers(reference: str) -> Any:
    return _papers(_idea(reference))


@bp.post("/ideas/<reference>/diligence/<item>")
def hand_in_paper(reference: str, item: str) -> Any:
    idea = _idea(reference)
    if item not in DILIGENCE_NAMES:
        raise NotThere
    form = PaperForm.read(prefix=item)
    if form.submit_to(disclosing.hand_in_paper, me(), idea, item=item):
        flash(_("It is kept. Funders read it once you have disclosed it to them."))
        return redirect(url_for(".papers", reference=idea.reference))
    return _papers(idea, sent=form, sent_for=item)


@bp.get("/ideas/<reference>/diligence/<item>")
def paper_file(reference: str, item: str) -> Response:
    """The newest file, for those who handed it in."""
    idea = _idea(reference)
    policy.may_hand_in_paper.require(me(), idea)
    paper = reading.newest_papers(idea).get(item)
    file = reading.file_of(paper) if paper else None
    if file is None:
        raise NotThere
    return as_file(file)


@bp.post("/ideas/<reference>/registrations/<kind>")
def record_registration(reference: str, kind: str) -> Any:
    idea = _idea(reference)
    if kind not in dict(REGISTRATIONS):
        raise NotThere
    form = (SedForm if kind == "sed" else RegistrationForm).read(prefix=kind)
    if form.submit_to(disclosing.record_registration, me(), idea, kind=kind):
        warning = warning_of(kind, form.result.number)
        flash(" ".join(said for said in (_("It is recorded."), warning) if said))
        return redirect(url_for(".papers", reference=idea.reference, _anchor="registrations"))
    return _papers(idea, sent=form, sent_for=kind)


def _papers(idea: Idea, *, sent: Form | None = None, sent_for: str = "") -> Any:
    newest, registered = reading.newest_papers(idea), reading.registrations_of(idea)
    forms: dict[str, Form] = {item: PaperForm(None, prefix=item) for item in DILIGENCE_NAMES}
    forms |= {kind: _registration_form(kind, registered) for kind, _name in REGISTRATIONS}
    if sent is not None:
        forms[sent_for] = sent
    return render_template(
        "funders/papers.html",
        idea=idea,
        diligence=DILIGENCE,
        newest=newest,
        kinds=REGISTRATIONS,
        registered=registered,
        warnings={kind: warning_of(kind, each.number) for kind, each in registered.items()},
        forms=forms,
        sent=sent,
    ), (sent.status if sent else 200)


def _registration_form(kind: str, registered: dict[str, Any]) -> Form:
    said = registered.get(kind)
    shape = SedForm if kind == "sed" else RegistrationForm
    names = ("percent", "since", "method") if kind == "sed" else ("number", "since", "until")
    return shape(None, prefix=kind, data={name: getattr(said, name) for name in names} if said else None)
