"""The form of what a programme says in another language: a field for each text, with the original as its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms

from innovation.forms import Form, at_most, optional, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.programmes.own_words import Text

LONG = 90  # from here on a text has more than one line


class TextsForm(Form):
    """``texts`` are those that it asks for."""

    texts: tuple[Text, ...] = ()
    notice = wtforms.TextAreaField(lazy_gettext("The notice"), [*optional(), at_most(6000)], filters=[strip])
    is_checked = wtforms.BooleanField(
        lazy_gettext("A speaker of the language has checked the notice"),
        description=lazy_gettext("Until then it is shown as a draft, with the original beside it."),
    )

    def details(self) -> dict[str, Any]:
        texts = {text.english: self[text.name].data or "" for text in self.texts}
        return {"texts": texts, "notice": self.notice.data or "", "is_checked": self.is_checked.data}


def texts_form(texts: Iterable[Text]) -> type[TextsForm]:
    asked = tuple(texts)
    return type("TextsForm", (TextsForm,), {**{text.name: _field(text) for text in asked}, "texts": asked})


def _field(text: Text) -> Any:
    kind = wtforms.TextAreaField if len(text.english) > LONG else wtforms.StringField
    known = _("%(what)s. Without your own words: %(text)s", what=text.what, text=text.known or text.english)
    return kind(text.english, [*optional(), at_most(2000)], filters=[strip], description=known)
