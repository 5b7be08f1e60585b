"""Who may read and change the register of places."""

from __future__ import annotations

from innovation.accounts.policy import ADMINISTRATOR, COORDINATOR, FACILITATOR, MANAGER
from innovation.permission import SIGNED_IN, allow

may_find_school = allow(SIGNED_IN)
may_list_schools = allow(ADMINISTRATOR, MANAGER, COORDINATOR, FACILITATOR)
may_import_schools = allow(ADMINISTRATOR)
may_map_schools = allow(ADMINISTRATOR, MANAGER)
may_keep_terms = allow(ADMINISTRATOR, MANAGER)
