"""Forms: read from the request, checked, handed to a command, and shown again with every refusal."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

import wtforms
from flask import request
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.meta import DefaultMeta

from innovation import once
from innovation.command import Stale, require_as_seen, require_version
from innovation.db import whole_number
from innovation.drafts import Tab
from innovation.languages import cents_in, lazy_gettext
from innovation.languages import gettext as _
from innovation.permission import Actor
from workflows import Refused


def strip(value: Any) -> Any:
    """Take the white space from both ends of a text; leave everything else as it is."""
    return value.strip() if isinstance(value, str) else value


YEARS = range(1900, 2101)
LARGEST = 2**31 - 1  # that a column of PostgreSQL holds


IN_OUR_WORDS = {
    "Not a valid date value.": lazy_gettext("Write a day, such as 2026-11-26."),
    "Not a valid integer value.": lazy_gettext("Write a whole number."),
    "Not a valid decimal value.": lazy_gettext("Write a number."),
    "Number must be between %(min)s and %(max)s.": lazy_gettext("Write a number from %(min)s to %(max)s."),
}


class OurWords:
    """What the library says where a form says nothing itself, in plain words and in the person's language."""

    def gettext(self, message: str) -> str:
        return str(IN_OUR_WORDS.get(message, message))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class PlainMeta(DefaultMeta):
    def get_translations(self, _form: Any) -> OurWords:
        return OurWords()


class PartForm(wtforms.Form):
    """A form that is a field of another one, such as a row of its table."""

    Meta = PlainMeta


KEEP = "keep"  # the name of a button that sends nothing


class Form(wtforms.Form):
    """A form whose errors stand beside fields and whose refusals stand on top; nothing typed is lost."""

    class Meta(PlainMeta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Leave out files that were sent where a text is asked for."""
            if isinstance(formdata, CombinedMultiDict):
                wanted = {field.name for field in form if isinstance(field, wtforms.FileField)}
                files = [(name, file) for name, file in request.files.items(multi=True) if name in wanted]
                formdata = CombinedMultiDict([request.form, MultiDict(files)])
            return super().wrap_formdata(form, formdata)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[str] = []
        self.status = 200
        self.was_sent = True
        self.result: Any = None

    @classmethod
    def read(cls, **kwargs: Any) -> Self:
        """The form as the person filled it in, or with its first values when nothing was sent.

        With ``keep`` it is drawn anew with what is typed, such as in another language: nothing is sent yet.
        """
        is_typed = request.method == "POST"
        form = cls(_sent() if is_typed else None, **kwargs)
        form.was_sent = is_typed and KEEP not in request.form
        if is_typed:
            _fill_what_is_missing(form)
        return form

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Also that no day lies so far off that nothing can be counted from it."""
        found = super().validate(*args, **kwargs)
        for each in () if found else self:
            theirs = getattr(each, "process_errors", ())  # a form within the form has none of its own
            if theirs and len(each.errors) > len(theirs):  # ours says what to write; the library's that it is wrong
                each.errors = [error for error in each.errors if error not in theirs]
        far = [each for each in _days_in(self) if isinstance(each.data, dt.date) and each.data.year not in YEARS]
        for each in far:
            each.errors = [*each.errors, _("Write a day between 1900 and 2100.")]
        return bool(found and not far)

    @classmethod
    def of_query(cls, **kwargs: Any) -> Self:
        """The form as the address has it (filters of lists)."""
        return cls(MultiDict(request.args), **kwargs)

    def details(self) -> dict[str, Any]:
        """What the command is told; a hidden ``version`` is not part of it."""
        return {name: value for name, value in self.data.items() if name != "version"}

    def submit_to(self, command: Callable[..., Any], actor: Actor, subject: Any = None, **more: Any) -> bool:
        """Check, then run the command; False leaves errors or refusals on the form and the status to answer with.

        A form that is only being shown is left alone.
        """
        if not self.was_sent:
            return False
        may = getattr(command, "policy", None)
        if may is not None:
            may.require(actor, subject)  # before the fields are looked at: an error tells what is there
        if not self.validate():
            once.require_new(command, subject)
            self.status = 422
            return False
        try:
            version = self["version"].data if "version" in self else None
            require_version(subject, int(version) if version else None)
            self.result = command(actor, subject, **self.details(), **more)
        except Stale as refused:
            once.require_new(command, subject)
            self.refuse(refused, 409)
            return False
        except Refused as refused:
            self.refuse(refused, 422)
            return False
        return True

    def compare_with(self, subject: Any) -> None:
        """Say so where the subject has changed since the form was filled in; nothing is written."""
        try:
            require_version(subject, whole_number(self.data.get("version")))
            require_as_seen(subject)
        except Stale as refused:
            self.refuse(refused, 409)

    def refuse(self, refused: Refused, status: int) -> None:
        self.refusals = [_(reason) for reason in refused.reasons]
        self.status = status


def _sent() -> Any:
    """What was sent; files beside it only where there are some, since each field then looks at both."""
    return CombinedMultiDict([request.form, request.files]) if request.files else request.form


def _days_in(fields: Iterable[Any]) -> Iterator[wtforms.DateTimeField]:
    """The fields for a day or a time of a form, those of forms within it, too."""
    for field in fields:
        if isinstance(field, (wtforms.FieldList, wtforms.FormField)):
            yield from _days_in(field)
        elif isinstance(field, wtforms.DateTimeField):
            yield field


def sent_tab() -> Tab:
    """The tab from which a draft was sent."""
    return Tab.of(request.form.get("tab", ""), request.form.get("began_with", ""))


PLAIN_TEXT = wtforms.StringField.process_formdata


def _fill_what_is_missing(form: Form) -> None:
    """A text that was not sent at all is an empty one, and no column has to hold nothing for it; a text is no file."""
    for field in form:
        if isinstance(field, wtforms.FileField) and not hasattr(field.data, "filename"):
            field.data, field.raw_data = None, []
        elif field.data is None and type(field).process_formdata is PLAIN_TEXT:
            field.data = ""


class VersionField(wtforms.HiddenField):
    """The version of the thing that the form was filled in against."""

    def process_formdata(self, valuelist: list[str]) -> None:
        number = whole_number(valuelist[0]) if valuelist else None
        self.data = None if number is None else str(number)


class IntegerField(wtforms.IntegerField):
    """A whole number that every database takes; what is longer is as little one as a word is."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > LARGEST:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))


class MoneyField(wtforms.StringField):
    """An amount typed as ``480 000``, ``R480,000`` or ``480000.50``; its data is in cents."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.raw_data = [typed]
        if not typed:
            self.data = None
            return
        self.data = cents_in(typed)
        if self.data is None:
            raise ValueError(_("Write an amount in rand, such as 480 000."))

    def _value(self) -> str:
        if self.raw_data and self.raw_data[0]:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        rand, cents = divmod(self.data, 100)
        text = f"{rand:,}".replace(",", " ")
        return f"{text}.{cents:02d}" if cents else text


class Listed(wtforms.SelectField):
    """One of a list that may be long: ``offered`` gives the pairs for a form, and is asked only when the list is
    shown or something was chosen from it."""

    def __init__(
        self, label: Any, rules: Any, offered: Callable[[Any], Iterable[tuple[Any, Any]]], **kwargs: Any
    ) -> None:
        def found(form: Any, _field: Any) -> list[SelectChoice]:
            return choices(offered(form))

        super().__init__(label, rules, choices=found, **kwargs)  # type: ignore[arg-type]

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data or (self.raw_data and self.raw_data[0]):
            super().pre_validate(form)


class Checkboxes(wtforms.SelectMultipleField):
    """Several of a few: check boxes instead of a list."""

    widget = wtforms.widgets.ListWidget(prefix_label=False)
    option_widget = wtforms.widgets.CheckboxInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """A box without a value, which no page of ours has, is not ticked; ``Optional`` looks at the first box only."""
        self.raw_data = [value for value in valuelist if value]
        self.data = []
        super().process_formdata(self.raw_data)


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Pairs of value and label as the choices of a field."""
    return [SelectChoice(value, str(label)) for value, label in pairs]


class Given(validators.InputRequired):
    """Something was typed or chosen; white space alone is nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        sent = field.raw_data
        if sent and isinstance(sent[0], str) and not sent[0].strip():
            field.errors[:] = []
            raise validators.StopValidation(str(self.message))
        super().__call__(form, field)


def required(message: Any = None) -> list[Any]:
    """Validators for a field that must be filled in."""
    return [Given(message or lazy_gettext("Please fill this in."))]


def optional(*more: Any) -> list[Any]:
    """Validators for a field that may stay empty."""
    return [validators.Optional(strip_whitespace=True), *more]


def as_uuid(text: Any) -> str:
    """A key that a page or a device made, in its usual form; empty for anything else."""
    try:
        return str(uuid.UUID(str(text)))
    except ValueError:
        return ""


def at_most(length: int) -> validators.Length:
    """Refuse a text of more than ``length`` characters."""
    return validators.Length(max=length, message=lazy_gettext("Please keep this to %(max)d characters."))
