"""Merging two ideas that were captured twice, and undoing it."""

from __future__ import annotations

import wtforms

from innovation.forms import Form, VersionField, at_most, required
from innovation.gates.forms.words import trimmed
from innovation.languages import lazy_gettext


class MergeForm(Form):
    version = VersionField()
    into = wtforms.StringField(
        lazy_gettext("Reference of the idea that it joins"), [*required(), at_most(20)], filters=[trimmed]
    )
    reason = wtforms.TextAreaField(
        lazy_gettext("Why they are the same idea"), [*required(), at_most(1000)], filters=[trimmed]
    )


class PartForm(Form):
    version = VersionField()
    reason = wtforms.TextAreaField(
        lazy_gettext("Why they are not the same after all"), [*required(), at_most(1000)], filters=[trimmed]
    )
