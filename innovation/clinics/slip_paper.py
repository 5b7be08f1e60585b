"""Slips as pages: four of A6 on a sheet, to be cut."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import current_app

from innovation.clinics.models import Clinic
from innovation.clinics.slip_sheets import Slip
from innovation.ideas import claims, slips
from innovation.ideas.qr import qr_code
from innovation.languages import gettext as _
from innovation.languages import spoken
from innovation.typesetting.letters import showable
from innovation.typesetting.setting import set_pages
from innovation.web import day

TEMPLATE = Path(__file__).parent / "slips.typ"


def slips_as_pdf(clinic: Clinic, listed: Iterable[Slip]) -> bytes:
    """A tagged PDF of A4 sheets."""
    words = {
        "reference": _("Reference"),
        "secret": _("Secret"),
        "see": _("See what becomes of your idea"),
        "how": _("Scan the square, or type the reference and the secret at"),
        "next": _("What happens next"),
        "private": _("Keep the secret to yourself. It also leads to a sign-in, to work on the idea."),
    }
    paper = {
        "title": showable(_("Slips of %(clinic)s", clinic=clinic.title)),
        "site": showable(current_app.config["SETTINGS"].site_name),
        "lang": spoken()[:2],
        "clinic": showable(f"{clinic.title} · {day(clinic.starts_on)}"),
        "words": {key: showable(text) for key, text in words.items()},
        "slips": [_one(slip) for slip in listed],
    }
    return set_pages(TEMPLATE, paper)


def _one(slip: Slip) -> dict[str, Any]:
    address = slips.address_of(slip.idea.reference)
    step = slip.step
    agreed = ""
    if step is not None:
        agreed = _("You agreed: %(step)s", step=step.text)
        agreed += f" ({day(step.due_on)})" if step.due_on else ""
    texts = {
        "reference": slip.idea.reference,
        "title": slip.idea.title,
        "secret": claims.shown(slip.secret or ""),
        "address": address.partition("?")[0],
        "next": slips.next_for(slip.idea),
        "step": agreed,
        "alt": _("A square that leads to %(address)s", address=address),
    }
    return {key: showable(text) for key, text in texts.items()} | {"qr": str(qr_code(address))}
