"""Simulated people who capture, read, send files and score through a proxy, and remember what they were told."""

from __future__ import annotations

import hashlib
import http.client
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from load import TOKEN, Browser, with_cookies

PASSWORD = "a long enough password"
TROUBLE = (OSError, http.client.HTTPException)


@dataclass
class Told:
    """What people were told is done: titles of ideas, digests of files, numbers of reviews; and what failed."""

    ideas: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    scores: list[int] = field(default_factory=list)
    pages: int = 0
    wrong: list[str] = field(default_factory=list)
    interrupted: list[tuple[float, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Visitor(Browser):
    """Somebody with one or several addresses to try, who notes what an outage did to them."""

    def __init__(self, ports: tuple[int, ...], told: Told, begun: float) -> None:
        self.ports, self.told, self.begun = list(ports), told, begun
        super().__init__(random.choice(self.ports))

    def tried(self, method: str, path: str, body: str | bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        """The answer, 0 where there was none; what a proxy without a server says counts as none."""
        begun = time.perf_counter()
        try:
            status, content = self.ask(method, path, body, kind)
        except TROUBLE as trouble:
            self.connection.close()
            self.connection = http.client.HTTPConnection("127.0.0.1", random.choice(self.ports), timeout=30)
            self._interrupted(f"{method} {type(trouble).__name__}")
            return 0, b""
        self.told.waits.append(time.perf_counter() - begun)
        if status in (502, 503, 504):
            self._interrupted(f"{method} {status}")
            return 0, content
        return status, content

    def ask(self, method: str, path: str, body: str | bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        if not kind:
            return super().ask(method, path, body)  # type: ignore[arg-type]
        headers = {"Cookie": self.cookie, "Content-Type": kind, "User-Agent": "bench"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.cookie = with_cookies(self.cookie, answer)
        return answer.status, content

    def patiently(self, path: str) -> bytes:
        """A page, however long it takes."""
        for _time in range(200):
            status, content = self.tried("GET", path)
            if status == 200:
                return content
            if status:
                self.told.wrong.append(f"GET {re.sub('[0-9]+', 'N', path)} {status}")
                return b""
            time.sleep(0.3)
        raise RuntimeError(f"{path} never answered")

    def form_token(self, path: str) -> str:
        found = TOKEN.search(self.patiently(path).decode("utf-8", "replace"))
        return found[1] if found else ""

    def _interrupted(self, what: str) -> None:
        self.told.interrupted.append((round(time.perf_counter() - self.begun, 1), what))


# What they do, once


def capture(visitor: Visitor, clinic: str, number: int) -> None:
    """Write down an idea; without an answer the same form is sent again, as a browser does."""
    path, title = f"/ideas/new?clinic={clinic}", f"Idea {uuid.uuid4().hex[:12]} of {number}"
    said = {
        "csrf_token": visitor.form_token(path),
        "form_key": str(uuid.uuid4()),
        "title": title,
        "problem": "Children do not read for meaning.",
        "summary": "Matric leavers read with children after school.",
        "owner_name": "Demo owner",
        "owner_email": f"{uuid.uuid4().hex[:8]}@gatehouse.example",
        "consents": "contact",
    }
    for _time in range(60):
        status, _content = visitor.tried("POST", path, urlencode(said))
        if status == 302:
            visitor.told.ideas.append(title)
            return
        if status:
            visitor.told.wrong.append(f"POST capture {status}")
            return
        time.sleep(0.3)


def send_file(visitor: Visitor, reference: str, number: int) -> None:
    """Send a file, and read it back; without an answer it is given up, and looked for in the end."""
    page, name = f"/ideas/{reference}", f"{uuid.uuid4().hex}.txt"
    content = f"{number} {name}\n".encode() * random.randint(10, 4000)
    border = uuid.uuid4().hex
    token = visitor.form_token(page)
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode(),
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
        b"Content-Type: text/plain\r\n\r\n" + content + f"\r\n--{border}--\r\n".encode(),
    ]
    status, _text = visitor.tried("POST", f"{page}/files", b"".join(parts), f"multipart/form-data; boundary={border}")
    if status == 302:
        visitor.told.files[name] = hashlib.sha256(content).hexdigest()
        listed = visitor.patiently(f"{page}/deliverables").decode()
        number_of = re.search(rf'href="({page}/files/\d+)"[^>]*>[^<]*{name}', listed)
        if number_of and visitor.patiently(number_of[1]) != content:
            visitor.told.wrong.append("a file came back changed")
    elif status:
        visitor.told.wrong.append(f"POST file {status}")


def score(visitor: Visitor, review: int, form: dict[str, str]) -> None:
    """Submit a scorecard."""
    path = f"/reviews/{review}/scorecard"
    status, _text = visitor.tried("POST", path, urlencode(form | {"csrf_token": visitor.form_token(path)}))
    if status == 302:
        visitor.told.scores.append(review)
    elif status:
        visitor.told.wrong.append(f"POST scorecard {status}")


def read(visitor: Visitor, paths: list[str]) -> None:
    visitor.patiently(random.choice(paths))
    visitor.told.pages += 1
