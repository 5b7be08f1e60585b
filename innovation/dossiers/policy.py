"""Who may take a dossier: whoever may see the idea, and each as they may see it."""

from __future__ import annotations

from innovation.accounts.policy import COORDINATOR, MANAGER
from innovation.ideas.policy import CONFLICTED
from innovation.meetings.policy import may_see_meeting
from innovation.permission import SIGNED_IN, allow

# The idea is found in the person's own sight first, and each part of the dossier asks its own policy.
may_take_dossier = allow(SIGNED_IN, unless=(CONFLICTED,))
may_take_dossiers = allow(SIGNED_IN)  # of many ideas: each is found and asked about again when its turn comes
may_take_meeting_dossier = may_see_meeting  # each as their own minutes tell it
may_take_meeting_chain = allow(COORDINATOR, MANAGER)  # it tells who voted when
