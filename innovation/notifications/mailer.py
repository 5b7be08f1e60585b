"""Sending the post: by SMTP, or into instance/mail where no server is named."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.policy
import hashlib
import os
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import structlog
from flask import current_app

from innovation import lease
from innovation.command import transaction
from innovation.config import Settings
from innovation.db import UTCDateTime, db, now
from innovation.notifications import searching
from innovation.notifications.models import Message

logger = structlog.get_logger()
AWAY = dt.timedelta(minutes=1)  # what is due waits so long for a server in trouble before another message asks it
MOST_PUT_OFF = 5000  # messages at once
LONGEST_ROUND = 10.0  # seconds; where a server takes its time, reactions, the record and the clock have theirs after it
LONGEST_REFUSED = dt.timedelta(days=5)  # as mail servers do with one another
TO_EVERYBODY = (421, 530)  # the server ends the conversation, or wants us to sign in first, whatever was asked
TAKEN = 250
MOST_WAITS = 5  # times what one answer may take, for all of a visit to the server
LONGEST_VISIT = lease.LEASE.total_seconds() - 10  # in seconds: after that another worker has the message
OF_ONE_MESSAGE = (smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)
NOTHING_LEFT = "What this message told of may not be told any more, or nobody wants to hear of it."
NO_ADDRESS = "This is not a plain address, so nobody was written to. Correct it where it stands."
REMOVED = "This message was handed over to the mail server; its text was then removed here."
PERHAPS_SENT = "The mail server may have taken this message: it stopped before it answered. It is not sent twice."
OWED = sa.and_(Message.sent_at.is_(None), Message.given_up_at.is_(None))


class Unknown(Exception):
    """The server may have taken this message or not: it ended, or we did, before it answered."""


class Refusal(Exception):
    """The server will never take this message."""


def send_owed(limit: int = 50) -> int:
    """Send what is due; how many messages left.

    A server in trouble ends the round, and nothing is given up for it: the rest of what is due is put off.
    """
    settings: Settings = current_app.config["SETTINGS"]
    sent, until = 0, time.monotonic() + LONGEST_ROUND
    for message_id in lease.owed(Message, OWED, limit):
        try:
            sent += send(message_id, settings)
        except OSError as error:
            _put_off(error)
            break
        if time.monotonic() > until:
            break
    return sent


def _put_off(error: OSError) -> None:
    """Let what is due wait for the server with the error of the message that has asked it: it has been taken up.

    Never for as long as that message, which may be the trouble itself: the next to ask is another one.
    """
    due = sa.select(Message.id).where(OWED, Message.next_at <= now()).order_by(Message.next_at, Message.id)
    some = due.limit(MOST_PUT_OFF).with_for_update(skip_locked=True)
    with transaction():
        db.session.execute(
            sa.update(Message)
            .where(Message.id.in_(some), Message.handing_over_at.is_(None))
            .values(next_at=now() + AWAY, error=_told(error), refused_at=_begin_anew())
            .execution_options(synchronize_session=False)
        )


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def send(message_id: int, settings: Settings) -> bool:
    """Send one message and mark it sent; a failure keeps it owed, with its error."""
    attempt = lease.take(Message, message_id, OWED)
    if attempt is None:
        return False
    try:
        with transaction():
            message = db.session.get_one(Message, message_id)
            if message.handing_over_at is not None:  # whoever had it ended in the middle of that
                raise Unknown
            holds = not searching.is_of_search(message) or searching.renew(message)
            letter = compose(message, settings)
        if not holds:
            raise Refusal(NOTHING_LEFT)
        if settings.smtp_host:
            _by_smtp(letter, settings, lambda: _hand_over(message_id, attempt))
        else:
            _into_folder(letter, message_id, settings.mail_folder)
    except Refusal as refused:
        lease.give_back(Message, message_id, attempt, str(refused), given_up_at=now(), handing_over_at=None)
        return False
    except Unknown:
        lease.give_back(Message, message_id, attempt, PERHAPS_SENT, given_up_at=now())
        logger.warning("message_perhaps_sent", message=message_id, attempt=attempt)
        return False
    except Exception as error:
        # A fault of ours is neither: it is told as late until it is mended.
        is_refused = isinstance(error, OF_ONE_MESSAGE)
        in_trouble = isinstance(error, OSError) and not is_refused
        since = {"refused_at": _begin_anew()} if in_trouble else _refused() if is_refused else {}
        lease.give_back(Message, message_id, attempt, _told(error), handing_over_at=None, **since)
        logger.warning("message_not_sent", message=message_id, attempt=attempt, error=type(error).__name__)
        if in_trouble:
            raise
        return False
    handed_over = {"text": REMOVED, "html": "", "calendar": "", "unsubscribe": ""} if settings.smtp_host else {}
    with transaction():
        return lease.finish(Message, message_id, attempt, OWED, sent_at=now(), **handed_over)


def _begin_anew() -> Any:
    """Days in which the server is away are none in which it refuses a message."""
    return sa.case((Message.refused_at.is_not(None), sa.literal(now(), UTCDateTime())))


def _refused() -> dict[str, Any]:
    """Since when a message is not taken though the server is there: after days of it, it is given up."""
    this_moment = sa.literal(now(), UTCDateTime())
    is_long_ago = Message.refused_at <= now() - LONGEST_REFUSED
    since = sa.func.coalesce(Message.refused_at, this_moment)
    return {"refused_at": since, "given_up_at": sa.case((is_long_ago, this_moment))}


def compose(message: Message, settings: Settings) -> EmailMessage:
    """The message as it travels; its Message-ID follows from the row, so that a repeat can be recognised."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    token = hashlib.sha256(f"{message.id} {message.why} {message.made_at.isoformat()}".encode()).hexdigest()[:16]
    letter = EmailMessage(policy=email.policy.SMTP)
    letter["From"] = settings.mail_from
    letter["To"] = _plain(message.to_address)
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(message.made_at)
    letter["Message-ID"] = f"<{message.id}.{token}@{host}>"
    letter["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:  # RFC 8058: programs end mails with one request, and only with a POST
        letter["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(message.text)
    if message.html:
        letter.add_alternative(message.html, subtype="html")
    if message.calendar:
        _attach(letter, message.calendar)
    return letter


def _plain(address: str) -> str:
    """The address with its domain in ASCII, which every server takes; never one that a mail reads as another one.

    A code such as =?utf-8?q?...?= (RFC 2047) is of allowed signs, and stands for any sign, line feeds among them.
    """
    if "=?" in address or getaddresses([address]) != [("", address)]:
        raise Refusal(NO_ADDRESS)
    name, _at, domain = address.rpartition("@")
    with contextlib.suppress(UnicodeError):
        return f"{name}@{domain.encode('idna').decode()}"
    return address


def _attach(letter: EmailMessage, calendar: str) -> None:
    """An invitation, its change or its end, as a part that calendars act on."""
    method = "CANCEL" if "METHOD:CANCEL" in calendar.splitlines() else "REQUEST"
    letter.add_attachment(calendar, subtype="calendar", filename="meeting.ics", params={"method": method})


def _hand_over(message_id: int, attempt: int) -> None:
    """Note that the message is about to leave; ``Unknown`` where another worker has it by now."""
    with transaction():
        mine = db.session.scalar(
            sa.update(Message)
            .where(Message.id == message_id, Message.attempts == attempt, OWED, Message.handing_over_at.is_(None))
            .values(handing_over_at=now(), next_at=now() + lease.LEASE)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
    if mine is None:
        raise Unknown


class Connection(smtplib.SMTP):
    """Says when a message is about to be out of our hands, and when nobody knows whether it is.

    It ends after a while whatever the server does: one that answers letter by letter would keep us for as long.
    """

    content_is_next = False
    handed_over = False

    def __init__(self, settings: Settings, wait: float, before: Callable[[], None]) -> None:
        self.before = before
        self._end = Timer(min(MOST_WAITS * wait, LONGEST_VISIT), self._hang_up)
        self._end.daemon = True
        self._end.start()
        try:
            super().__init__(settings.smtp_host, settings.smtp_port, timeout=wait)
        except BaseException:
            self._end.cancel()
            raise

    def _hang_up(self) -> None:
        if self.sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # beneath TLS, which another thread reads

    def close(self) -> None:
        self._end.cancel()
        super().close()

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            code, answer = super().data(msg)
        except smtplib.SMTPDataError:
            raise  # it has answered: it does not take the message
        except BaseException as error:
            self.close()  # in the middle of a message there is no goodbye
            if self.handed_over and isinstance(error, OSError):
                raise Unknown from error
            raise
        finally:
            self.content_is_next = False
        if code // 100 not in (2, 4, 5):  # the first digit says it (RFC 5321, 4.2.1)
            self.close()
            raise Unknown
        return (TAKEN, answer) if code < 300 else (code, answer)

    def putcmd(self, cmd: str, args: str = "") -> None:
        super().putcmd(cmd, args)
        self.content_is_next = cmd == "data"

    def send(self, s: Any) -> None:
        if self.content_is_next:
            self.content_is_next, self.handed_over = False, True
            self.before()
        super().send(s)


def reach(settings: Settings, wait: float, before: Callable[[], None] = lambda: None) -> Connection:
    """The mail server, which has taken our name; ``OSError`` where it does not, or is silent for ``wait`` seconds."""
    server = Connection(settings, wait, before)
    try:
        if settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_username:
            server.login(settings.smtp_username, settings.smtp_password.get_secret_value())
    except BaseException:
        _take_leave(server)
        raise
    return server


def _by_smtp(letter: EmailMessage, settings: Settings, before: Callable[[], None]) -> None:
    try:
        server = reach(settings, settings.smtp_timeout, before)
    except smtplib.SMTPNotSupportedError as lacks:  # encryption or signing in: it refuses everybody, no message
        raise smtplib.SMTPException(str(lacks)) from lacks
    try:
        server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        _judge(code, f"The mail server refuses this address: {answer!r}", refused)
        raise
    except smtplib.SMTPDataError as refused:
        _judge(refused.smtp_code, f"The mail server refuses this message: {refused.smtp_error!r}", refused)
        raise
    finally:
        _take_leave(server)


def _judge(code: int, reason: str, refused: smtplib.SMTPException) -> None:
    """Let a no to this message stand, unless it is for ever, or the server says it to everybody."""
    if code in TO_EVERYBODY:
        raise smtplib.SMTPServerDisconnected(reason) from refused
    if code >= 500:
        raise Refusal(reason) from refused


def _take_leave(server: smtplib.SMTP) -> None:
    """End the connection; what goes wrong now changes nothing about a message that the server has taken."""
    try:
        server.quit()
    except OSError:
        server.close()


def _into_folder(letter: EmailMessage, message_id: int, folder: Path) -> None:
    """One file a message, named after its row: written anew, never doubled; readable by the owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f".{message_id}.{os.getpid()}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(letter.as_bytes())
    os.replace(unfinished, file_of(message_id, folder))


def file_of(message_id: int, folder: Path) -> Path:
    return folder / f"{message_id:06}.eml"
