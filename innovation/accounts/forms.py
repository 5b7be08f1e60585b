"""Forms for signing in, for passwords, and for people and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms import validators

from innovation.accounts import passwords
from innovation.accounts.models import ROLES
from innovation.accounts.scopes import WHERE, Scope
from innovation.forms import Form, Listed, VersionField, at_most, choices, optional, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext

ROLE_NAMES = {
    "administrator": lazy_gettext("Administrator"),
    "manager": lazy_gettext("Programme manager"),
    "coordinator": lazy_gettext("Gate coordinator"),
    "facilitator": lazy_gettext("Facilitator"),
    "funder_admin": lazy_gettext("Funder, administrator"),
    "funder_member": lazy_gettext("Funder, member"),
}


def role_name(role: str) -> str:
    """A role as people call it."""
    return str(ROLE_NAMES[role])


STATE_NAMES = {
    "signs_in": lazy_gettext("Signs in"),
    "invited": lazy_gettext("Invited"),
    "closed": lazy_gettext("Sign-in closed"),
    "none": lazy_gettext("No sign-in"),
}
AFFILIATIONS = {
    "employer": lazy_gettext("Works there"),
    "member": lazy_gettext("Member or volunteer"),
    "board": lazy_gettext("On its board or governing body"),
    "owner": lazy_gettext("Owns it, or a share of it"),
    "parent": lazy_gettext("A child of theirs is there"),
}
INTEREST_NAMES = {
    "employer": lazy_gettext("Employer"),
    "organisation": lazy_gettext("Organisation: its board, a share, membership"),
    "school": lazy_gettext("Place in the register"),
    "district": lazy_gettext("District"),
    "funder": lazy_gettext("Funder"),
    "relative": lazy_gettext("Relative or close friend"),
}
LENGTH = lazy_gettext("At least 10 characters. A few words in a row are easy to remember.")


class GoodPassword:
    """Refuse a password that is too short, very common, or the person's own e-mail."""

    def __init__(self, email: str = "") -> None:
        self.email = email

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        fault = passwords.fault_of(field.data or "", self.email)
        if fault:
            raise validators.ValidationError(_(fault))


def email_field(*extra: Any, **more: Any) -> Any:
    """A field for an e-mail address, checked for its form only."""
    checks = [*extra, at_most(254), validators.Email(lazy_gettext("Write an address such as name@office.example."))]
    return wtforms.EmailField(lazy_gettext("E-mail"), filters=[strip], validators=checks, **more)


class SignInForm(Form):
    email = wtforms.EmailField(
        lazy_gettext("E-mail"),
        filters=[strip],
        validators=[*required(), at_most(254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = wtforms.PasswordField(
        lazy_gettext("Password"),
        validators=[*required(), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class ForgottenForm(Form):
    email = email_field(*required(), render_kw={"autocomplete": "username", "autocapitalize": "none"})


class NewPasswordForm(Form):
    """A first or a new password, for the sign-in with ``email``."""

    password = wtforms.PasswordField(
        lazy_gettext("New password"), description=LENGTH, render_kw={"autocomplete": "new-password"}
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.validators = [*required(), GoodPassword(email)]
        self.password.flags.required = True


class ChangePasswordForm(Form):
    current_password = wtforms.PasswordField(
        lazy_gettext("Present password"),
        validators=[*required(), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = wtforms.PasswordField(
        lazy_gettext("New password"),
        description=LENGTH,
        validators=[*required(), GoodPassword()],
        render_kw={"autocomplete": "new-password"},
    )


class ProofForm(Form):
    current_password = wtforms.PasswordField(
        lazy_gettext("Present password"),
        validators=[*required(), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    """A code of an app, or one of the recovery codes. The name of its field keeps it off error pages."""

    secret_code = wtforms.StringField(
        lazy_gettext("Code"),
        filters=[strip],
        validators=[*required(), at_most(40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def details(self) -> dict[str, Any]:
        return {"code": self.secret_code.data}

    def ask_for_recovery(self) -> None:
        """Ask for a recovery code, which has letters."""
        self.secret_code.label.text = _("Recovery code")
        self.secret_code.render_kw = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class PasskeyAnswerForm(Form):
    """What a passkey has answered, filled in by the script of the page."""

    passkey_token = wtforms.HiddenField(validators=[*required(), at_most(20_000)])

    def details(self) -> dict[str, Any]:
        return {"answer": self.passkey_token.data}


class PasskeyNameForm(Form):
    name = wtforms.StringField(
        lazy_gettext("Name"),
        filters=[strip],
        validators=[*required(), at_most(60)],
        description=lazy_gettext("So that you know it again, for example: my phone."),
    )


class NewPasskeyForm(PasskeyNameForm, PasskeyAnswerForm):
    def details(self) -> dict[str, Any]:
        return {"name": self.name.data, **super().details()}


class DetailsForm(Form):
    """What is known of a person: by themselves, without the e-mail."""

    name = wtforms.StringField(
        lazy_gettext("Name"),
        filters=[strip],
        validators=[*required(), at_most(120)],
        render_kw={"autocomplete": "name"},
    )
    version = VersionField()
    position = wtforms.StringField(
        lazy_gettext("Position"),
        filters=[strip],
        validators=optional(at_most(120)),
        description=lazy_gettext("For example: head of department, field worker."),
    )
    phone = wtforms.TelField(
        lazy_gettext("Telephone"), filters=[strip], validators=optional(at_most(40)), render_kw={"autocomplete": "tel"}
    )


class CorrectForm(DetailsForm):
    """The same, and the e-mail, by an administrator."""

    email = email_field(*optional(), description=lazy_gettext("A sign-in follows its e-mail."))


class RoleForm(Form):
    """A role and the place where it holds."""

    role = wtforms.SelectField(lazy_gettext("Role"), validators=required())
    where = wtforms.SelectField(lazy_gettext("Where"), validators=required())

    def offer(self, scopes: list[Scope], roles: tuple[str, ...]) -> None:
        """Let these roles and places be chosen."""
        self.role.choices = {"": _("Choose a role")} | {role: role_name(role) for role in roles}
        groups: dict[str, Any] = {"": _("Choose a place")}
        for scope in scopes:
            groups.setdefault(_group(scope), {})[scope.key] = scope.label or _("The whole site")
        self.where.choices = groups

    def validate_where(self, field: wtforms.Field) -> None:
        kinds = WHERE.get(self.role.data or "")
        if kinds and field.data and field.data.partition(":")[0] not in kinds:
            raise validators.ValidationError(_mismatch(kinds))


def _group(scope: Scope) -> str:
    names = {
        "site": _("Site"),
        "programme": _("Programmes"),
        "region": _("Regions"),
        "clinic": _("Clinics"),
        "funder": _("Funders"),
    }
    return str(names[scope.kind])


def _mismatch(kinds: tuple[str, ...]) -> str:
    if "site" in kinds:
        told = _("An administrator works for the whole site. Choose that.")
    elif "funder" in kinds:
        told = _("Choose the funder that this person belongs to.")
    elif "clinic" in kinds:
        told = _("Choose a programme, a region or a clinic for this role.")
    else:
        told = _("Choose a programme or a region for this role.")
    return str(told)


class InviteForm(RoleForm):
    email = email_field(*required(), render_kw={"autocomplete": "off"})
    name = wtforms.StringField(
        lazy_gettext("Name"),
        filters=[strip],
        validators=[*required(), at_most(120)],
        description=lazy_gettext("As others will read it. Somebody already known keeps the name they have."),
    )
    position = wtforms.StringField(lazy_gettext("Position"), filters=[strip], validators=optional(at_most(120)))


class AffiliationForm(Form):
    kind = wtforms.SelectField(lazy_gettext("How they belong"))
    organisation = wtforms.StringField(lazy_gettext("Organisation"), filters=[strip], validators=optional(at_most(160)))
    school_emis = wtforms.StringField(
        lazy_gettext("Or a place in the register, by its number"),
        filters=[strip],
        validators=optional(at_most(12)),
        render_kw={"inputmode": "numeric"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = {key: str(name) for key, name in AFFILIATIONS.items()}

    def validate_kind(self, _field: wtforms.Field) -> None:
        if not self.organisation.data and not self.school_emis.data:
            raise validators.ValidationError(_("Write an organisation or the number of a place."))


class InterestForm(Form):
    """An entry of one's own register of interests."""

    kind = wtforms.SelectField(lazy_gettext("What it is"))
    organisation = wtforms.StringField(
        lazy_gettext("Name of the organisation, place or funder"), filters=[strip], validators=optional(at_most(160))
    )
    school_emis = wtforms.StringField(
        lazy_gettext("Or a place in the register, by its number"),
        filters=[strip],
        validators=optional(at_most(12)),
        render_kw={"inputmode": "numeric"},
    )
    district_id = Listed(
        lazy_gettext("District"),
        optional(),
        lambda form: [("", ""), *((str(district_id), name) for district_id, name in form.districts)],
    )
    relative = wtforms.StringField(
        lazy_gettext("Name of the relative or friend"), filters=[strip], validators=optional(at_most(120))
    )
    since = wtforms.DateField(lazy_gettext("Since"), optional())
    until = wtforms.DateField(lazy_gettext("Until"), optional())
    districts: Iterable[tuple[int, str]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(INTEREST_NAMES.items())

    def validate_kind(self, field: wtforms.Field) -> None:
        if field.data == "relative" and not self.relative.data:
            raise validators.ValidationError(_("Write the name of the relative or friend."))

    def details(self) -> dict[str, Any]:
        district = self.district_id.data
        return {**super().details(), "district_id": int(district) if district else None}


class PeopleFilterForm(Form):
    q = wtforms.SearchField(lazy_gettext("Name or e-mail"), filters=[strip])
    role = wtforms.SelectField(lazy_gettext("Role"), validate_choice=False)
    state = wtforms.SelectField(lazy_gettext("Sign-in"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = {"": _("All roles")} | {role: role_name(role) for role in ROLES}
        self.state.choices = {"": _("Any")} | {key: str(name) for key, name in STATE_NAMES.items()}

    def filter(self) -> dict[str, str]:
        return {
            "q": (self.q.data or "")[:200],
            "role": self.role.data if self.role.data in ROLES else "",
            "state": self.state.data if self.state.data in STATE_NAMES else "",
        }
