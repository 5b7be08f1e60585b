"""Files that wait between the steps of an import: under a name nobody can guess, for who sent them, for a day."""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app

from innovation.ideas.importing import Destination
from innovation.ideas.venues import find_venue
from innovation.permission import Actor, NotThere

KEPT_SECONDS = 24 * 3600
KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Waiting:
    """A file that was sent, and where its ideas should go."""

    person_id: int
    name: str
    programme_id: int
    region_id: int
    clinic_code: str = ""


def keep(content: bytes, waiting: Waiting) -> str:
    """Store the file; gives the key of the next step."""
    key = secrets.token_hex(16)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key}.file").write_bytes(content)
    (folder / f"{key}.json").write_text(json.dumps(asdict(waiting)), "utf-8")
    return key


def find(actor: Actor, key: str) -> tuple[Waiting, bytes]:
    """The file with this key; ``NotThere`` for everybody but who sent it."""
    if not KEY.fullmatch(key):
        raise NotThere
    try:
        waiting = Waiting(**json.loads((_folder() / f"{key}.json").read_text("utf-8")))
        content = (_folder() / f"{key}.file").read_bytes()
    except FileNotFoundError:
        raise NotThere from None
    if actor.person_id is None or waiting.person_id != actor.person_id:
        raise NotThere
    return waiting, content


def destination_of(actor: Actor, waiting: Waiting) -> Destination:
    """Where the ideas of a file go, as the place is now."""
    if not waiting.clinic_code:
        return Destination(waiting.programme_id, waiting.region_id)
    venue = find_venue(actor, waiting.clinic_code)
    return Destination(venue.programme_id, venue.region_id, venue.id, venue.state)


def drop(key: str) -> None:
    """Forget a file that has been dealt with."""
    for ending in ("file", "json"):
        (_folder() / f"{key}.{ending}").unlink(missing_ok=True)


def sweep() -> int:
    """Forget files older than a day; how many there were."""
    old = [path for path in _folder().glob("*.*") if path.stat().st_mtime < time.time() - KEPT_SECONDS]
    for path in old:
        path.unlink(missing_ok=True)
    return len({path.stem for path in old})


def _folder() -> Path:
    return Path(current_app.config["SETTINGS"].instance) / "imports"
