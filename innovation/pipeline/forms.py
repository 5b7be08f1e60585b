"""The filters of the log."""

from __future__ import annotations

import wtforms

from innovation.forms import Form, at_most, optional
from innovation.languages import lazy_gettext as _


class LogForm(Form):
    kind = wtforms.SelectField(_("What happened"), validators=optional())
    subject = wtforms.StringField(_("Idea or subject"), validators=optional(at_most(60)))
    person = wtforms.StringField(_("Who"), validators=optional(at_most(120)))
    since = wtforms.DateField(_("From"), validators=optional())
    until = wtforms.DateField(_("To"), validators=optional())
