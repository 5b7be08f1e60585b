"""Funders among themselves: what the demonstration tells of searches, shortlists, notes and ideas passed on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.funders.commands import workspace as commands
from innovation.funders.facets import Filters
from innovation.funders.models import Funder
from innovation.permission import SYSTEM


def workspace_story(cast: Cast, told: dict[str, Any]) -> Story:
    """Searches, saved long ago; lately a shortlist with notes, and what was passed on."""
    yield _at(told["saved_on"])
    for each in told["search"]:
        filters = Filters.of(each["filters"])
        details = {"name": each["name"], "filters": filters, "often": each["often"]}
        commands.save_search(cast.actor(each["account"]), _fund(cast, each), **details)
    yield _at(told["kept_on"])
    for each in told["shortlist"]:
        idea = cast.idea(each["idea"])
        commands.put_on_shortlist(cast.actor(each["account"]), _fund(cast, each), idea=idea)
        for account, text in each["notes"]:
            commands.write_note(cast.actor(account), _fund(cast, each), idea=idea, text=text)
    for each in told["pass"]:
        actor = cast.actor(each["account"]) if "account" in each else SYSTEM
        for key in each.get("ideas") or [each["idea"]]:
            why = {"reason": each["reason"], "text": each.get("text", "")}
            commands.pass_idea(actor, _fund(cast, each), idea=cast.idea(key), **why)


def _at(day: dt.date) -> dt.datetime:
    return moment(working_day(day), 15, 10)


def _fund(cast: Cast, told: dict[str, Any]) -> Funder:
    """The funder named, or the one that an account acts for."""
    if "funder" in told:
        return db.session.get_one(Funder, cast.funders[told["funder"]])
    return db.session.get_one(Funder, min(cast.actor(told["account"]).funder_ids))
