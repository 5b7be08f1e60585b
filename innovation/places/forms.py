"""Forms about places, and the school field that other areas use."""

from __future__ import annotations

from typing import Any

import wtforms

from innovation.db import whole_number
from innovation.forms import Form, IntegerField, choices, required, strip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.places import queries


class SchoolField(wtforms.StringField):
    """An EMIS number, typed or picked; ``found`` are the schools to choose from when words were typed instead."""

    found: list[Any]

    def process_formdata(self, valuelist: list[str]) -> None:
        picked = [value.strip() for value in valuelist if value.strip()]
        self.data = picked[-1] if picked else None
        self.found = []

    def pre_validate(self, form: Any) -> None:
        if not self.data or queries.find_school(self.data):
            return
        self.found = queries.search_schools(self.data)
        if self.found:
            raise wtforms.ValidationError(_("Choose one from the list."))
        raise wtforms.ValidationError(_("The register has no such name or number. Try another part of the name."))


class SchoolFilterForm(Form):
    q = wtforms.StringField(lazy_gettext("Name, EMIS number, district or old name"), filters=[strip])
    province = wtforms.SelectField(lazy_gettext("Province"), validate_choice=False)
    district = wtforms.SelectField(lazy_gettext("District"), validate_choice=False)
    quintile = wtforms.SelectField(lazy_gettext("Quintile"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = ((p.code, p.name) for p in queries.list_provinces())
        self.province.choices = choices([("", _("All provinces")), *provinces])
        districts = queries.list_districts(self.province.data or None)
        self.district.choices = choices(
            [
                ("", _("All districts")),
                ("none", _("Without a district")),
                *((str(d.id), d.name) for d in districts),
            ]
        )
        self.quintile.choices = choices([("", _("All quintiles")), *((str(n), str(n)) for n in range(1, 6))])

    def filter(self, sort: str) -> queries.SchoolFilter:
        return queries.SchoolFilter(
            text=self.q.data or "",
            province=self.province.data or "",
            district=self.district.data or "",
            quintile=self.quintile.data or "",
            sort=sort,
        )


def _number(value: Any) -> int | str:
    number = whole_number(value)
    return "" if number is None else number


class MapForm(Form):
    """Which district a group of schools belongs to today."""

    province_code = wtforms.HiddenField()
    old_district = wtforms.HiddenField()
    district_id = wtforms.SelectField(lazy_gettext("District"), coerce=_number, validators=required())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = queries.list_districts(self.province_code.data or None)
        self.district_id.choices = choices([("", _("Choose a district")), *((d.id, d.name) for d in districts)])

    def validate_district_id(self, field: wtforms.Field) -> None:
        if not field.data:
            raise wtforms.ValidationError(_("Choose a district"))

    def details(self) -> dict[str, Any]:
        return {"province_code": self.province_code.data, "old_district": self.old_district.data}


class TermForm(Form):
    """The days of a school term."""

    year = IntegerField(
        lazy_gettext("Year"),
        [*required(), wtforms.validators.NumberRange(2000, 2100, message=lazy_gettext("Write a year, such as 2028."))],
    )
    number = wtforms.SelectField(
        lazy_gettext("Term"), required(), coerce=_number, choices=choices((n, str(n)) for n in range(1, 5))
    )
    starts_on = wtforms.DateField(lazy_gettext("First day for learners"), required())
    ends_on = wtforms.DateField(lazy_gettext("Last day for learners"), required())
