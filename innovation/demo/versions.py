"""The next version of the workflow, on which the programme's manager is at work."""

from __future__ import annotations

import datetime as dt

from innovation.demo.cast import Cast
from innovation.demo.telling import at
from innovation.programmes import drafts
from workflows import drafting


def write_next_version(cast: Cast, latest: dt.datetime) -> None:
    """A draft in which a criterion was added at the first gate: what its marks mean is still to be said."""
    manager = cast.actor("manager")
    with at(latest - dt.timedelta(days=3)):
        version_id = cast.programme.workflow_version_id
        draft = drafts.copy_version(manager, cast.programme, workflow_version_id=version_id)
    gate = drafting.rows(draft.content, "gates")[0]
    lighter = drafting.rows(gate, "should")[0]
    name = f"gates.{gate['key']}.should.{lighter['key']}.weight"
    with at(latest - dt.timedelta(days=2)):
        page = f"gate:{gate['key']}"
        typed = {name: str(lighter["weight"] - 10)}
        drafts.change_draft(manager, draft, page=page, typed=typed, act="add:should", name="Reach of rural schools")
        note = {"version_note": "Screening also asks whether rural schools are reached."}
        drafts.change_draft(manager, draft, page="whole", typed=note, act="check")
