"""Who may see the figures of programmes."""

from __future__ import annotations

from innovation.accounts.policy import coordinates_something, manages_something
from innovation.permission import allow

may_see_reach = allow(manages_something, coordinates_something)
