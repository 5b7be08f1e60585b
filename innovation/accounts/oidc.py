"""OpenID Connect: the code flow with PKCE and a nonce, towards the provider of the settings and nobody else.

Needs the extra ``oidc``; what may be asked without it stands in ``provider``.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException

from innovation.accounts.provider import Errand, NotGenuine, ProviderAway, Told, is_safe
from innovation.config import Settings

WELL_KNOWN = "/.well-known/openid-configuration"
# Signatures that only the provider can make: no shared secrets, and never "none".
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
MOST_BYTES = 500_000
KNOWN_FOR = 600.0  # seconds for which the provider's own description is believed
LEEWAY = 60  # seconds by which clocks may differ
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class _Line(HTTPAdapter):
    """Reaches the provider's hosts and no other, and gives up in time, however slowly an answer drips."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.hosts = {urlsplit(settings.oidc_issuer).netloc.lower(), *(host.lower() for host in settings.oidc_hosts)}
        self.seconds = settings.oidc_timeout

    def send(self, request: PreparedRequest, *_more: Any, **options: Any) -> Response:
        parts = urlsplit(request.url or "")
        if not is_safe(parts) or parts.netloc.lower() not in self.hosts:
            raise ProviderAway(f"{parts.netloc} is not a host of the provider; see GATEHOUSE_OIDC_HOSTS")
        ends = time.monotonic() + self.seconds
        response = super().send(request, **(options | {"stream": True, "timeout": self.seconds}))
        body = bytearray()
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > MOST_BYTES or time.monotonic() > ends:
                response.close()
                raise ProviderAway("the answer is too long, or comes too slowly")
        response._content, response._content_consumed = bytes(body), True
        return response


def _session(settings: Settings, **more: Any) -> Any:
    session = OAuth2Session(settings.oidc_client_id, settings.oidc_client_secret.get_secret_value() or None, **more)
    session.max_redirects = 0
    session.trust_env = False  # no proxy and no password file of the machine changes where this goes
    session.verify = os.environ.get("SSL_CERT_FILE") or True
    session.adapters.clear()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Line(settings))
    return session


def _fetch(session: Any, address: str, **more: Any) -> dict[str, Any]:
    try:
        answer = session.get(address, **({"withhold_token": True} | more))
        found = answer.json() if answer.status_code == 200 else None
    except (RequestException, OSError, ValueError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderAway(f"{urlsplit(address).path}: {answer.status_code}")
    return found


def describe(settings: Settings) -> dict[str, Any]:
    """What the provider says of itself, at most ten minutes old."""
    known: tuple[float, dict[str, Any]] | None = current_app.extensions.get("provider")
    if known and time.monotonic() - known[0] < KNOWN_FOR and known[1]["issuer"] == settings.oidc_issuer:
        return known[1]
    found = _fetch(_session(settings), settings.oidc_issuer.rstrip("/") + WELL_KNOWN)
    if found.get("issuer") != settings.oidc_issuer:
        raise ProviderAway("it describes another issuer than the one in GATEHOUSE_OIDC_ISSUER")
    if not all(isinstance(found.get(name), str) and is_safe(urlsplit(found[name])) for name in ENDPOINTS):
        raise ProviderAway("its description lacks an address, or has one without TLS")
    current_app.extensions["provider"] = (time.monotonic(), found)
    return found


def address_of(errand: Errand, back: str, *, freshly: bool) -> str:
    """Where to send the browser; ``freshly``, the provider is to ask for its password again."""
    settings: Settings = current_app.config["SETTINGS"]
    endpoint = describe(settings)["authorization_endpoint"]
    session = _session(settings, scope=" ".join(settings.oidc_scopes), code_challenge_method="S256")
    more = {"prompt": "login", "max_age": "0"} if freshly else {}
    address, _state = session.create_authorization_url(
        endpoint, state=errand.state, nonce=errand.nonce, code_verifier=errand.verifier, redirect_uri=back, **more
    )
    return str(address)


def redeem(errand: Errand, answer: Mapping[str, str], back: str) -> Told:
    """Who came back, once every part of the answer has been checked."""
    settings: Settings = current_app.config["SETTINGS"]
    described = describe(settings)
    _require_ours(errand, answer, described)
    token = _exchange(settings, described, errand, answer["code"], back)
    claims = _claims(settings, described, errand, token)
    if "email" not in claims and isinstance(described.get("userinfo_endpoint"), str):
        claims |= _about(settings, described["userinfo_endpoint"], token, claims["sub"])
    return Told.of(settings.oidc_issuer, claims)


def _require_ours(errand: Errand, answer: Mapping[str, str], described: dict[str, Any]) -> None:
    if not hmac.compare_digest(answer.get("state", "").encode(), errand.state.encode()):
        raise NotGenuine("state")
    told = answer.get("iss")
    if told != described["issuer"] and (
        told is not None or described.get("authorization_response_iss_parameter_supported") is True
    ):
        raise NotGenuine("iss")
    if not answer.get("code"):
        raise NotGenuine("code")


def _exchange(settings: Settings, described: dict[str, Any], errand: Errand, code: str, back: str) -> dict[str, Any]:
    supported = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"
    if not settings.oidc_client_secret.get_secret_value():
        method = "none"
    session = _session(settings, token_endpoint_auth_method=method)
    try:
        found = session.fetch_token(
            described["token_endpoint"], code=code, redirect_uri=back, code_verifier=errand.verifier
        )
    except AuthlibBaseError as error:
        raise NotGenuine("code") from error
    except (RequestException, OSError, ValueError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not isinstance(found, dict) or not isinstance(found.get("id_token"), str):
        raise NotGenuine("id_token")
    return found


def _claims(settings: Settings, described: dict[str, Any], errand: Errand, token: dict[str, Any]) -> dict[str, Any]:
    """What the signed token says. The keys are fetched each time, so that new ones count at once."""
    keys = _fetch(_session(settings), described["jwks_uri"])
    options = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
    }
    params = {
        "nonce": errand.nonce,
        "client_id": settings.oidc_client_id,
        "access_token": token.get("access_token"),
    }
    try:
        registry = JWSRegistry(algorithms=SIGNED_BY, strict_check_header=False)
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
        claims = CodeIDToken(signed.claims, signed.header, options, params)
        claims.validate(leeway=LEEWAY)
    except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        raise NotGenuine(type(error).__name__) from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise NotGenuine("sub")
    return dict(claims)


def _about(settings: Settings, address: str, token: dict[str, Any], subject: str) -> dict[str, Any]:
    """E-mail claims of providers that keep them out of the token; only of the very same person."""
    session = _session(settings, token=token)
    try:
        found = _fetch(session, address, withhold_token=False)
    except AuthlibBaseError as error:
        raise NotGenuine("userinfo") from error
    if found.get("sub") != subject:
        raise NotGenuine("sub")
    return {name: found[name] for name in ("email", "email_verified") if name in found}
