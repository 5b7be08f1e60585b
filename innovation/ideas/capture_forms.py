"""Forms for capturing an idea, for its slip and status, and for claiming it."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Any

import wtforms
from flask import url_for
from wtforms import validators

from innovation.accounts.forms import NewPasswordForm
from innovation.forms import Checkboxes, Form, Listed, as_uuid, at_most, choices, optional, required, strip
from innovation.ideas.captured_before import ThereAlready
from innovation.ideas.consent_words import RELATION_NAMES, WAY_NAMES
from innovation.ideas.forms import CanvasForm, canvas_form, name_of
from innovation.ideas.young import Young, faults
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, voice
from innovation.programmes.models import Programme
from innovation.programmes.queries import in_use
from workflows import CAPTURE, CanvasField, Definition, Refused, Words

FIRST = ("title", "theme", "where")  # kept by the idea itself and asked for at once
CHILD = ("is_child", "school", "agreed_by", "relation", "agreed_how")
LAST = ("region_id", "owner_name", "owner_email", "owner_phone", *CHILD, "consents")
EMAIL = lazy_gettext("Write an e-mail address such as name@office.example.")
PHONE = validators.Regexp(r"^\+?[0-9 ()/-]{7,24}$", message=lazy_gettext("Write a number such as 072 345 6789."))


class CaptureForm(CanvasForm):
    """What every capture asks beside the canvas. ``form_key`` makes the same form sent twice one idea.

    ``besides`` is the reference of an idea just like it, once its writer has been asked whether this is another one.
    """

    first_fields: tuple[CanvasField, ...] = ()
    more_fields: tuple[CanvasField, ...] = ()
    form_key = wtforms.HiddenField()
    besides = wtforms.HiddenField(filters=[strip])
    consents = Checkboxes(lazy_gettext("The owner agrees"), optional())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_key.data = as_uuid(self.form_key.data) or str(uuid.uuid4())
        self.consents.choices = choices(consent_choices())
        for name in [name for name in LAST if name in self]:  # as they stand on the page, so in the summary of errors
            self._fields[name] = self._fields.pop(name)
        for name in ("theme", "where_district"):
            if name in self:
                self[name].description = ""  # plain enough here, and a minute is short

    def refuse(self, refused: Refused, status: int) -> None:
        super().refuse(refused, status)
        if status == 422:  # nothing was made of what is typed now: sent once more, it is an idea of its own
            self.form_key.data = str(uuid.uuid4())
            self.besides.data = refused.reference if isinstance(refused, ThereAlready) else ""

    def details(self) -> dict[str, Any]:
        return {
            "answers": self.answers(),
            "consents": self.consents.data or [],
            "import_key": f"form:{self.form_key.data}",
            "besides": self.besides.data or "",
        }


def consent_choices() -> list[tuple[str, str]]:
    """What an owner can agree to at capture; each can be withdrawn later."""
    return [
        ("contact", _("We may keep these contact details and write or call about this idea")),
        ("share_with_funders", _("Funders may see the idea once it is ready for a pilot")),
    ]


class ClinicCaptureForm(CaptureForm):
    """An idea written down in somebody's name."""

    owner_name = wtforms.StringField(
        lazy_gettext("Owner"),
        [*optional(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("Who takes the idea forward."),
    )
    owner_email = wtforms.EmailField(
        lazy_gettext("E-mail"),
        [*optional(), at_most(254), validators.Email(message=EMAIL)],
        filters=[strip],
        description=lazy_gettext("A link to follow the idea goes here."),
    )
    owner_phone = wtforms.TelField(
        lazy_gettext("Phone"),
        [*optional(), PHONE],
        filters=[strip],
        description=lazy_gettext("Where there is no e-mail address."),
    )
    is_child = wtforms.BooleanField(lazy_gettext("The owner is under 18"))
    school = wtforms.StringField(lazy_gettext("School"), [*optional(), at_most(120)], filters=[strip])
    agreed_by = wtforms.StringField(
        lazy_gettext("Who agreed for the child?"),
        [*optional(), at_most(120)],
        filters=[strip],
        description=lazy_gettext("The name of a parent or guardian. Without one, no name is kept."),
    )
    relation = wtforms.SelectField(lazy_gettext("This person is the child's"), optional())
    agreed_how = wtforms.SelectField(lazy_gettext("How did this person agree?"), optional())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school.label.text = _(self.programme.workflow_version.definition.words.site)
        self.relation.choices = choices([("", _("Choose one")), *RELATION_NAMES.items()])
        self.agreed_how.choices = choices([("", _("Choose one")), *WAY_NAMES.items()])

    def owner_said(self) -> dict[str, str]:
        """The name, e-mail address and phone number, as they stand in the form."""
        return {name: str(self[f"owner_{name}"].data or "") for name in ("name", "email", "phone")}

    def young(self) -> Young | None:
        """What the form says of an owner under 18."""
        if not self.is_child.data:
            return None
        said = {name: str(self[name].data or "") for name in ("school", "agreed_by", "relation")}
        return Young(**self.owner_said(), **said, how=str(self.agreed_how.data or ""))

    def details(self) -> dict[str, Any]:
        young = self.young()
        if young is not None:
            return {**super().details(), "young": young}
        owner = {name: self[name].data or None for name in ("owner_name", "owner_email", "owner_phone")}
        return {**super().details(), **owner}

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        young = self.young()
        wrong = faults(young) if young else {} if self.owner_name.data else {"owner_name": "Please fill this in."}
        for name, text in wrong.items():
            self[name].errors = [*self[name].errors, _(text)]
        good = good and not wrong
        if (self.owner_email.data or self.owner_phone.data) and "contact" not in (self.consents.data or []):
            self.consents.errors = [*self.consents.errors, _("Tick the first line, or leave e-mail and phone empty.")]
            return False
        return good


def _regions(form: Any) -> list[tuple[int, str]]:
    return [(region.id, region.name) for region in in_use(form.programme.regions)]


class OwnCaptureForm(CaptureForm):
    """An idea of one's own; the region gives it its reference."""

    region_id = Listed(lazy_gettext("Region"), required(), _regions, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consents.label.text = _("You agree")
        self.consents.choices = choices(consent_choices()[1:])

    def details(self) -> dict[str, Any]:
        return {**super().details(), "region_id": self.region_id.data}


def capture_form(kind: type[CaptureForm], programme: Programme) -> type[Any]:
    """The form class of a programme, made from the quick fields of its canvas."""
    definition: Definition = programme.workflow_version.definition
    return _class_for(kind, definition.canvas, definition.words, voice())


@lru_cache(maxsize=64)
def _class_for(kind: type[CaptureForm], canvas: tuple[CanvasField, ...], words: Words, _language: str) -> type[Any]:
    quick = [field for field in canvas if field.quick and _is_asked(field)]
    first = tuple(f for f in quick if f.required_from == CAPTURE or f.key in FIRST)
    more = tuple(f for f in quick if f not in first)
    needed = {f.key for f in first if f.required_from == CAPTURE}
    made = canvas_form([*first, *more], words, needed=needed)
    return type("DefinedCaptureForm", (kind, made), {"first_fields": first, "more_fields": more})


def _is_asked(field: CanvasField) -> bool:
    return field.type != "file" and (field.kept_in == "canvas" or field.key in FIRST)


def hint_alike(form: CaptureForm, source: str = "") -> None:
    """Let the form ask, while it is filled in, which ideas read alike; nothing waits for the answer, and nobody is
    told where none comes. ``source`` is "card" where what is typed stands on paper already."""
    asked = [name for name in ("title", "problem") if name in form]
    for name in asked:
        form[name].render_kw = {
            "hx-get": url_for("ideas.alike", source=source or None),
            "hx-trigger": "input changed delay:800ms, change",
            "hx-target": "#alike",
            "hx-select": ".hints",  # and nothing of a page that asks to sign in
            "data-hints": "",
            "hx-include": ", ".join(f"#{name_of(other)}" for other in asked),
        }


class StatusForm(Form):
    """What stands on the slip."""

    reference = wtforms.StringField(
        lazy_gettext("Reference"),
        [*required(), at_most(20)],
        filters=[strip],
        description=lazy_gettext("Such as LP26-0317."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    secret = wtforms.StringField(
        lazy_gettext("Secret"),
        [*required(), at_most(20)],
        filters=[strip],
        description=lazy_gettext("Eight letters and figures from the slip."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class BeginClaimForm(StatusForm):
    """The slip once more, and where the link should go."""

    email = wtforms.EmailField(
        lazy_gettext("E-mail"), [*optional(), at_most(254), validators.Email(message=EMAIL)], filters=[strip]
    )


class ClaimForm(NewPasswordForm):
    """A name to be known by, and a first password."""

    name = wtforms.StringField(
        lazy_gettext("Your name"), [*required(), at_most(120)], filters=[strip], render_kw={"autocomplete": "name"}
    )


class UploadForm(Form):
    """A table, and where its ideas go."""

    file = wtforms.FileField(
        lazy_gettext("Spreadsheet or CSV file"),
        description=lazy_gettext("The first row holds the names of the columns. At most 10 000 rows."),
        render_kw={"accept": ".csv,.xlsx,.xls,.ods,.tsv,.txt,.gz", "required": True},
    )
    place = wtforms.SelectField(lazy_gettext("The ideas belong to"), required())

    def validate_file(self, field: Any) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise wtforms.ValidationError(_("Choose a file."))
