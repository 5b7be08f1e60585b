"""The form for what the team makes of its pilot."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, at_most, required, strip
from innovation.languages import lazy_gettext


class PackForm(Form):
    text = wtforms.TextAreaField(
        lazy_gettext("What you make of it"),
        [*required(), at_most(6000)],
        filters=[strip],
        description=lazy_gettext(
            "What worked, what did not, and why. The figures stand beside it: do not type them again."
        ),
    )

    def details(self) -> dict[str, Any]:
        return {"text": self.text.data}
