"""The form for a table of readings."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, optional, required
from innovation.languages import lazy_gettext


class TableForm(Form):
    file = wtforms.FileField(lazy_gettext("Table"), required(), render_kw={"accept": ".csv,.xlsx,.ods,.gz,text/csv"})
    term = wtforms.SelectField(
        lazy_gettext("Term"), optional(), description=lazy_gettext("Where all readings of the table are of one term.")
    )

    def details(self) -> dict[str, Any]:
        return {"content": self.file.data.read(), "name": self.file.data.filename, "term": self.term.data or ""}
