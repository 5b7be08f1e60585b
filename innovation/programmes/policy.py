"""Who may make and change programmes."""

from __future__ import annotations

from innovation.accounts.policy import ADMINISTRATOR, MANAGER
from innovation.permission import SIGNED_IN, allow

may_see_workflow = allow(SIGNED_IN)
may_list_programmes = allow(ADMINISTRATOR, MANAGER)
may_make_programme = allow(ADMINISTRATOR)
may_change_programme = allow(ADMINISTRATOR, MANAGER)
may_publish_workflow = allow(ADMINISTRATOR)
may_choose_workflow = allow(ADMINISTRATOR, MANAGER)
