"""What an owner is told of their idea once it is captured: on paper, as a message, and by when the next step is due."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

from innovation.ideas import claims, queries, sms, status
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.languages import written_day
from innovation.programmes.models import Programme
from innovation.programmes.own_words import speak_for
from innovation.programmes.workdays import working_days_after
from innovation.values import dataclass
from innovation.web import full_address
from workflows import Gate, Stage


@dataclass(frozen=True)
class Message:
    """The slip as a text to send, what it costs as an SMS, and links that open it ready to be sent.

    ``bared`` are the letters that stand in it without their marks, so that it fits; by WhatsApp they keep them.
    """

    text: str
    bared: tuple[str, ...]
    cost: sms.Cost
    whatsapp: str
    sms: str


def secret_to_tell(idea: Idea) -> str | None:
    """The secret of the slip, as long as nobody has made the idea theirs: afterwards it opens nothing more."""
    return claims.secret_of(idea) if idea.claimed_at is None else None


def address_of(reference: str) -> str:
    """Where the slip leads to."""
    return full_address(f"/status?reference={reference}")


def what_next(gate: Gate | None, by: dt.date | None) -> str:
    """What happens next and by when, for whoever had the idea."""
    if gate is None:
        return _("Complete the canvas of your idea. You are told about every step.")
    names = {"gate": _(gate.name), "days": gate.working_days}
    then = _(
        "Then a panel looks at it: %(gate)s. It decides within %(days)s working days, and you are told what and why.",
        **names,
    )
    if by is None:
        first = _("Complete the canvas of your idea.")
    else:
        first = _("Complete the canvas of your idea by %(day)s.", day=written_day(by))
    return f"{first} {then}"


def next_for(idea: Idea) -> str:
    """The same of an idea, wherever it is."""
    where = idea.where
    if idea.standing == "active" and isinstance(where, Stage) and where == idea.definition.stages[0]:
        return what_next(queries.gate_ahead(idea), idea.due_on)
    sentence, place = status.next_step(idea)
    by = status.due_on(idea)
    parts = [f"{_(place)}." if place else "", _(sentence), _("Expected by %(day)s.", day=written_day(by)) if by else ""]
    return " ".join(part for part in parts if part)


def secret_of_ended(idea: Idea, *, is_young: bool) -> str:
    """What to do with the secret of an idea that nobody works on any more; empty for any other."""
    if is_young or status.was_taken_back(idea):
        return _("Keep the secret to yourself.")
    told = _("Keep the secret to yourself. It also leads to a sign-in, to read what is kept of the idea.")
    return told if status.is_over(idea) else ""


def next_of_new(programme: Programme, day: dt.date) -> str:
    """The same of an idea that is captured on a day, as on a card that is not typed in yet."""
    definition = programme.workflow_version.definition
    first = definition.stages[0]
    by = working_days_after(day, first.working_days, programme.country) if first.working_days else None
    return what_next(definition.gate_after(first.key), by)


def message_of(idea: Idea, secret: str) -> Message:
    """The slip in one SMS where that is possible: marks of letters are left out first, then what can be left out."""
    speak_for(idea.programme_id)
    gate, by = queries.gate_ahead(idea), status.due_on(idea)
    day = _cheap_day(by) if by else ""
    ready = _("Next: %(gate)s, ready by %(day)s.", gate=_(gate.short or gate.name), day=day) if gate and by else ""
    due = _("Next step by %(day)s.", day=day) if by else ""
    told = {"reference": idea.reference, "secret": claims.shown(secret)}
    known = _("Idea %(reference)s is recorded. Secret: %(secret)s.", **told)
    address = address_of(idea.reference)
    texts = [" ".join(part for part in (known, more, address) if part) for more in (ready, due, "")]
    text = sms.shortest(either for written in texts for either in (written, sms.plain(written)))
    written = next(each for each in texts if text in (each, sms.plain(each)))
    phone = (idea.owner.phone or "") if "contact" in queries.live_consents(idea) else ""
    number = "".join(sign for sign in phone if sign.isdigit())
    whole = number if phone.strip().startswith("+") else ""  # only a whole number is one for the whole world
    bared = () if text == written else sms.cost_of(written).dear
    whatsapp = f"https://wa.me/{whole}?text={quote(written, safe='')}"
    return Message(text, bared, sms.cost_of(text), whatsapp, f"sms:{_dialled(phone)}?body={quote(text, safe='')}")


def _cheap_day(day: dt.date) -> str:
    """The day as it is written; in figures where the name of a month would make the message dear."""
    said = written_day(day)
    return day.isoformat() if sms.cost_of(said).dear else said


def _dialled(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")
