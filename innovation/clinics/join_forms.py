"""The form of an idea from the room: what the canvas asks quickly, who had it, and what they agree to."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.db import whole_number
from innovation.forms import Form, at_most, choices, optional, strip
from innovation.ideas import young
from innovation.ideas.agreeing import Agreed
from innovation.ideas.capture import Owner
from innovation.ideas.capture_forms import EMAIL, PHONE, CaptureForm
from innovation.ideas.captured_before import ThereAlready
from innovation.ideas.codes import PURPOSES
from innovation.ideas.consent_words import RELATION_NAMES, WAY_NAMES
from innovation.ideas.forms.answers import Radio
from innovation.languages import base_of, is_draft, lazy_gettext, spoken, told_in
from innovation.languages import gettext as _
from innovation.programmes.notices import Notice
from workflows import Refused

CONSENTS = {
    "contact": lazy_gettext("May we keep your contact details and write or call about this idea?"),
    "public_name": lazy_gettext("May your name be shown with the idea?"),
    "photo": lazy_gettext("May photos and sketches be shown?"),
    "share_with_funders": lazy_gettext("May funders see the idea once it is ready for a pilot?"),
}
OWNER = ("under_18", "owner_name", "owner_email", "owner_phone", "school", "agreed_by", "relation", "agreed_how")


def yes_or_no() -> list[Any]:
    return choices([("yes", _("Yes")), ("no", _("No"))])


def named(texts: dict[str, Any]) -> Any:
    """The choices of a field, looked up when a form is made."""
    return lambda: choices(texts.items())


class CodeForm(Form):
    code = wtforms.StringField(
        lazy_gettext("Code"),
        [validators.InputRequired(lazy_gettext("Type the six letters.")), at_most(20)],
        filters=[strip],
        description=lazy_gettext("Six letters from the wall or the card."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 20},
    )


class RoomForm(CaptureForm):
    """An idea from the room. Every consent is given or withheld by itself."""

    notice_version = wtforms.HiddenField()
    notice_language = wtforms.HiddenField()
    photo = wtforms.FileField(
        lazy_gettext("Photo of a sketch"),
        optional(),
        description=lazy_gettext("A drawing or a flip-chart. No faces."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    under_18 = Radio(
        lazy_gettext("How old is the person whose idea this is?"),
        [validators.InputRequired(lazy_gettext("Choose one."))],
        choices=lambda: choices([("no", _("18 or older")), ("yes", _("Under 18"))]),
    )
    owner_name = wtforms.StringField(
        lazy_gettext("Name"),
        [*optional(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("First name and surname. Under 18: the first name only, or nothing."),
    )
    owner_email = wtforms.EmailField(
        lazy_gettext("E-mail"), [*optional(), at_most(254), validators.Email(message=EMAIL)], filters=[strip]
    )
    owner_phone = wtforms.TelField(lazy_gettext("Phone"), [*optional(), PHONE], filters=[strip])
    school = wtforms.StringField(lazy_gettext("School"), [*optional(), at_most(120)], filters=[strip])
    agreed_by = wtforms.StringField(
        lazy_gettext("Who agreed for the child?"),
        [*optional(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("The name of a parent or guardian. Without one, no name is kept."),
    )
    relation = Radio(lazy_gettext("This person is the child's"), optional(), choices=named(RELATION_NAMES))
    agreed_how = Radio(lazy_gettext("How did this person agree?"), optional(), choices=named(WAY_NAMES))
    consent_contact = Radio(CONSENTS["contact"], optional(), choices=yes_or_no)
    consent_public_name = Radio(CONSENTS["public_name"], optional(), choices=yes_or_no)
    consent_photo = Radio(CONSENTS["photo"], optional(), choices=yes_or_no)
    consent_share_with_funders = Radio(CONSENTS["share_with_funders"], optional(), choices=yes_or_no)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.consents
        if "where_school" in self:  # too many to look through without signal; the canvas asks for it later
            del self["where_school"]
        for name in ("photo", *OWNER, *(f"consent_{purpose}" for purpose in PURPOSES)):
            self._fields[name] = self._fields.pop(name)
        if is_draft(base_of(spoken())):
            english = told_in("en", lambda: {purpose: str(text) for purpose, text in CONSENTS.items()})
            for purpose, text in english.items():
                asked: Any = self[f"consent_{purpose}"]
                asked.english = text

    @property
    def is_young(self) -> bool:
        return bool(self.under_18.data == "yes")

    @property
    def given(self) -> tuple[str, ...]:
        return tuple(purpose for purpose in PURPOSES if self[f"consent_{purpose}"].data == "yes")

    def young(self) -> young.Young | None:
        if not self.is_young:
            return None
        told = {name: str(self[name].data or "") for name in OWNER}
        return young.Young(
            name=told["owner_name"],
            email=told["owner_email"],
            phone=told["owner_phone"],
            school=told["school"],
            agreed_by=told["agreed_by"],
            relation=told["relation"],
            how=told["agreed_how"],
        )

    def refuse(self, refused: Refused, status: int) -> None:
        super().refuse(refused, status)
        if isinstance(refused, ThereAlready):  # its own sentence has a reference in it, so that no catalogue knows it
            said = _("This idea arrived before as {reference}, with other words.")
            self.refusals = [said.replace("{reference}", refused.reference)]

    def shows(self, notice: Notice) -> None:
        """The form stands below this notice."""
        self.notice_version.data, self.notice_language.data = str(notice.version), notice.language

    def details(self) -> dict[str, Any]:
        return {
            "answers": self.answers(),
            "owner": Owner(
                self.owner_name.data or "",
                self.owner_email.data or "",
                self.owner_phone.data or "",
                language=base_of(spoken()),
            ),
            "agreed": Agreed(
                whole_number(self.notice_version.data) or 0, (self.notice_language.data or "")[:8], self.given
            ),
            "young": self.young(),
            "import_key": f"form:{self.form_key.data}",
        }

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        wrong = self._faults()
        for name, text in wrong.items():
            self[name].errors = [*self[name].errors, _(text)]
        return good and not wrong

    def _faults(self) -> dict[str, str]:
        told = self.young()
        if told is not None:
            found = young.faults(told)
            asked: tuple[str, ...] = PURPOSES[1:] if told.agreed_by else ()
        else:
            found = {} if self.owner_name.data else {"owner_name": "Please fill this in."}
            asked = PURPOSES
            if (self.owner_email.data or self.owner_phone.data) and "contact" not in self.given:
                found["consent_contact"] = "Say yes here, or leave e-mail and phone empty."
        for purpose in asked:
            if not self[f"consent_{purpose}"].data:
                found.setdefault(f"consent_{purpose}", "Choose yes or no.")
        return found
