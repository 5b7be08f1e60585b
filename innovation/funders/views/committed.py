"""The list of commitments: a programme's for its manager, a fund's own for its people, and both as open data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, flash, redirect, render_template, request

from innovation.db import db, now
from innovation.funders import disclosing, giving
from innovation.funders.blueprint import bp
from innovation.funders.codes import COMMITMENT_STATES
from innovation.funders.commands import reporting as commands
from innovation.funders.commands.disclosing import note_readings
from innovation.funders.commitment_models import Commitment
from innovation.funders.models import Funder
from innovation.funders.queries import commitments as queries
from innovation.funders.queries import disclosed, funding, is_open, own_funders
from innovation.funders.queries.commitments import SORTS, Narrowed
from innovation.funders.report_forms import ArrangementForm
from innovation.funders.views.browsing import acting
from innovation.funders.views.talking import NAMES, commitment_page, to_commitment
from innovation.languages import gettext as _
from innovation.lists import ListState, address
from innovation.tables import write_table
from innovation.web import full_address, me, today

MOST_EXPORTED = 10_000


@bp.get("/funders/commitments")
def commitments() -> Any:
    funder = acting() if me().funder_ids else None
    state, by = ListState.read(SORTS, "offered", descending=True), _narrowed()
    all_of = queries.in_sight(me(), funder)
    listed = queries.narrowed(all_of, by, today())
    sort = f"-{state.sort}" if state.descending else state.sort
    in_order = queries.ordered(listed, sort)
    if request.args.get("grants") in ("json", "csv"):
        return _grants(in_order, funder, request.args["grants"])
    if state.export:
        found = db.session.scalars(queries.with_rest(in_order).limit(MOST_EXPORTED))
        return write_table(_columns(funder), (_line(each, funder) for each in found), state.export, "commitments")
    page = state.on(queries.list_commitments(in_order, page=state.number))
    programmes, funders = queries.choices_of(all_of)
    return render_template(
        "funders/commitments.html",
        funder=funder,
        own=own_funders(me()) if funder else [],
        state=state,
        page=page,
        by=by,
        sums=queries.sums_of(listed),
        programmes=programmes,
        funders=funders,
        state_choices=[(key, _(name)) for key, name in COMMITMENT_STATES],
        due_choices=[("overdue", _("Overdue")), ("week", _("Within a week")), ("month", _("Within a month"))],
        shared=is_open,
        due_of=queries.due_of,
        narrowed=any((by.programme, by.funder, by.state, by.due)),
        today=today(),
        as_grants={kind: address(page=None, export=None, grants=kind) for kind in ("json", "csv")},
        **NAMES,
    )


def _narrowed() -> Narrowed:
    return Narrowed(*(request.args.get(name, "")[:80] for name in ("programme", "funder", "state", "due")))


def _columns(funder: Funder | None) -> list[tuple[str, str]]:
    columns = [
        ("reference", _("Reference")),
        ("title", _("Title")),
        ("funder", _("Funder")),
        ("form", _("In which form")),
        ("currency", _("Currency")),
        ("amount", _("Amount, or stated value")),
        ("withdrawn", _("Withdrawn")),
        ("released", _("Released")),
        ("state", _("State")),
        ("offered", _("Offered")),
        ("agreed", _("Agreement of")),
        ("due", _("Due next")),
    ]
    return [pair for pair in columns if not (funder and pair[0] == "funder")]


def _line(each: Commitment, funder: Funder | None) -> dict[str, Any]:
    return {
        "reference": each.idea.reference,
        "title": each.idea.title if funder is None or is_open(each.idea) else "",
        "funder": each.funder.name,
        "form": _(NAMES["instruments"].get(each.instrument, each.instrument)),
        "currency": each.currency,
        "amount": giving.decimal_of(each.amount_minor),
        "withdrawn": giving.decimal_of(each.withdrawn_minor),
        "released": giving.decimal_of(each.released_minor),
        "state": _(NAMES["states"][each.outcome]),
        "offered": each.offered_at.date(),
        "agreed": each.agreed_on,
        "due": queries.due_of(each),
    }


# As open data


def _grants(listed: sa.Select[Any], funder: Funder | None, kind: str) -> Any:
    """What of the list are grants, as 360Giving has them: JSON, or CSV under its flat titles."""
    found = queries.standing(listed)
    opened = _opened(funder, (each.talk.interest_id for each in found)) if funder else set()
    found = queries.standing(listed) if opened else found  # what is noted is kept first
    if not found:
        flash(_("None of these is a grant yet: offers are none, nor what was declined or taken back whole."))
        return redirect(address(grants=None))
    settings, root = current_app.config["SETTINGS"], full_address("/")
    granted = queries.as_granted(
        found,
        reads_numbers=lambda each: funder is None or each.talk.interest_id in opened,
        for_fund=funder,
        prefix=settings.giving_prefix,
        root=root,
    )
    name = f"commitments-360giving-{today().isoformat()}"
    if kind == "csv":
        columns, rows = giving.flat(granted)
        return write_table(columns, rows, "csv", name)
    publisher = _publisher(funder, found[0])
    whose = "programme" if funder is None else "donor" if funder.kind == "INDIVIDUAL" else funder.key
    identifier = f"{granted[0].prefix}-{whose}-commitments"
    said = {"title": _("Commitments of %(name)s", name=publisher["name"]), "identifier": identifier}
    more = {"publisher": publisher, "accessURL": root}
    response = Response(giving.package_of(granted, issued=now(), **said, **more), mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.json")
    return response


def _publisher(funder: Funder | None, first: Commitment) -> dict[str, str]:
    if funder is None:
        return {"name": first.idea.programme.name, "website": full_address("/")}
    if funder.kind == "INDIVIDUAL":
        return {"name": giving.DONOR}
    known = {"identifier": funder.org_id} if giving.is_official(funder.org_id) else {}
    return {"name": funder.name, **known}


def _opened(funder: Funder, introductions: Iterable[int]) -> set[int]:
    """Those by which the fund may read who receives it, with their numbers; that it reads them is noted first."""
    asked = [each.id for each in disclosed.introductions_with(disclosing.REGISTRATIONS, introductions)]
    if not asked:
        return set()
    db.session.rollback()  # this request was to read only: what follows writes, and is kept before it is shown
    return note_readings(me(), funder, introductions=asked, field=disclosing.REGISTRATIONS)


# What a fund arranges


@bp.post("/funders/commitments/<int:commitment_id>/arrangement")
def arrange_commitment(commitment_id: int) -> Any:
    found = funding.find_own_commitment(me(), commitment_id)
    form = ArrangementForm.read()
    if form.submit_to(commands.arrange_commitment, me(), found):
        flash(_("It is kept."))
        return to_commitment(found)
    return commitment_page(found, arrangement=form)
