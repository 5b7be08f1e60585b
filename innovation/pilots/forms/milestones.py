"""Forms for milestones."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, at_most, optional, required, strip
from innovation.ideas.filecheck import ACCEPT
from innovation.ideas.photos import file_of
from innovation.languages import lazy_gettext


class MilestoneForm(Form):
    title = wtforms.StringField(
        lazy_gettext("What will have been reached"), [*required(), at_most(140)], filters=[strip]
    )
    due_on = wtforms.DateField(lazy_gettext("By"), required())


class EvidenceForm(Form):
    evidence = wtforms.TextAreaField(
        lazy_gettext("What shows it"),
        [*required(), at_most(2000)],
        filters=[strip],
        description=lazy_gettext("Say it in words; the files that show it are added below."),
    )


class FileForm(Form):
    file = wtforms.FileField(lazy_gettext("File"), required(), render_kw={"accept": ACCEPT})

    def details(self) -> dict[str, Any]:
        return {"file": file_of(self.file)}


class VerdictForm(Form):
    """Accepted where the answer says so; anything else returns it, which takes a reason."""

    answer = wtforms.StringField(lazy_gettext("Answer"), optional())
    reason = wtforms.TextAreaField(lazy_gettext("A word to the team"), optional(at_most(1000)), filters=[strip])

    def details(self) -> dict[str, Any]:
        return {"reason": self.reason.data or ""}
