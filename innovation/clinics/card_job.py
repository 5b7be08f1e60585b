"""Many cards as PDF: set by the worker a pile at a time, and fetched together by whoever asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from innovation.clinics import card_paper, cards, policy, queries
from innovation.clinics.models import Clinic
from innovation.command import command
from innovation.db import begin_reading, db
from innovation.jobs.commands import ask_job
from innovation.jobs.kinds import File, Kind, Outcome, Page, Work
from innovation.jobs.models import Job, JobPart
from innovation.jobs.queries import list_parts
from innovation.jobs.zipping import stream_zip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, told_in
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.programmes.models import Programme
from workflows import Refused

PILE = 20  # cards that are set together, and as many as one waits for


@command(policy.may_make_cards)
@repeatable
def ask_cards(actor: Actor, clinic: Clinic, *, numbers: Iterable[int], language: str, form_key: str) -> Job:
    """Owe the person the cards with these numbers as PDF, in a language."""
    wanted = list(numbers)
    if not wanted:
        raise Refused(("Every card is typed in, so there is none to print.",))
    payload = {"clinic": clinic.code, "numbers": wanted, "language": language}
    return ask_job(actor, kind="cards", payload=payload, total=len(wanted), form_key=form_key)


def set_cards(clinic: Clinic, numbers: Iterable[int], language: str) -> tuple[list[int], bytes]:
    """The cards of these numbers that nobody has typed in, and the PDF of them; no PDF where there are none."""
    chosen = cards.open_cards(clinic, numbers)
    programme = db.session.get_one(Programme, clinic.programme_id)
    pdf = told_in(language, lambda: card_paper.cards_as_pdf(programme, clinic, chosen)) if chosen else b""
    return [card.number for card in chosen], pdf


def _begin(_actor: Actor, job: Job) -> Work:
    job_id, wanted, language = job.id, list(job.payload["numbers"]), str(job.payload["language"])
    made: dict[int, tuple[list[int], bytes]] = {}

    def ready(actor: Actor, which: range) -> None:
        begin_reading()
        made.clear()
        made[which.start] = set_cards(_clinic(actor, job.payload["clinic"]), wanted[which.start : which.stop], language)

    def do(_actor: Actor, which: range) -> list[Outcome]:
        there, pdf = made.pop(which.start)
        if pdf:
            name = f"cards-{there[0]:04d}-{there[-1]:04d}.pdf"
            db.session.add(JobPart(job_id=job_id, at=which.start, name=name, content=pdf))
        return [Outcome()] * len(there) + [Outcome(result="known")] * (len(which) - len(there))

    return Work([str(number) for number in wanted], do, ready=ready)


def _clinic(actor: Actor, code: str) -> Clinic:
    found = queries.find_clinic(actor, code)
    policy.may_make_cards.require(actor, found)
    return found


def _file(actor: Actor, job: Job) -> File:
    return File(f"{job.payload['clinic']}-cards.zip", "application/zip", stream_zip(_piles(actor, job)))


def _piles(actor: Actor, job: Job) -> Iterator[tuple[str, bytes]]:
    """A pile of which a card was typed in since is left out: it would tell the secret of an idea that is there."""
    clinic, wanted, gone = _clinic(actor, job.payload["clinic"]), job.payload["numbers"], []
    for part in list_parts(job):
        first, last = (int(number) for number in part.name.removesuffix(".pdf").split("-")[1:])
        pile = [number for number in wanted[part.at : part.at + PILE] if first <= number <= last]
        if len(cards.open_cards(clinic, pile)) == len(pile):
            yield part.name, part.content
        else:
            gone.append(part.name)
    if gone:
        why = _("Cards of these piles have been typed in since, so they were left out. Ask for the rest of them again:")
        yield "left-out.txt", f"{why}\n\n{chr(10).join(gone)}\n".encode()


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("The cards"), "clinics.cards", {"code": job.payload["clinic"]})]


KIND = Kind(lazy_gettext("Paper cards to print"), _begin, batch=PILE, back=_back, file=_file)
