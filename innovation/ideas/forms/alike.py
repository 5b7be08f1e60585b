"""How an idea stands to another one."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, at_most, choices, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext


class RelationForm(Form):
    other = wtforms.StringField(
        lazy_gettext("Reference"),
        [*required(), at_most(20)],
        filters=[strip],
        description=lazy_gettext("Such as LP26-0317."),
    )
    relation = wtforms.RadioField(lazy_gettext("This idea is"), required())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [("same", _("the same")), ("builds_on", _("built on it")), ("different", _("a different one"))]
        self.relation.choices = choices(said)
