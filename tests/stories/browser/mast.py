"""The mast through which a device reaches the site: it can be down, and lose a request or an answer on its way."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 20
LATE, PIECE = 0.4, 500
LOOKING = 0.02
DELIVERIES = (b"POST /capture/ideas", b"POST /visits/sent")


class Mast:
    """Carries requests to a port of this machine, one for each connection.

    ``lose`` says what happens to the next delivery: "request" never reaches the site, "answer" never comes
    back. ``lost`` counts what was lost. While the mast ``holds``, no delivery gets on. ``carried`` counts the bytes of
    all answers; with a ``rate`` they come at that many bytes a second in all, and ``LATE`` seconds after they were
    asked for.
    """

    def __init__(self, port: int) -> None:
        self.to = port
        self.up = True
        self.lose = ""
        self.lost = 0
        self.holds = False
        self.rate = 0
        self.carried = 0
        self._line = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        while True:
            try:
                connection, _from = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(connection,), daemon=True).start()

    def _carry(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(PATIENCE)
            try:
                asked = _read_request(connection)
                if not asked or not self.up:
                    return
                loses = ""
                if asked.startswith(DELIVERIES):
                    loses = self.lose
                    while self.holds:
                        time.sleep(LOOKING)
                if loses == "request":
                    self._lose()
                    return
                answer = self._ask(asked)
                if loses == "answer":
                    self._lose()
                elif self.up:
                    self._send(connection, answer)
            except OSError:
                return

    def _send(self, connection: socket.socket, answer: bytes) -> None:
        if self.rate:
            time.sleep(LATE)
        for at in range(0, len(answer), PIECE):
            piece = answer[at : at + PIECE]
            with self._line:
                self.carried += len(piece)
                time.sleep(len(piece) / self.rate if self.rate else 0)
                connection.sendall(piece)

    def _lose(self) -> None:
        self.lose, self.lost = "", self.lost + 1

    def _ask(self, asked: bytes) -> bytes:
        head, _gap, body = asked.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.to), PATIENCE) as site:
            site.sendall(b"\r\n".join([*lines, b"Connection: close", b"", body]))
            return b"".join(iter(lambda: site.recv(65536), b""))


def _read_request(connection: socket.socket) -> bytes:
    """A whole request, as its length says."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(65536)
        if not piece:
            return b""
        got += piece
    head, _gap, body = got.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def masts(port: int, many: int) -> Iterator[list[Mast]]:
    """Several, until the test is over."""
    made = [Mast(port) for _n in range(many)]
    try:
        yield made
    finally:
        for mast in made:
            mast.listener.close()
