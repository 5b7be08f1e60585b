"""What a phone takes along of a pilot: its sites, and the short form, so that it can ask them without signal."""

from __future__ import annotations

from typing import Any

from innovation.clinics import packet
from innovation.clinics.capture_words import capture_words
from innovation.languages import gettext as _
from innovation.languages import short_months
from innovation.pilots import queries
from innovation.pilots.fidelity import DIMENSIONS
from innovation.pilots.forms.visits import NewVisitForm
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import VisitPhone


def packet_of(phone: VisitPhone) -> dict[str, Any]:
    """Plain values only, as JSON can hold them; ``titles`` stand over the groups of questions in ``screens``."""
    pilot: Pilot = phone.pilot
    idea = pilot.idea
    form = NewVisitForm(pilot=pilot)
    groups = {
        _("Where and when"): [form.where, form.visited_on],
        _("How faithfully is it done, from 0 to 10?"): [form[name] for name in DIMENSIONS],
        _("Who took part"): [form.learners, form.teachers],
        _("In a few words"): [form.worked, form.did_not, form.next_step, form.next_who],
    }
    screens = [[packet.question(control) for control in group] for group in groups.values()]
    screens[0][0]["required"] = True  # by one of two fields, so neither of them says so itself
    for question in screens[1]:
        question["plain"] = True  # "Not seen" says already that it may be left
    return {
        "clinic": {
            "key": f"{pilot.id}",
            "title": idea.title,
            "challenge": _("Pilot %(number)s of %(reference)s", number=pilot.number, reference=idea.reference),
            "code": idea.reference,
            "takes": True,
        },
        "screens": [*screens, [_tick(form.harm)]],
        "titles": [*groups, _("Safety")],
        "named_by": [form.where.name, "visited_on"],
        "today": "visited_on",
        "besides": [],
        "owner": [],
        "consents": [],
        "notice": None,
        "known": [],
        "photo": packet.question(form.photo),
        "defaults": {},
        "ends_at": (phone.taken_at + queries.LONGEST).isoformat(),
    }


def _tick(control: Any) -> dict[str, Any]:
    """A box to tick, asked as a choice of one."""
    said = packet.question(control)
    options = [["y", said["label"]]]
    return {**said, "plain": True, "kind": "choices", "label": _("Did anything go wrong?"), "options": options}


def visit_words() -> dict[str, str]:
    """The texts of the page: those of capturing, with what is otherwise for visits."""
    return capture_words() | {
        "join_title": _("Take a pilot along"),
        "join_text": _(
            "Type the reference of the idea. You need a signal and your sign-in for this once; after that you can "
            "write visits down without."
        ),
        "join": _("Take it along"),
        "code": _("Reference of the idea"),
        "new": _("New visit"),
        "finish_next": _("Save the visit"),
        "sketch": _("A photo, if it helps"),
        "sketch_help": _(
            "Of the place or the materials. Never faces of learners, and no lists of names. It is made small on this "
            "phone."
        ),
        "photo_alt": _("The photo of the visit"),
        "copied": _("This visit was changed in another tab. What you typed here is kept as another draft."),
        "elsewhere": _("This visit has been saved in another tab."),
        "untitled": _("A visit"),
        "other_clinic": _("Take another pilot along"),
        "onward": _("Write the incident down"),
        "months": "|".join(short_months()),
        "as_new": _("Send it as another visit"),
        "shut_out": _(
            "This phone may no longer send visits of {clinic}. Sign in and take it along again; nothing is lost."
        ),
        "too_large": _("This visit is too large to send. Take the photo away, or take it again."),
        "said_before": _("This visit arrived before as {reference}, with other words."),
        "forget_plain": _("The list, and the pilots taken along, leave this phone."),
    }
