"""The browsers from which somebody has signed in before: others who guess from the same place cannot keep them out.

Setting a new password by a mailed link makes a browser known as well.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any, Self

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from innovation.accounts.models import Account
from innovation.accounts.throttling import Limit, is_reached, key_of, network
from innovation.sessions import keep_cookie, own_cookie
from innovation.values import dataclass

NAME = "known"
MOST = 8  # people who share a browser
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class KnownBrowser:
    """What a browser was named when somebody first signed in there, and digests of who has since."""

    name: str = ""
    people: tuple[str, ...] = ()

    @classmethod
    def here(cls) -> Self:
        """As the cookie of this request has it; a browser of nobody for any other cookie."""
        try:
            kept = _serializer().loads(request.cookies.get(own_cookie(NAME), ""))
        except BadData:
            return cls()
        return cls(str(kept[0]), tuple(kept[1]))

    def knows(self, account: Account) -> bool:
        """Has somebody signed in to it from here since its password was set?"""
        return bool(self.name) and self._digest(account) in self.people

    def own_limits(self, account: Account, limit: Limit) -> tuple[Limit, ...]:
        """The limit of this browser, which counts alone where it knows the account. None once it is reached: whoever
        has taken the cookie keeps its owner out no more than others do.
        """
        return (limit,) if self.knows(account) and not is_reached(limit) else ()

    def limit(self, what: str, address: str, *, most: int, minutes: int) -> Limit:
        """At most so many tries where nobody is named: by this browser once somebody has signed in there, else by
        address. So nobody else behind the address keeps it out; nor does whoever has taken its cookie, for once the
        limit of the browser is reached, it counts like any other.
        """
        own = Limit(key_of(what, "browser", self.name), most, minutes)
        if self.name and not is_reached(own):
            return own
        return Limit(key_of(what, network(address)), most, minutes)

    def _digest(self, account: Account) -> str:
        told = f"{account.person_id}|{account.password_hash}"
        return hmac.new(self.name.encode(), told.encode(), "sha256").hexdigest()[:16]

    def keep(self, account: Account) -> None:
        """Let the browser of this request know from now on that it was this person who sat there."""
        named = self if self.name else type(self)(secrets.token_urlsafe(12))
        mine = named._digest(account)
        people = (mine, *(other for other in named.people if other != mine))[:MOST]
        value = _serializer().dumps([named.name, people])

        @after_this_request
        def _set(response: Response) -> Response:
            keep_cookie(response, NAME, value, A_YEAR)
            return response


STRANGE = KnownBrowser()


def _serializer() -> URLSafeSerializer:
    config: Any = current_app.config
    return URLSafeSerializer([*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]], salt="known browser")
