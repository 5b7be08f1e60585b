"""Forms of meetings: the plan, the agenda and its order, what is said and voted, and the minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from wtforms import validators

from innovation.db import now, whole_number
from innovation.forms import Form, IntegerField, MoneyField, VersionField, at_most, choices, optional, required, strip
from innovation.gates import queries as gates
from innovation.gates.forms.words import options
from innovation.gates.models import Panel, Review
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.meetings.models import Meeting
from innovation.meetings.queries import Screen

STATE_NAMES = {
    "planned": lazy_gettext("Planned"),
    "open": lazy_gettext("Open"),
    "closed": lazy_gettext("Closed"),
    "minuted": lazy_gettext("Minutes circulated"),
    "signed": lazy_gettext("Minutes signed"),
    "cancelled": lazy_gettext("Cancelled"),
}
STATE_TONES = {"planned": "info", "open": "go", "closed": "recycle", "minuted": "recycle", "signed": "hold"}
ITEM_NAMES = {
    "waiting": lazy_gettext("To come"),
    "discussed": lazy_gettext("Discussed"),
    "decided": lazy_gettext("Decided"),
    "put_off": lazy_gettext("Put off"),
    "over": lazy_gettext("Over"),
}
ITEM_TONES = {"discussed": "info", "decided": "go", "put_off": "hold"}
PRESENCE_NAMES = {
    "expected": lazy_gettext("Expected"),
    "present": lazy_gettext("Here"),
    "left": lazy_gettext("Left"),
    "apologies": lazy_gettext("Apologies"),
}
MARK_NAMES = {
    "arrived": lazy_gettext("arrived"),
    "late": lazy_gettext("arrived late"),
    "left": lazy_gettext("left"),
    "apologies": lazy_gettext("sent apologies"),
}
CHOICE_NAMES = {
    "for": lazy_gettext("For"),
    "against": lazy_gettext("Against"),
    "abstain": lazy_gettext("Abstain"),
}
LONG = 6000
MOST_MINUTES = 600


def between(low: int, high: int) -> validators.NumberRange:
    return validators.NumberRange(low, high, lazy_gettext("Choose a number from %(min)s to %(max)s."))


class MeetingForm(Form):
    """When and where, and what there is to give."""

    version = VersionField()
    title = wtforms.StringField(lazy_gettext("Title"), [*required(), at_most(120)], filters=[strip])
    day = wtforms.DateField(lazy_gettext("Day"), required())
    time = wtforms.TimeField(lazy_gettext("Begins at"), required())
    minutes = IntegerField(lazy_gettext("Minutes in all"), [*required(), between(10, MOST_MINUTES)], default=120)
    venue = wtforms.StringField(lazy_gettext("Place"), [*optional(), at_most(160)], filters=[strip])
    link = wtforms.StringField(
        lazy_gettext("Link"),
        [*optional(), at_most(300)],
        filters=[strip],
        description=lazy_gettext("Where those who are not in the room join."),
    )
    openings = IntegerField(
        lazy_gettext("Places"),
        optional(between(0, 1000)),
        description=lazy_gettext("How many ideas can go on. Empty where there is no limit."),
    )
    money_cents = MoneyField(
        lazy_gettext("Money"),
        optional(),
        description=lazy_gettext("What can be given in all, in rand. Empty where there is no limit."),
    )
    zone = "UTC"

    def validate_link(self, field: Any) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise validators.ValidationError(_("A link begins with https://"))

    def details(self) -> dict[str, Any]:
        told = super().details()
        day, time = told.pop("day"), told.pop("time")
        return {**told, "starts_at": dt.datetime.combine(day, time, tzinfo=ZoneInfo(self.zone)).astimezone(dt.UTC)}

    @classmethod
    def of(cls, meeting: Meeting) -> MeetingForm:
        """The form of a meeting that is planned already."""
        here = meeting.starts_at.astimezone(ZoneInfo(meeting.programme.timezone))
        form = cls.read(obj=meeting, data={"day": here.date(), "time": here.time()})
        form.zone = meeting.programme.timezone
        return form


class PlanForm(MeetingForm):
    """A new meeting: also of which panel, and about what."""

    panel_id = wtforms.SelectField(lazy_gettext("Panel"), required(), coerce=whole_number)
    whose = wtforms.RadioField(
        lazy_gettext("Reviews"),
        choices=options(
            [
                ("panel", lazy_gettext("Of this panel")),
                ("gate", lazy_gettext("Of every panel at its gate")),
            ]
        ),
        default="panel",
    )
    which = wtforms.RadioField(
        lazy_gettext("On the agenda"),
        choices=options(
            [
                ("ready", lazy_gettext("Those that have reached their quorum of scorecards")),
                ("open", lazy_gettext("All that are open")),
            ]
        ),
        default="ready",
    )

    @classmethod
    def offering(cls, panels: Sequence[Panel], zone: str) -> PlanForm:
        in_a_week = (now() + dt.timedelta(days=7)).astimezone(ZoneInfo(zone)).date()
        form = cls.read(data={"day": in_a_week, "time": dt.time(9, 0)})
        form.panel_id.choices = choices((panel.id, panel.name) for panel in panels)
        form.zone = zone
        return form


def _asked(form: Form, prefix: str, ids: Iterable[int]) -> dict[int, Any]:
    """The values of the fields that are named after things, by their ids."""
    return {each: form[f"{prefix}_{each}"].data for each in ids if f"{prefix}_{each}" in form}


def agenda_form(screen: Screen, could: Sequence[Review], minutes: int = 15) -> Form:
    """Which reviews are on the agenda, each with its minutes; what is closed to the reader is not in the form."""
    rows = {shown.review.id: shown.minutes for shown in screen.items if shown.review}
    fresh = [review.id for review in could if review.id not in rows]
    ids = [*rows, *fresh]

    class AgendaForm(Form):
        version = VersionField()

        def details(self) -> dict[str, Any]:
            chosen = [each for each, on in _asked(self, "on", ids).items() if on]
            given = {each: n for each, n in _asked(self, "minutes", ids).items() if n}
            return {"review_ids": chosen, "minutes": given}

    for each in ids:
        length = IntegerField(lazy_gettext("Minutes"), optional(between(1, MOST_MINUTES)))
        setattr(AgendaForm, f"on_{each}", wtforms.BooleanField(lazy_gettext("On the agenda")))
        setattr(AgendaForm, f"minutes_{each}", length)
    values: dict[str, Any] = {f"on_{each}": each in rows for each in ids}
    values |= {f"minutes_{each}": rows.get(each, minutes) for each in ids}
    return AgendaForm.read(data={**values, "version": screen.meeting.version})


def order_form(screen: Screen) -> Form:
    """The order of the agenda: by rank, by reference, or by numbers that the chair gives."""
    ids = [shown.item_id for shown in screen.items]

    class OrderForm(Form):
        version = VersionField()
        order = wtforms.RadioField(
            lazy_gettext("Order"),
            choices=options(
                [
                    ("rank", lazy_gettext("By rank: total, then agreement, then what is asked")),
                    ("reference", lazy_gettext("By reference")),
                    ("numbers", lazy_gettext("By the numbers that I give below")),
                ]
            ),
            default="rank",
        )

        def details(self) -> dict[str, Any]:
            given = {each: n for each, n in _asked(self, "number", ids).items() if n}
            return {"order": self.order.data, "numbers": given}

    for each in ids:
        number = IntegerField(lazy_gettext("Number"), optional(between(1, 999)))
        setattr(OrderForm, f"number_{each}", number)
    by_rank = [line.shown.item_id for line in screen.ranking or ()] or ids
    values: dict[str, Any] = {f"number_{each}": n for n, each in enumerate(by_rank, 1)}
    return OrderForm.read(data={**values, "version": screen.meeting.version})


class AskForm(Form):
    """One more person: a secretary or an observer."""

    email = wtforms.StringField(
        lazy_gettext("E-mail address"), required(), filters=[strip], render_kw={"autocomplete": "off"}
    )
    part = wtforms.SelectField(
        lazy_gettext("Comes as"),
        choices=options([("secretary", lazy_gettext("Secretary")), ("observer", lazy_gettext("Observer"))]),
    )

    def validate_email(self, field: Any) -> None:
        if gates.find_seatable(field.data) is None:
            raise validators.ValidationError(_("Nobody signs in with this address. Invite the person first."))

    def details(self) -> dict[str, Any]:
        person = gates.find_seatable(self.email.data or "")
        return {"person_id": person.id if person else 0, "part": self.part.data}


class PresenceForm(Form):
    """Somebody arrives, leaves, or does not come."""

    what = wtforms.HiddenField()


class TakeForm(Form):
    """Which item comes next."""

    item_id = wtforms.HiddenField()

    def details(self) -> dict[str, Any]:
        return {"item_id": whole_number(self.item_id.data) or 0}


class NoteForm(Form):
    text = wtforms.TextAreaField(lazy_gettext("What was said"), [*required(), at_most(LONG)], filters=[strip])


class MotionForm(Form):
    outcome = wtforms.SelectField(lazy_gettext("Outcome"), required())
    text = wtforms.StringField(lazy_gettext("In words"), [*optional(), at_most(300)], filters=[strip])

    @classmethod
    def about(cls, review: Review, ruled_out: Iterable[str] = ()) -> MotionForm:
        form = cls.read()
        outcomes = (each for each in review.idea.definition.outcomes if each.key not in ruled_out)
        form.outcome.choices = choices((outcome.key, _(outcome.label)) for outcome in outcomes)
        return form


class VoteForm(Form):
    choice = wtforms.HiddenField()


class PutOffForm(Form):
    reason = wtforms.StringField(lazy_gettext("Why it is put off"), [*required(), at_most(300)], filters=[strip])


def minutes_form(content: dict[str, Any], open_ids: Iterable[int], number: int) -> Form:
    """The words of the minutes: of the items that the reader hears of, and the remarks."""
    texts = {item["item"]: item["text"] for item in content["items"] if item["item"] in set(open_ids)}

    class MinutesForm(Form):
        number = wtforms.HiddenField()
        remarks = wtforms.TextAreaField(lazy_gettext("Remarks"), [*optional(), at_most(LONG)], filters=[strip])

        def details(self) -> dict[str, Any]:
            typed = {each: text or "" for each, text in _asked(self, "text", texts).items()}
            return {"remarks": self.remarks.data or "", "texts": typed, "number": whole_number(self.number.data)}

    for each in texts:
        text = wtforms.TextAreaField(lazy_gettext("What was said"), [*optional(), at_most(LONG)], filters=[strip])
        setattr(MinutesForm, f"text_{each}", text)
    values: dict[str, Any] = {f"text_{each}": text for each, text in texts.items()}
    return MinutesForm.read(data={**values, "remarks": content["remarks"], "number": number})


class CommentForm(Form):
    item_id = wtforms.SelectField(lazy_gettext("About"), optional(), coerce=whole_number)
    text = wtforms.TextAreaField(
        lazy_gettext("What should be different"), [*required(), at_most(3000)], filters=[strip]
    )

    @classmethod
    def offering(cls, items: Iterable[tuple[int, str]]) -> CommentForm:
        form = cls.read()
        form.item_id.choices = choices([("", _("The meeting as a whole")), *items])
        return form


class AnswerForm(Form):
    answer = wtforms.StringField(lazy_gettext("What became of it"), [*required(), at_most(1000)], filters=[strip])


class SignForm(Form):
    number = wtforms.HiddenField()

    def details(self) -> dict[str, Any]:
        return {"number": whole_number(self.number.data)}


class MeetingFilterForm(Form):
    """What the list of meetings is narrowed to."""

    q = wtforms.StringField(lazy_gettext("Title"), filters=[strip])
    gate = wtforms.SelectField(lazy_gettext("Gate"), validate_choice=False)
    state = wtforms.SelectField(
        lazy_gettext("State"),
        choices=options(
            [("", lazy_gettext("Any state")), ("live", lazy_gettext("To come or open")), *STATE_NAMES.items()]
        ),
        validate_choice=False,
    )
