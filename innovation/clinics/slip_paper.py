"""Slips as pages: four of A6 on a sheet, to be cut."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app

from innovation.clinics.models import Clinic
from innovation.clinics.slip_sheets import Slip
from innovation.ideas import claims, slips, status
from innovation.ideas.qr import qr_code
from innovation.languages import base_of, spoken, told_in
from innovation.languages import gettext as _
from innovation.programmes.own_words import speak_for
from innovation.typesetting.letters import showable
from innovation.typesetting.setting import set_pages
from innovation.web import day

TEMPLATE = Path(__file__).parent / "slips.typ"


def slips_as_pdf(clinic: Clinic, listed: Iterable[Slip]) -> bytes:
    """A tagged PDF of A4 sheets."""
    paper = {
        "title": showable(_("Slips of %(clinic)s", clinic=clinic.title)),
        "site": showable(current_app.config["SETTINGS"].site_name),
        "lang": base_of(spoken()),
        "slips": [told_in(slip.idea.owner.language, partial(told_on, clinic, slip)) for slip in listed],
    }
    return set_pages(TEMPLATE, paper)


def _words(slip: Slip) -> dict[str, str]:
    work = _("Keep the secret to yourself. It also leads to a sign-in, to work on the idea.")
    return {
        "reference": _("Reference"),
        "secret": _("Secret"),
        "see": _("See what becomes of your idea"),
        "how": _("Scan the square, or type the reference and the secret at"),
        "next": _("What happens next"),
        "private": slips.secret_of_ended(slip.idea, is_young=slip.is_young) or work,
    }


def told_on(clinic: Clinic, slip: Slip) -> dict[str, Any]:
    """What stands on a slip, in the language that is spoken, which is its owner's."""
    speak_for(clinic.programme_id)
    address = slips.address_of(slip.idea.reference)
    step = slip.step
    agreed = ""
    if step is not None and not status.is_over(slip.idea):
        agreed = _("You agreed: %(step)s", step=step.text)
        agreed += f" ({day(step.due_on)})" if step.due_on else ""
    texts = {
        "lang": base_of(spoken()),
        "clinic": f"{_(clinic.title)} · {day(clinic.starts_on)}",
        "reference": slip.idea.reference,
        "title": slip.idea.title,
        "secret": claims.shown(slip.secret or ""),
        "address": address.partition("?")[0],
        "next": slips.next_for(slip.idea),
        "step": agreed,
        "alt": _("A square that leads to %(address)s", address=address),
    }
    made = {key: showable(text) for key, text in texts.items()}
    return made | {
        "qr": str(qr_code(address)),
        "words": {key: showable(text) for key, text in _words(slip).items()},
    }
