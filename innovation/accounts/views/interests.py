"""One's own register of interests: what stands in it, and what was changed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.accounts import commands, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.forms import AFFILIATIONS, INTEREST_NAMES, InterestForm
from innovation.accounts.models import RegisteredInterest
from innovation.languages import gettext as _
from innovation.web import me, today


@bp.route("/account/interests", methods=["GET", "POST"])
def interests() -> Any:
    person, form = queries.find_self(me()), _form()
    if form.submit_to(commands.register_interest, me(), person):
        flash(_("It is in your register."))
        return redirect(url_for(".interests"))
    entries, noted = queries.list_interests(person), queries.list_affiliations(person)
    past = [entry for entry in entries if entry.is_past(today())]
    page: dict[str, Any] = {"current": [entry for entry in entries if entry not in past], "past": past, "form": form}
    page["noted"] = [place for place in noted if not place.affiliation.ended_on]
    return render_template("accounts/interests.html", **page, **_words()), form.status


@bp.route("/account/interests/<int:entry_id>", methods=["GET", "POST"])
def interest(entry_id: int) -> Any:
    entry = queries.find_interest(me(), entry_id)
    form = _form(entry.row)
    if form.submit_to(commands.change_registered_interest, me(), entry.row):
        flash(_("It is changed. What stood there before is kept below the entry."))
        return redirect(url_for(".interests"))
    page = {"entry": entry, "earlier": queries.list_earlier(entry.row), "form": form}
    return render_template("accounts/interest.html", **page, **_words()), form.status


def _form(row: RegisteredInterest | None = None) -> InterestForm:
    form: InterestForm = InterestForm.read(obj=row)
    form.districts = queries.list_district_names()
    return form


def _words() -> dict[str, Any]:
    return {"interest_names": INTEREST_NAMES, "affiliation_names": AFFILIATIONS}
