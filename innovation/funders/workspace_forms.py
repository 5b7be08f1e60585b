"""Forms of a funder's workspace: words and order of browsing, notes, passing on an idea, and saved searches."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.forms import Form, at_most, optional, required, strip
from innovation.funders.codes import OFTEN, PASS_REASONS
from innovation.funders.facets import MOST_LETTERS
from innovation.funders.forms import named
from innovation.languages import lazy_gettext

ORDERS = (("", "Best match"), ("newest", "Newest"), ("smallest", "Smallest ask"))
PARTS = (("shortlist", "On our shortlist"), ("passed", "Passed on by us"))


class BrowseForm(Form):
    """What is typed or chosen beside the facets; what the address has and nobody offers counts as nothing."""

    q = wtforms.SearchField(lazy_gettext("Words"), filters=[strip], render_kw={"maxlength": MOST_LETTERS})
    within = wtforms.SelectField(lazy_gettext("Of these"))
    show = wtforms.SelectField(lazy_gettext("Show first"))

    def translated(self) -> BrowseForm:
        self.within.choices = named(PARTS, str(lazy_gettext("All that are open")))
        self.show.choices = named(ORDERS)
        for field, known in ((self.within, PARTS), (self.show, ORDERS)):
            if field.data not in dict(known):
                field.data = ""
        return self


class NoteForm(Form):
    text = wtforms.TextAreaField(
        lazy_gettext("Write a note"),
        [*required(), at_most(2000)],
        filters=[strip],
        description=lazy_gettext("Only people of your fund read it. It stays as you write it."),
    )


class PassForm(Form):
    reason = wtforms.SelectField(lazy_gettext("Why"), required())
    why = wtforms.TextAreaField(
        lazy_gettext("In your words"),
        optional(at_most(1000)),
        filters=[strip],
        description=lazy_gettext("Only people of your fund read it."),
    )

    def translated(self) -> PassForm:
        self.reason.choices = named(PASS_REASONS, str(lazy_gettext("Choose a reason")))
        return self

    def details(self) -> dict[str, Any]:
        return {"reason": self.reason.data, "text": self.why.data or ""}


class SearchForm(Form):
    name = wtforms.StringField(
        lazy_gettext("Name"),
        [*required(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("Everybody of your fund sees the search under this name."),
    )
    often = wtforms.SelectField(lazy_gettext("Mail me new ideas"), required(), default="never")

    def translated(self) -> SearchForm:
        self.often.choices = named(OFTEN)
        return self


class AlertForm(Form):
    often = wtforms.SelectField(lazy_gettext("Mail me new ideas"), required())

    def translated(self) -> AlertForm:
        self.often.choices = named(OFTEN)
        return self
