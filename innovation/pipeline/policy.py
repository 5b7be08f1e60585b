"""Who may see the pages that join areas."""

from __future__ import annotations

from innovation.accounts.policy import ADMINISTRATOR
from innovation.permission import SIGNED_IN, allow

may_see_pipeline = allow(SIGNED_IN)
may_see_own_work = allow(SIGNED_IN)
may_search_ideas = allow(SIGNED_IN)
may_see_log = allow(ADMINISTRATOR)
