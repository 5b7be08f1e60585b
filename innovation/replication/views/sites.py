"""The page of one place of a rollout, on which it is corrected, or leaves."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.languages import gettext as _
from innovation.replication import commands, policy, queries
from innovation.replication.blueprint import bp
from innovation.replication.forms.rollouts import ChangeSiteForm
from innovation.web import me

SAID = ("learners", "teachers", "starts_on", "ends_on", "left_because")


@bp.route("/ideas/<reference>/rollouts/<int:number>/sites/<int:site_id>", methods=["GET", "POST"])
def rollout_site(reference: str, number: int, site_id: int) -> Any:
    rollout = queries.find_rollout(me(), reference, number)
    policy.may_keep_rollout.require(me(), rollout)
    site, words = queries.find_site(rollout, site_id), rollout.idea.definition.words
    first = {name: getattr(site, name) for name in SAID}
    where = {"emis": site.emis} if site.emis and words.site_number else {"place": site.place}
    form = ChangeSiteForm.read(data=first | where).offer(words)
    if form.submit_to(commands.change_rollout_site, me(), rollout, site=site):
        flash(_("Kept."))
        return redirect(url_for(".rollout", reference=rollout.idea.reference, number=number))
    shown = {"idea": rollout.idea, "rollout": rollout, "spot": site, "words": words}
    return render_template("replication/rollout_site.html", form=form, **shown), form.status
