"""The inbox, and the post as its administrators see it."""

from __future__ import annotations

import email
import email.policy
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.notifications import commands, mailer, queries
from innovation.notifications.models import Message
from innovation.notifications.views.blueprint import bp
from innovation.web import me, safe_next
from workflows import Refused


@bp.get("/inbox")
def inbox() -> Any:
    unread = request.args.get("show") == "unread"
    state = ListState.read((), "")
    notices = state.on(queries.list_notices(me(), unread=unread, page=state.number))
    return render_template("notifications/inbox.html", notices=notices, unread_only=unread)


@bp.post("/inbox/read")
def read_all() -> Any:
    commands.mark_all_read(me())
    flash(_("Everything in your inbox is marked as read."))
    return redirect(url_for(".inbox"))


@bp.post("/inbox/<int:notice_id>")
def read_notice(notice_id: int) -> Any:
    """Mark it read and go where it leads."""
    notice = commands.mark_read(me(), queries.find_notice(me(), notice_id))
    return redirect(safe_next(notice.link) or url_for(".inbox"))


@bp.get("/mail")
def mail() -> Any:
    shown = request.args.get("state", "")
    state = ListState.read((), "")
    messages = state.on(queries.list_messages(me(), state=shown, page=state.number))
    return render_template("notifications/mail.html", messages=messages, state=shown)


@bp.get("/mail/<int:message_id>")
def message(message_id: int) -> Any:
    found = queries.find_message(me(), message_id)
    return render_template("notifications/message.html", message=found, text=_text_of(found))


@bp.post("/mail/<int:message_id>/repeat")
def send_again(message_id: int) -> Any:
    found = queries.find_message(me(), message_id)
    try:
        commands.send_again(me(), found)
        flash(_("The message is on its way again."))
    except Refused as refused:
        flash(" ".join(_(reason) for reason in refused.reasons), "warning")
    return redirect(url_for(".message", message_id=message_id))


def _text_of(found: Message) -> str | None:
    """The text as it lies in the folder, or waits for it; None where a mail server carries it to its reader alone.

    One-time links stand in these texts: who reads somebody else's can sign in as them.
    """
    settings = current_app.config["SETTINGS"]
    if settings.smtp_host:
        return None
    path = mailer.file_of(found.id, settings.mail_folder)
    if found.text or not path.exists():
        return found.text
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
