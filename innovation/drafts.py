"""One draft typed in several tabs: which tab wrote it last, and which others would write over it."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Versioned
from innovation.traces import fresh
from innovation.values import dataclass


class Typed(Versioned):
    """A draft that knows which tab wrote it last."""

    tab: Mapped[str] = mapped_column(sa.String(32), default="")

    @property
    def stamp(self) -> str:
        """This state of the draft, for a page that begins with it."""
        return f"{self.tab}.{self.version}"


def _new_key() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Tab:
    """A page in which somebody types: its own key, and the stamp of the draft that it began with."""

    key: str = ""
    began_with: str = ""

    @classmethod
    def on(cls, draft: Typed | None) -> Tab:
        """A new page that shows the draft."""
        return cls(fresh(_new_key), draft.stamp if draft else "")

    @classmethod
    def of(cls, key: str, began_with: str) -> Tab:
        """The page as it was sent back; a key that nobody gave out is cut to what a column holds."""
        return cls(key[:32], began_with)

    def goes_on_from(self, draft: Typed) -> bool:
        """True when the draft is this tab's own, or the one that it began with: nothing is written over."""
        return draft.tab == self.key or draft.stamp == self.began_with
