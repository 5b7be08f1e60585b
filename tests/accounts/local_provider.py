"""A provider on this machine: it signs whoever it is told to sign, over real HTTP, and can be told to cheat."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "gatehouse", "the secret of gatehouse"


class Provider:
    """What the tests set: ``person`` is who is signed in there, the rest is how it behaves."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.person: dict[str, Any] = {"sub": "person-1", "email": "teacher@gatehouse.example", "email_verified": True}
        self.told: dict[str, Any] = {}  # claims that are told instead of the right ones
        self.described: dict[str, Any] = {}  # and parts of its description
        self.back: dict[str, str] = {}  # and of the answer that the browser brings back
        self.about: dict[str, Any] | None = None  # what only the address for details tells
        self.header: dict[str, str] = {}
        self.drip = 0.0
        self.elsewhere = ""
        self.signing = self.published = ECKey.generate_key("P-256", {"kid": "one"})
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def change_key(self) -> None:
        self.signing = self.published = ECKey.generate_key("P-256", {"kid": "two"})

    def description(self) -> dict[str, Any]:
        places = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token", "userinfo")}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **places, **self.described}

    def authorise(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], **self.back})}"

    def exchange(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self.codes.pop(sent.get("code", ""), None)
        verified = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or verified.rstrip(b"=").decode() != asked["code_challenge"] or known not in authorization:
            return None
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
            **({"auth_time": int(time.time())} if "max_age" in asked else {}),
            **self.person,
            **self.told,
        }
        return {"access_token": "for details", "token_type": "Bearer", "id_token": self.sign(claims)}

    def sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "ES256", "kid": self.signing.kid, **self.header}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        key: Any = self.signing if header["alg"] == "ES256" else OctKey.import_key(SECRET)
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        at, provider = urlsplit(self.path), self.provider
        provider.asked.append(at.path)
        asked = {name: values[0] for name, values in parse_qs(at.query).items()}
        if provider.elsewhere and at.path != "/authorization":
            self._answer(302, {}, Location=provider.elsewhere)
        elif at.path == "/authorization":
            self._answer(302, {}, Location=provider.authorise(asked))
        elif at.path == "/keys":
            self._answer(200, {"keys": [provider.published.as_dict(private=False)]})
        elif at.path == "/userinfo" and self.headers["Authorization"] == "Bearer for details":
            self._answer(200, provider.about or {})
        else:
            self._answer(200, provider.description())

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        found = self.provider.exchange(
            {name: values[0] for name, values in parse_qs(sent).items()}, self.headers["Authorization"] or ""
        )
        self._answer(200, found) if found else self._answer(400, {"error": "invalid_grant"})

    def _answer(self, status: int, content: dict[str, Any], **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        for sign in body if self.provider.drip else ():
            time.sleep(self.provider.drip)
            with suppress(OSError):
                self.wfile.write(bytes([sign]))
        if not self.provider.drip:
            self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
