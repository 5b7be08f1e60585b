"""Forms of waivers of what a gate asks for."""

from __future__ import annotations

import wtforms

from innovation.forms import Form, VersionField, at_most, required
from innovation.gates.forms.words import options, trimmed
from innovation.languages import lazy_gettext


class AskWaiverForm(Form):
    version = VersionField()
    what = wtforms.SelectField(lazy_gettext("What is to be waived"), required(lazy_gettext("Choose one.")))
    grounds = wtforms.TextAreaField(lazy_gettext("Why"), [*required(), at_most(1500)], filters=[trimmed])


class AnswerWaiverForm(Form):
    version = VersionField()
    answer = wtforms.RadioField(
        lazy_gettext("May it be left out?"),
        required(lazy_gettext("Choose whether it is waived.")),
        choices=options(
            [("granted", lazy_gettext("Yes, it is waived")), ("refused", lazy_gettext("No, it is needed"))]
        ),
    )
    reason = wtforms.TextAreaField(lazy_gettext("Your reason"), [*required(), at_most(1500)], filters=[trimmed])


class RevokeForm(Form):
    version = VersionField()
    reason = wtforms.TextAreaField(
        lazy_gettext("Why it is asked for after all"), [*required(), at_most(1500)], filters=[trimmed]
    )
