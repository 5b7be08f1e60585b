"""Forms of paper cards: asking for them, and typing one in as it lies on the table."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import validators

from innovation.clinics import cards, next_steps
from innovation.clinics.card_paper import card_fields, is_on_the_back
from innovation.clinics.join_forms import CONSENTS
from innovation.forms import Form, IntegerField, at_most, choices, optional, required, strip
from innovation.ideas.capture_forms import ClinicCaptureForm
from innovation.ideas.young import Young
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from workflows import CanvasField

STATE_NAMES = {
    "printed": lazy_gettext("Not typed in"),
    "typed": lazy_gettext("Typed in"),
    "void": lazy_gettext("Void"),
    "missing": lazy_gettext("Missing"),
}
STATE_TONES = {"printed": "recycle", "typed": "go", "void": "hold", "missing": "kill"}


ENOUGH = validators.NumberRange(1, cards.MOST_AT_ONCE, message=lazy_gettext("Write a number from 1 to 200."))


class CardsForm(Form):
    """How many cards somebody needs."""

    many = IntegerField(
        lazy_gettext("How many cards?"),
        [*required(lazy_gettext("Write a number.")), ENOUGH],
        description=lazy_gettext("One for each idea, and some to spare. At most 200 at a time."),
    )


class CardFilterForm(Form):
    state = wtforms.SelectField(lazy_gettext("State"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = choices([("", _("Any state")), *STATE_NAMES.items()])


class CardForm(ClinicCaptureForm):
    """What stands on one card; a photograph is kept before the rest is looked at, so that no error loses it."""

    notice_version = IntegerField(lazy_gettext("Version of the notice on the back"), optional())
    next_step = wtforms.StringField(
        lazy_gettext("Next step"), [*optional(), at_most(next_steps.LONGEST)], filters=[strip]
    )
    next_step_by = wtforms.DateField(lazy_gettext("By when"), optional())
    photo = wtforms.FileField(
        lazy_gettext("Photo of the card"),
        optional(),
        description=lazy_gettext("Kept as proof of what stood on the card. Only those who run the clinic see it."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    photo_faults: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in [*self]:  # the card has asked already; here every line costs time
            if field is not self.photo:
                field.description = ""
        self.consents.choices = choices(CONSENTS.items())
        del self.school, self.agreed_how  # no line of a card asks for them: whoever agreed has signed
        self.agreed_by.label.text = _("Who signed for the child")
        if self.programme.notice_version == 1:
            del self.notice_version
        self.consents.description = _("Tick only what is ticked on the card.")

    def validate_photo(self, field: Any) -> None:
        if self.photo_faults:
            raise wtforms.ValidationError(" ".join(_(fault) for fault in self.photo_faults))

    def details(self) -> dict[str, Any]:
        told = super().details()
        del told["import_key"]  # that of the card
        version = self.notice_version.data if "notice_version" in self else None
        step = {"next_step": self.next_step.data or "", "next_step_by": self.next_step_by.data}
        owner = {f"owner_{name}": said for name, said in self.owner_said().items()}
        return {**told, **owner, **step, "young": self.young(), "notice_version": version}

    def young(self) -> Young | None:
        """What may be kept of an owner under 18; on paper, whoever agreed has signed."""
        if not self.is_child.data:
            return None
        said = {name: str(self[name].data or "") for name in ("agreed_by", "relation")}
        return Young(**self.owner_said(), **said, how="signed")

    def in_order(self) -> list[tuple[CanvasField | None, list[Any]]]:
        """The fields of the form in the order of the card, each with that of the canvas; the owner stands on any."""
        fields = card_fields(self.programme.workflow_version.definition)
        found = [(field, self._controls(field)) for field in fields]
        front = [each for each in found if not is_on_the_back(each[0])]
        asked = {control.name for _field, controls in found for control in controls}
        rest = [self[name] for name in ("owner_name", "owner_email", "owner_phone", "consents") if name not in asked]
        version = [self.notice_version] if "notice_version" in self else []
        below: list[tuple[CanvasField | None, list[Any]]] = [
            (None, rest),
            (None, version),
            (None, [self.next_step, self.next_step_by]),
        ]
        return [*front, *below, *found[len(front) :]]

    def _controls(self, field: CanvasField) -> list[Any]:
        if field.key == "owner":
            return [self.owner_name]
        if field.key == "owner_contact":
            return [self.owner_email, self.owner_phone]
        if field.key == "consent":
            return [self.consents]
        return self.controls(field)
