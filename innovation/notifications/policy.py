"""Who may read an inbox, and the post that left."""

from __future__ import annotations

from innovation.accounts.policy import ADMINISTRATOR, THEMSELVES
from innovation.permission import SIGNED_IN, allow

may_read_inbox = allow(SIGNED_IN)
may_mark_notice = allow(THEMSELVES)
may_see_mail = allow(ADMINISTRATOR)
may_send_again = allow(ADMINISTRATOR)
