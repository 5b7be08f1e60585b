"""The form for a table of readings."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, optional, required
from innovation.languages import lazy_gettext
from innovation.tables import read_table


class TableForm(Form):
    file = wtforms.FileField(lazy_gettext("Table"), required(), render_kw={"accept": ".csv,.xlsx,.ods,.gz,text/csv"})
    term = wtforms.SelectField(
        lazy_gettext("Term"), optional(), description=lazy_gettext("Where all readings of the table are of one term.")
    )

    def details(self) -> dict[str, Any]:
        content, name = self.file.data.read(), self.file.data.filename
        return {"content": content, "name": name, "table": read_table(content, name), "term": self.term.data or ""}
