"""A funder's side of the way to the money: talks, what was disclosed, due diligence, commitments and tranches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.db import db, whole_number
from innovation.downloads import taken_along
from innovation.forms import Form
from innovation.funders import commands, disclosing, policy
from innovation.funders.blueprint import bp
from innovation.funders.codes import (
    COMMITMENT_STATES,
    COMMITMENT_TONES,
    CUT,
    DILIGENCE,
    INSTRUMENT_NAMES,
    REGISTRATIONS,
    STATES,
    TALK_STATES,
    TALK_TONES,
    TRANCHE_STATES,
    VERDICTS,
)
from innovation.funders.commands import committing
from innovation.funders.commands import talks as talking
from innovation.funders.commands.disclosing import note_reading
from innovation.funders.commitment_models import Commitment, Talk
from innovation.funders.funding_forms import (
    AgreementForm,
    CheckForm,
    EndForm,
    OfferForm,
    ReleaseForm,
    TrancheForm,
    WithdrawalForm,
)
from innovation.funders.models import Funder, Interest
from innovation.funders.queries import disclosed as reading
from innovation.funders.queries import earlier_interests, funding, is_open, own_funders
from innovation.funders.queries.reports import released_to
from innovation.funders.report_forms import ArrangementForm
from innovation.funders.report_models import FundingReport
from innovation.funders.report_pages import in_currency
from innovation.funders.views.browsing import acting
from innovation.ideas import store
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.pilots.models import Milestone
from innovation.pilots.queries import list_milestones
from innovation.web import me, today
from workflows import TALKS

bp.add_app_template_filter(in_currency)
TOGETHER = {disclosing.TOTALS, disclosing.FUNDERS}  # these stand on the page of the talks
NAMES: dict[str, Any] = {
    "talk_states": dict(TALK_STATES),
    "talk_tones": TALK_TONES,
    "states": dict(COMMITMENT_STATES) | {"cut": CUT},
    "tones": COMMITMENT_TONES,
    "instruments": INSTRUMENT_NAMES,
    "tranche_states": dict(TRANCHE_STATES),
}
"""What the pages of both sides call things."""


def _introduction(reference: str) -> tuple[Funder, Interest]:
    funder = acting()
    return funder, funding.find_introduction(me(), funder, reference)


def _talk(reference: str) -> tuple[Funder, Interest, Talk]:
    funder, interest = _introduction(reference)
    talk = funding.talk_of(interest)
    if talk is None:
        raise NotThere
    return funder, interest, talk


def _to_talks(interest: Interest, **more: Any) -> Any:
    return redirect(url_for(".talks", reference=interest.idea.reference, fund=request.args.get("fund"), **more))


# Talks


@bp.route("/funders/ideas/<reference>/talks", methods=["GET", "POST"])
def talks(reference: str) -> Any:
    funder, interest = _introduction(reference)
    if request.method == "POST":
        talking.begin_talks(me(), interest)
        flash(_("You are in talks. The owner is told."))
        return _to_talks(interest)
    noted(interest, sorted(reading.disclosed_keys(interest) & TOGETHER))
    return _page(funder, interest)


@bp.post("/funders/ideas/<reference>/diligence")
def begin_diligence(reference: str) -> Any:
    _funder, interest, talk = _talk(reference)
    talking.begin_diligence(me(), talk)
    flash(_("Due diligence has begun. The owner is told."))
    return _to_talks(interest, _anchor="diligence")


@bp.post("/funders/ideas/<reference>/checks/<item>")
def check(reference: str, item: str) -> Any:
    funder, interest, talk = _talk(reference)
    form = CheckForm.read(prefix=item).translated()
    if form.submit_to(talking.settle_check, me(), talk, item=item):
        return _to_talks(interest, _anchor="diligence")
    return _page(funder, interest, sent=form, sent_for=item)


@bp.post("/funders/ideas/<reference>/end")
def end_talks(reference: str) -> Any:
    funder, interest = _introduction(reference)
    form, talk = EndForm.read(), funding.talk_of(interest)
    if talk is None:
        if form.submit_to(commands.end_introduction, me(), interest):
            flash(_("The introduction is over. The owner reads your reason."))
            return _to_talks(interest)
        return _page(funder, interest, end=form, sent=form)
    closes = talk.state not in ("talking", "examining")
    if form.submit_to(talking.close_talks if closes else talking.decline_talks, me(), talk):
        flash(_("Your part is closed.") if closes else _("The talks are over. The owner reads your reason."))
        return _to_talks(interest)
    return _page(funder, interest, end=form, sent=form)


def _page(
    funder: Funder,
    interest: Interest,
    *,
    sent: Form | None = None,
    sent_for: str = "",
    offer: OfferForm | None = None,
    end: EndForm | None = None,
) -> Any:
    talk, shared = funding.talk_of(interest), is_open(interest.idea)
    keys = reading.disclosed_keys(interest)
    settled = {each.item: each for each in talk.checks} if talk else {}
    reads = talk is not None and policy.may_settle_check.allows(me(), talk)
    checks = settled if reads else {}  # what a fund thinks of an idea is for nobody who takes part in it
    shows = TOGETHER & keys
    forms = {key: _check_form(key, checks) for key, _name, _help in DILIGENCE}
    if sent is not None and sent_for in forms:
        forms[sent_for] = sent  # type: ignore[assignment]
    return render_template(
        "funders/talks.html",
        funder=funder,
        own=own_funders(me()),
        interest=interest,
        idea=interest.idea,
        talk=talk,
        earlier=earlier_interests(interest),
        interest_states=dict(STATES),
        shared=shared,
        commitments=funding.commitments_of_talk(talk) if talk else [],
        reports=_reports(funder, interest) if talk and shared else [],
        totals=funding.totals_of(interest.idea) if shows else None,
        keys=keys,
        fields=reading.disclosed_fields(interest),
        diligence=DILIGENCE,
        verdicts=dict(VERDICTS),
        checks=checks,
        forms=forms,
        reads_checks=reads,
        left=funding.unsettled(settled.values()),
        offer=offer or OfferForm(None, data={"instrument": "grant", "currency": "ZAR"}).translated(),
        end=end or EndForm(None),
        stands=_stands_in_the_way(talk) if talk else (),
        sent=sent,
        **NAMES,
    ), (sent.status if sent else 200)


def _reports(funder: Funder, interest: Interest) -> list[FundingReport]:
    """The newest edition of each report that the fund gets."""
    newest = {each.number: each for each in reversed(released_to(funder, interest.idea))}
    return [newest[number] for number in sorted(newest, reverse=True)]


def _stands_in_the_way(talk: Talk) -> tuple[str, ...]:
    """Why the talks cannot be ended or closed now."""
    ends = "close" if talk.state == "committed" else "decline"
    return TALKS.reasons(talk.state, ends, funding.talks_facts(talk, shared=True))


def _check_form(key: str, checks: dict[str, Any]) -> CheckForm:
    said = checks.get(key)
    data = {"verdict": said.verdict, "note": said.note} if said else {"verdict": "fine"}
    return CheckForm(None, prefix=key, data=data).translated()


# What was disclosed: each reading is noted before anything is shown


@bp.get("/funders/ideas/<reference>/disclosed")
def disclosed(reference: str) -> Any:
    funder, interest = _introduction(reference)
    fields = [field for field in reading.disclosed_fields(interest) if field.key not in TOGETHER]
    still = noted(interest, [field.key for field in fields])
    return render_template(
        "funders/disclosed.html",
        funder=funder,
        own=own_funders(me()),
        interest=interest,
        idea=interest.idea,
        shown=reading.read_fields(interest, [field for field in fields if field.key in still]),
        registrations=reading.registrations_of(interest.idea),
        kinds=REGISTRATIONS,
    )


@bp.get("/funders/ideas/<reference>/disclosed/<key>")
def disclosed_file(reference: str, key: str) -> Any:
    _funder, interest = _introduction(reference)
    field, file = reading.find_disclosed_file(interest, key, whole_number(request.args.get("file")))
    if not noted(interest, [field.key]):
        raise NotThere
    return as_file(file)


def noted(interest: Interest, keys: list[str]) -> list[str]:
    """The fields that are open still, once it is noted that they are read."""
    if not keys:
        return []
    db.session.rollback()  # this request was to read only: what follows writes, and is kept before it is shown
    return note_reading(me(), interest, fields=keys)


def as_file(file: reading.Kept) -> Response:
    """A file as something to take along: it can run nothing and load nothing."""
    try:
        content = store.store().get(file.key)
    except FileNotFoundError:
        raise NotThere from None
    return taken_along(content, file.name, file.content_type)


# Commitments


@bp.post("/funders/ideas/<reference>/commitments")
def offer_commitment(reference: str) -> Any:
    funder, interest, talk = _talk(reference)
    form = OfferForm.read().translated()
    if form.submit_to(committing.offer_commitment, me(), talk):
        flash(_("Your offer is made. It counts once the owner has accepted it."))
        return to_commitment(form.result)
    return _page(funder, interest, offer=form, sent=form)


def to_commitment(commitment: Commitment) -> Any:
    return redirect(url_for(".commitment", commitment_id=commitment.id))


@bp.get("/funders/commitments/<int:commitment_id>")
def commitment(commitment_id: int) -> Any:
    return commitment_page(funding.find_own_commitment(me(), commitment_id))


def commitment_page(found: Commitment, **sent: Form) -> Any:
    forms: dict[str, Any] = {
        "tranche": TrancheForm(None).offer(_milestones(found)),
        "agreement": AgreementForm(None, data={"agreed_on": today()}),
        "withdrawal": WithdrawalForm(None),
        "arrangement": ArrangementForm(None, data={"agree_by": found.agree_by, "named": found.named}),
        **{
            f"t{each.id}": ReleaseForm(None, prefix=f"t{each.id}", data={"released_on": today()})
            for each in found.tranches
        },
    }
    form = next(iter(sent.values()), None)
    return render_template(
        "funders/commitment.html",
        commitment=found,
        idea=found.idea,
        shared=is_open(found.idea),
        forms=forms | sent,
        sent=form,
        stands={each.id: committing.why_not_released(each) for each in found.tranches if each.state == "planned"},
        rest=found.standing_minor - sum(each.amount_minor for each in found.tranches if each.state != "cancelled"),
        **NAMES,
    ), (form.status if form else 200)


def _milestones(found: Commitment) -> list[Milestone]:
    """What a tranche can hang on; nothing while the idea is not shared with funders."""
    return list_milestones(found.idea) if found.state == "committed" and is_open(found.idea) else []


def _change(commitment_id: int, name: str, form: Form, command: Callable[..., Any], said: str) -> Any:
    found = funding.find_own_commitment(me(), commitment_id)
    if isinstance(form, TrancheForm):
        form.offer(_milestones(found))
    if form.submit_to(command, me(), found):
        flash(said)
        return to_commitment(found)
    return commitment_page(found, **{name: form})


@bp.post("/funders/commitments/<int:commitment_id>/tranches")
def plan_tranche(commitment_id: int) -> Any:
    form = TrancheForm.read()
    return _change(commitment_id, "tranche", form, committing.plan_tranche, _("The tranche is planned."))


@bp.post("/funders/commitments/<int:commitment_id>/agreement")
def agreement(commitment_id: int) -> Any:
    said = _("The agreement is recorded. The owner is told.")
    return _change(commitment_id, "agreement", AgreementForm.read(), committing.record_agreement, said)


@bp.post("/funders/commitments/<int:commitment_id>/withdrawal")
def withdraw_commitment(commitment_id: int) -> Any:
    said = _("What was not released is withdrawn. The owner reads your reason.")
    return _change(commitment_id, "withdrawal", WithdrawalForm.read(), committing.withdraw_commitment, said)


@bp.post("/funders/commitments/<int:commitment_id>/tranches/<int:tranche_id>/release")
def release(commitment_id: int, tranche_id: int) -> Any:
    found = funding.find_own_commitment(me(), commitment_id)
    tranche = funding.find_tranche(found, tranche_id)
    form = ReleaseForm.read(prefix=f"t{tranche.id}")
    if form.submit_to(committing.release_tranche, me(), tranche):
        flash(_("The tranche is released. The owner is told."))
        return to_commitment(found)
    return commitment_page(found, **{f"t{tranche.id}": form})


@bp.post("/funders/commitments/<int:commitment_id>/tranches/<int:tranche_id>/cancellation")
def cancel_tranche(commitment_id: int, tranche_id: int) -> Any:
    found = funding.find_own_commitment(me(), commitment_id)
    committing.cancel_tranche(me(), funding.find_tranche(found, tranche_id))
    flash(_("The tranche is taken out of the plan."))
    return to_commitment(found)


@bp.get("/funders/commitments/<int:commitment_id>/sed")
def sed_pack(commitment_id: int) -> Any:
    """A printable pack for B-BBEE: what was given when, to whom, and the share by which it counts."""
    found = funding.find_own_commitment(me(), commitment_id)
    interest = found.talk.interest
    asked = [key for key in (disclosing.REGISTRATIONS,) if key in reading.disclosed_keys(interest)]
    shows = bool(noted(interest, asked))
    return render_template(
        "funders/sed.html",
        commitment=found,
        idea=found.idea,
        shared=is_open(found.idea),
        registrations=reading.registrations_of(found.idea) if shows else {},
        shows=shows,
        kinds=REGISTRATIONS,
        **NAMES,
    )
