"""What every process tells the database about its machine, so that the doctor sees whether several fit together."""

from __future__ import annotations

import hashlib
import hmac
import platform

from innovation.config import Settings
from innovation.values import dataclass

NAME = "gatehouse"


@dataclass(frozen=True)
class Marks:
    """Four short digests: equal where two processes share a home, a key, a place for files, a queue."""

    home: str
    key: str
    files: str
    queue: str

    @property
    def application_name(self) -> str:
        return " ".join([NAME, self.home, self.key, self.files, self.queue])


def marks_of(settings: Settings) -> Marks:
    """The marks of a process with these settings; too short to find out a key from them."""
    home = f"{platform.node()} {settings.instance}"
    secret = settings.secret_key.get_secret_value().encode()
    files = f"{settings.files_endpoint} {settings.files_url}" if settings.files_url else home
    return Marks(
        home=_short(home),
        key=hmac.new(secret, b"which key", hashlib.sha256).hexdigest()[:4],
        files=_short(files),
        queue=_short(settings.queue_url or home),
    )


def read_marks(application_name: str) -> Marks | None:
    """The marks in the name of a connection; None where it is not one of ours."""
    words = application_name.split(" ")
    return Marks(*words[1:]) if len(words) == 5 and words[0] == NAME else None


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
