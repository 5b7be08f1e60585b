"""Who may make and change programmes."""

from __future__ import annotations

from innovation.accounts.policy import ADMINISTRATOR, MANAGER
from innovation.permission import SIGNED_IN, allow

may_see_workflow = allow(SIGNED_IN)
may_list_programmes = allow(ADMINISTRATOR, MANAGER)
may_make_programme = allow(ADMINISTRATOR)
may_change_programme = allow(ADMINISTRATOR, MANAGER)
may_write_texts = allow(ADMINISTRATOR, MANAGER)  # what the programme says, in another language
may_publish_workflow = allow(ADMINISTRATOR)
may_choose_workflow = allow(ADMINISTRATOR, MANAGER)

# Writing a new version of a workflow, and comparing it with another one
may_draft_workflow = allow(ADMINISTRATOR, MANAGER)
may_edit_draft = allow(ADMINISTRATOR, MANAGER)
may_publish_draft = allow(ADMINISTRATOR, MANAGER)
