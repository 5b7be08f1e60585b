"""A small load: some threads that ask for one page over and over, each on a connection of its own."""

from __future__ import annotations

import gzip
import http.client
import itertools
import re
import threading
import time
from statistics import quantiles
from urllib.parse import urlencode

AT_MOST = 20_000
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HEADERS = {"Accept-Encoding": "gzip", "User-Agent": "bench"}


class Browser:
    """Somebody who signs in and reads pages."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = cookie
        self.location = ""

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = HEADERS | ({"Cookie": self.cookie} if self.cookie else {})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._answer(method, path, body, headers)
        content = answer.read()
        self.cookie = with_cookies(self.cookie, answer)
        self.location = answer.getheader("Location") or ""
        packed = answer.getheader("Content-Encoding") == "gzip"
        return answer.status, gzip.decompress(content) if packed else content

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """As browsers do, ask once more where the server has let an idle connection go."""
        was_open = self.connection.sock is not None
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not was_open:
                raise
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def read(self, path: str) -> str:
        status, content = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}")
        return content.decode()

    def token(self, path: str) -> tuple[str, str]:
        """The cookie, and the token that forms need with it, as a page has it."""
        found = TOKEN.search(self.read(path)).group(1)
        return self.cookie, found

    def sign_in(self, email: str, password: str) -> Browser:
        _cookie, token = self.token("/sign-in")
        said = {"csrf_token": token, "email": email, "password": password}
        status, _content = self.ask("POST", "/sign-in", urlencode(said))
        if status != 302:
            raise RuntimeError(f"{email} could not sign in: {status}")
        self.read("/account")  # a redirect alone would be the way back to the sign-in, too
        return self


def with_cookies(held: str, answer: http.client.HTTPResponse) -> str:
    """The cookies that a browser holds after an answer, as it sends them."""
    given = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or ()]
    pairs = dict(pair.split("=", 1) for pair in [*filter(None, held.split("; ")), *given])
    return "; ".join(f"{name}={value}" for name, value in pairs.items())


def fire(
    port: int, path: str, cookie: str, *, concurrency: int, seconds: float, anew: bool = False
) -> dict[str, float]:
    """Requests per second, and milliseconds at the median and at 95 of 100; ``anew`` asks no address twice."""
    numbers = itertools.count()
    took: list[float] = []
    errors: list[int] = []
    until = time.perf_counter() + seconds

    def go() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < until and len(took) < AT_MOST:
            begun = time.perf_counter()
            asked = f"{path}{'&' if '?' in path else '?'}n={next(numbers)}" if anew else path
            connection.request("GET", asked, headers=HEADERS | {"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun)
            if answer.status != 200:
                errors.append(answer.status)

    begun = time.perf_counter()
    threads = [threading.Thread(target=go) for _n in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begun
    cuts = quantiles(took, n=20) if len(took) > 1 else [took[0]] * 19
    return {
        "answers": len(took),
        "per_second": round(len(took) / whole, 1),
        "p50_ms": round(cuts[9] * 1000, 1),
        "p95_ms": round(cuts[18] * 1000, 1),
        "errors": len(errors),
    }
