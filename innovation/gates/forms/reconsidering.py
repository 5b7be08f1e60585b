"""Forms of a request to look at a decision again."""

from __future__ import annotations

import wtforms

from innovation.forms import Form, VersionField, at_most, required
from innovation.gates.forms.words import trimmed
from innovation.languages import lazy_gettext


class AskForm(Form):
    version = VersionField()
    grounds = wtforms.TextAreaField(
        lazy_gettext("What has the panel overlooked, or what has changed?"),
        [*required(), at_most(4000)],
        filters=[trimmed],
    )


class NameForm(Form):
    version = VersionField()
    person_id = wtforms.SelectField(lazy_gettext("Somebody else"), coerce=int, validate_choice=False)


class UpholdForm(Form):
    version = VersionField()
    answer = wtforms.TextAreaField(
        lazy_gettext("Why the decision stands"), [*required(), at_most(4000)], filters=[trimmed]
    )
