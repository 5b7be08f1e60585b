"""The dossier for a funder's people: the standard pack of an idea, and nothing beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from innovation.dossiers.making import READERS, Dossier, about
from innovation.funders import queries as funders
from innovation.funders.models import Funder
from innovation.funders.queries import Pack
from innovation.funders.views.browsing import pack_facts, pack_money_facts
from innovation.ideas.canvas import text_of
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.permission import Actor
from innovation.typesetting.blocks import facts, heading, texts
from innovation.web import day, money


def make_for_funder(actor: Actor, funder: Funder, idea: Idea) -> Dossier:
    """What the funder's people may read of the idea now; the idea was found in their sight."""
    pack = funders.read_pack(actor, funder, idea)
    reader = f"{READERS['funder']}: {funder.name}"
    records: dict[str, Any] = {"dossier": about(idea.reference, reader), "pack": _pack(pack)}
    records["left_out"] = [
        {"what": _("Reviews, marks and notes of panels"), "why": _("They are never part of what funders read.")},
        {"what": _("Files, history and events"), "why": _("Funders read the standard pack of an idea.")},
        {"what": _("Names and contacts"), "why": _("They are shown to both sides once the owner has agreed.")},
    ]
    return Dossier(idea.reference, idea.title, reader, records, list(_sections(records)))


def _pack(pack: Pack) -> dict[str, Any]:
    answers = [[_(field.name), text_of(field, value, money=money, day=day)] for field, value in pack.answers]
    reach = pack.contact
    contact = [[_("Name"), reach.name], [_("Position"), reach.position]] if reach else []
    contact += [[_("E-mail"), reach.email], [_("Phone"), reach.phone]] if reach else []
    return {
        "title": pack.idea.title,
        "problem": pack.problem,
        "summary": pack.summary,
        "answers": answers,
        "facts": [[name, text] for name, text in pack_facts(pack) if text],
        "amount": money(pack.ask.amount_cents),
        "purpose": pack.ask.purpose,
        "money_facts": [[name, text] for name, text in pack_money_facts(pack) if text],
        "contact": contact,
    }


def _sections(records: dict[str, Any]) -> Iterator[dict[str, Any]]:
    pack = records["pack"]
    idea = [*texts(_("Problem"), [pack["problem"]]), *texts(_("Idea"), [pack["summary"]])]
    for name, text in pack["answers"]:
        idea += texts(name, [text])
    yield {"heading": _("The idea"), "blocks": idea}
    yield {"heading": _("What it is and where it stands"), "blocks": list(facts(pack["facts"]))}
    asks = [heading(pack["amount"]), *texts(_("For what"), [pack["purpose"]]), *facts(pack["money_facts"])]
    yield {"heading": _("What it asks"), "blocks": asks}
    if pack["contact"]:
        yield {"heading": _("How to reach the owner"), "blocks": list(facts(pack["contact"]))}
    missing = [(item["what"], item["why"]) for item in records["left_out"]]
    yield {"heading": _("What is not in this dossier"), "blocks": list(facts(missing))}
