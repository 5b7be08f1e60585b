"""One dossier made for one person: as a PDF, and as the files of a ZIP."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from innovation.db import now
from innovation.dossiers import sums, verifier
from innovation.dossiers.nameless import called
from innovation.dossiers.paper import sections_of
from innovation.dossiers.queries import Contents, read_contents
from innovation.dossiers.records import records_of
from innovation.events import Event, EventHead
from innovation.gates.forms import ROLE_NAMES
from innovation.ideas import store
from innovation.ideas.models import Attachment
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, spoken
from innovation.permission import Actor
from innovation.typesetting.documents import set_as_pdf
from innovation.values import dataclass
from innovation.web import moment

logger = structlog.get_logger()
MOST_BYTES = 80_000_000
READERS: dict[str, Any] = {
    "owner": lazy_gettext("Owner"),
    "contributor": lazy_gettext("Contributor"),
    "coordinator": lazy_gettext("Gate coordinator"),
    "manager": lazy_gettext("Programme manager"),
    "facilitator": lazy_gettext("Facilitator"),
    "funder": lazy_gettext("Funder"),
} | ROLE_NAMES
PARTS = (
    "revisions",
    "asks",
    "deliverables",
    "reviews",
    "other_decisions",
    "conditions",
    "meetings",
    "meeting",
    "interests",
    "consents",
    "messages",
    "history",
)
Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Chain:
    """The events of one subject as they were hashed, the head of their chain, and whose numbers stand in them."""

    events: list[Event]
    head: EventHead
    names: dict[int, str]


@dataclass(frozen=True)
class Dossier:
    """What was read for one person at one moment.

    ``found`` is None for a funder, who reads the standard pack, and for a meeting; ``chain`` where they read none.
    """

    reference: str
    title: str
    reader: str
    records: dict[str, Any]
    sections: list[dict[str, Any]]
    found: Contents | None = None
    chain: Chain | None = None

    @property
    def checksum(self) -> str:
        return sums.checksum(self.records)

    def as_pdf(self) -> bytes:
        """The pages; their footer names reference, date, reader and checksum."""
        made = self.records["dossier"]["made_in_words"]
        read = _("Made for: %(reader)s", reader=self.reader)
        footer = f"{self.reference} · {made} · {read}\nSHA-256 {self.checksum}"
        under = [f"{self.reference} · {current_app.config['SETTINGS'].site_name}", f"{read} · {made}"]
        return set_as_pdf(self.title, under, footer, self.sections, spoken())


def make(actor: Actor, reference: str) -> Dossier:
    """The dossier of an idea as this person may read it now; ``NotThere`` when they may not see it."""
    return dossier_of(read_contents(actor, reference))


def dossier_of(found: Contents) -> Dossier:
    reader = reader_in_words(found.roles)
    records = {"dossier": about(found.idea.reference, reader)} | records_of(found)
    chain = Chain(found.chain, found.head, found.names) if found.chain and found.head else None
    return Dossier(found.idea.reference, found.idea.title, reader, records, sections_of(records), found, chain)


def about(reference: str, reader: str) -> dict[str, str]:
    """What a dossier says of itself."""
    at = now()
    made = {"made": at.isoformat(timespec="seconds"), "made_in_words": moment(at)}
    return {"reference": reference, "reader": reader, **made}


def reader_in_words(roles: Iterable[str]) -> str:
    return ", ".join(str(READERS[role]) for role in roles)


# The files of a ZIP


def files_of(dossier: Dossier, most_bytes: int = MOST_BYTES) -> Files:
    """Every file by its path, one at a time; the last one lists the others with their checksums."""
    manifest: dict[str, dict[str, Any]] = {}
    for path, content in _files(dossier, most_bytes):
        manifest[path] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        yield path, content
    yield "manifest.json", sums.as_json(manifest)


def _files(dossier: Dossier, most_bytes: int) -> Files:
    left_out = list(dossier.records["left_out"])
    yield "README.txt", _readme(dossier).encode()
    yield "verify.py", Path(verifier.__file__).read_bytes()
    yield "dossier.pdf", dossier.as_pdf()
    yield "dossier.json", sums.as_json(dossier.records)
    for name in PARTS:
        if dossier.records.get(name):
            yield f"parts/{name.replace('_', '-')}.json", sums.as_json(dossier.records[name])
    if dossier.chain is not None:
        yield from _chain(dossier.chain)
    if dossier.found is not None:
        for file in dossier.found.files:
            content, why = _content_of(file, most_bytes)
            if content is None:
                left_out.append({"what": called(dossier.found, file), "why": why})
                continue
            most_bytes -= len(content)
            yield f"files/{file.id}-{safe_name(called(dossier.found, file))}", content
    said = "\n".join(f"- {item['what']}\n  {item['why']}" for item in left_out)
    yield "left-out.txt", f"{_('What is not in this dossier, and why')}\n\n{said}\n".encode()


def _content_of(file: Attachment, most_bytes: int) -> tuple[bytes | None, str]:
    """The file, or why it is not in the dossier."""
    if file.size > most_bytes:
        return None, str(_("The dossier would be too large. The file is on the page of the idea."))
    kept = store.store()
    for _try in range(2):
        try:
            return kept.get(file.key), ""
        except FileNotFoundError:
            return None, str(_("The file is no longer where it was kept."))
        except store.StoreAway:
            kept.check()  # one that is away is waited for; a file that is broken would keep a job waiting for ever
    logger.error("file_not_read", attachment=file.id)
    return None, str(_("The file cannot be read where it is kept. Tell whoever looks after the site."))


def _chain(found: Chain) -> Files:
    lines = [
        json.dumps(
            {
                "subject": event.subject,
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "actor_id": event.actor_id,
                "facts": event.facts,
                "previous_hash": event.previous_hash,
                "hash": event.hash,
            }
        )
        for event in found.events
    ]
    yield "events/chain.jsonl", "\n".join([*lines, ""]).encode()
    head = found.head
    told = {"subject": head.subject, "seq": head.seq, "hash": head.hash, "sealed_seq": head.sealed_seq}
    yield "events/head.json", sums.as_json(told)
    people = {str(number): name for number, name in sorted(found.names.items())}
    yield "events/people.json", sums.as_json(people)


def safe_name(name: str) -> str:
    """A name that is one harmless file in any system."""
    kept = re.sub(r"[^\w.() -]+", "-", name).strip(" .-")
    return kept[-80:].lstrip(" .-") or "file"


def _readme(dossier: Dossier) -> str:
    about = dossier.records["dossier"]
    return _(
        """%(reference)s: %(title)s
Made %(made)s for: %(reader)s

dossier.pdf      the dossier to read and to print
dossier.json     the same as data; its SHA-256 stands in the footer of every page
parts/           the same, part by part
files/           the files that were handed in
events/          the chain of events, where the reader may read every event of it
left-out.txt     what is not in it, and why
manifest.json    every file with its SHA-256

To check that nothing was changed since, without the site that made it:

    python3 verify.py

Each event holds the SHA-256 of the one before it and of all that it says itself, so that none can be changed, taken
away or put elsewhere without all later ones changing too. Whether the whole chain was written anew is shown by the
site: its head (events/head.json) must be the hash of the same event there, and "gatehouse log verify" must find the
record whole.
""",
        reference=dossier.reference,
        title=dossier.title,
        made=about["made_in_words"],
        reader=dossier.reader,
    )
