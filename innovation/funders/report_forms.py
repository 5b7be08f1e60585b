"""Forms for the report to all funders of an idea, and for the list of commitments."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.forms import Form, at_most, optional, required, strip
from innovation.funders.funding_forms import reason_field
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext

LONGEST = 6000


class TimeForm(Form):
    """The time that a report is about, and when funders are to have it."""

    starts_on = wtforms.DateField(lazy_gettext("From"), required())
    ends_on = wtforms.DateField(lazy_gettext("To"), required())
    due_on = wtforms.DateField(lazy_gettext("Funders have it by"), required())

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise validators.ValidationError(_("This is before the first day."))


def _text(label: Any, help_: Any) -> Any:
    return wtforms.TextAreaField(label, optional(at_most(LONGEST)), filters=[strip], description=help_)


class ReportForm(TimeForm):
    """What the figures do not say; kept, or kept and handed in where the answer says so."""

    progress = _text(
        lazy_gettext("What was done"), lazy_gettext("Needed to hand it in. Milestones, money and reach are in already.")
    )
    changes = _text(lazy_gettext("What was changed"), lazy_gettext("What turned out otherwise than planned, and why."))
    lessons = _text(lazy_gettext("What was learned"), lazy_gettext("Also what did not work. Name no learner."))
    outlook = _text(lazy_gettext("What comes next"), lazy_gettext("Needed to hand it in. Until the next report."))
    answer = wtforms.StringField(lazy_gettext("Answer"), optional())

    def details(self) -> dict[str, Any]:
        return {name: value for name, value in super().details().items() if name != "answer"}


class VerdictForm(Form):
    """Released where the answer says so; anything else gives it back, which takes a reason."""

    answer = wtforms.StringField(lazy_gettext("Answer"), optional())
    reason = wtforms.TextAreaField(lazy_gettext("What is to be changed"), optional(at_most(1000)), filters=[strip])

    def details(self) -> dict[str, Any]:
        return {"reason": self.reason.data or ""}


class CorrectionForm(Form):
    why = reason_field(lazy_gettext("What is corrected, and why"))


class ArrangementForm(Form):
    agree_by = wtforms.DateField(lazy_gettext("The agreement is signed by"), optional())
    named = wtforms.BooleanField(
        lazy_gettext("Other funders of this idea may read our name"),
        description=lazy_gettext("Never the amount. Without it you are one of the other funders."),
    )
