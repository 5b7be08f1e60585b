"""Who may see a long job, and stop it: whoever asked for it, and nobody else."""

from __future__ import annotations

from innovation.accounts.policy import THEMSELVES
from innovation.permission import SIGNED_IN, allow

may_list_jobs = allow(SIGNED_IN)  # each sees their own
may_ask_job = allow(SIGNED_IN)  # what it does is asked again for each thing, as the person, when it is done
may_see_job = allow(THEMSELVES)
may_stop_job = allow(THEMSELVES)
