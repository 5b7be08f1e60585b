"""The post: through a real mail server or into a folder, once each, tried again after a failure."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask, current_app
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.events import list_events
from innovation.notifications import commands, mailer
from innovation.notifications.models import Message
from innovation.permission import Forbidden
from tests import make
from tests.notifications.post import Postbox, due_again, message
from workflows import Refused


def test_a_message_goes_through_the_mail_server_once(postbox: Postbox) -> None:
    found = message()

    sent = [mailer.send_owed(), mailer.send_owed()]

    [letter] = postbox.letters
    db.session.refresh(found)
    assert sent == [1, 0]
    assert (letter["To"], letter["Subject"]) == ("reader@gatehouse.example", "Choose a new password")
    assert letter["Message-ID"].startswith(f"<{found.id}.")
    assert found.sent_at is not None


def test_a_letter_has_a_plain_and_a_formatted_part(postbox: Postbox) -> None:
    message()

    mailer.send_owed()

    [letter] = postbox.letters
    assert [part.get_content_type() for part in letter.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_what_was_handed_over_is_not_kept_here(postbox: Postbox) -> None:
    found = message(text="A one-time link")

    mailer.send_owed()

    db.session.refresh(found)
    assert (found.text, found.html) == (mailer.REMOVED, "")


def test_a_passing_trouble_of_the_server_is_tried_again_later(postbox: Postbox) -> None:
    found = message()
    postbox.answers = ["450 Try again later"]

    first = mailer.send_owed()
    db.session.refresh(found)
    waiting = (found.sent_at, found.given_up_at, found.attempts, found.next_at > now(), bool(found.error))
    due_again(found)
    second = mailer.send_owed()

    assert (first, waiting, second, len(postbox.letters)) == (0, (None, None, 1, True, True), 1, 1)


def test_an_address_that_the_server_refuses_for_good_is_given_up(postbox: Postbox) -> None:
    found = message()
    postbox.answers = ["550 No such person"]

    mailer.send_owed()
    due_again(found)
    again = mailer.send_owed()

    assert (found.given_up_at is not None, again, postbox.letters) == (True, 0, [])


def test_a_server_that_does_not_answer_loses_nothing(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.changed(smtp_host="127.0.0.1", smtp_port=1, smtp_timeout=1.0)
    one, other = message(), message()

    sent = mailer.send_owed()

    db.session.refresh(one)
    db.session.refresh(other)
    assert (sent, one.attempts, other.attempts, one.sent_at) == (0, 1, 0, None)
    assert (one.error or "").startswith("ConnectionRefusedError")


@pytest.fixture
def drips() -> Iterator[int]:
    """The port of a mail server whose greeting never ends."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            with server.accept()[0] as guest, contextlib.suppress(OSError):
                while not over.wait(0.02):
                    guest.sendall(b"2")

        talking = threading.Thread(target=drip)
        talking.start()
        yield server.getsockname()[1]
        over.set()
        talking.join()


def test_a_server_that_answers_letter_by_letter_keeps_nobody_for_long(app: Flask, drips: int) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.changed(smtp_host="127.0.0.1", smtp_port=drips, smtp_timeout=0.1)
    waiting, began = message(), time.monotonic()

    sent = mailer.send_owed()

    db.session.refresh(waiting)
    assert (sent, waiting.attempts, waiting.sent_at, waiting.given_up_at) == (0, 1, None, None)
    assert time.monotonic() - began < 60  # the greeting would take three minutes


def test_a_server_that_thinks_long_over_each_message_keeps_the_other_work_for_one_round_only(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailer, "LONGEST_ROUND", 0.3)
    _owed, postbox.thinks_for = [message() for _n in range(8)], 0.2

    first, rest = mailer.send_owed(), 0
    for _round in range(8):
        rest += mailer.send_owed()

    assert (0 < first < 4, first + rest) == (True, 8)


def test_a_subject_cannot_smuggle_in_a_header(postbox: Postbox) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        mailer.compose(message(subject="Hello\r\nBcc: everybody@gatehouse.example"), current_app.config["SETTINGS"])


def test_a_message_that_cannot_be_written_holds_up_no_other(postbox: Postbox) -> None:
    broken, sound = message(subject="Hello\r\nBcc: everybody@gatehouse.example"), message()

    mailer.send_owed()

    db.session.refresh(broken)
    db.session.refresh(sound)
    assert (len(postbox.letters), sound.sent_at is not None) == (1, True)
    assert (broken.sent_at, (broken.error or "").split(":")[0]) == (None, "ValueError")


@pytest.mark.parametrize("name", ["=?utf-8?q?reader?=", "=?utf-8?q?a=0D=0ABcc=3A_reader?=", "reader,other"])
def test_an_address_that_spells_another_one_in_a_code_is_given_up_and_nobody_is_written_to(
    postbox: Postbox, name: str
) -> None:
    letter = message(to_address=f"{name}@gatehouse.example")

    mailer.send_owed()

    db.session.refresh(letter)
    assert (postbox.letters, letter.error, letter.given_up_at is not None) == ([], mailer.NO_ADDRESS, True)


def test_a_domain_beyond_ascii_is_written_as_every_mail_server_reads_it(postbox: Postbox) -> None:
    message(to_address="reader@bücher.example")

    mailer.send_owed()

    [letter] = postbox.letters
    assert letter["To"] == "reader@xn--bcher-kva.example"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_what_calendars_do_with_a_meeting_does_not_hang_on_what_it_is_called(app: Flask, method: str) -> None:
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nSUMMARY:METHOD:CANCEL or go on?\r\nEND:VCALENDAR\r\n"

    letter = mailer.compose(message(calendar=calendar), app.config["SETTINGS"])

    [invitation] = letter.iter_attachments()
    assert invitation["Content-Type"].params["method"] == method


def test_a_server_that_stumbles_over_its_goodbye_is_sent_nothing_twice(postbox: Postbox) -> None:
    found = message()
    postbox.goodbye = "421 Too busy to say goodbye"
    mailer.send_owed()
    due_again(found)

    mailer.send_owed()

    assert (len(postbox.letters), found.sent_at is not None) == (1, True)


def test_a_server_that_takes_a_message_and_dies_before_it_says_so_is_not_sent_it_again(postbox: Postbox) -> None:
    postbox.dies_after_taking = True
    letter = message()

    mailer.send_owed()
    with time_machine.travel(now() + dt.timedelta(hours=12)):
        mailer.send_owed()

    db.session.refresh(letter)
    assert len(postbox.letters) == 1
    assert (letter.sent_at, letter.given_up_at is not None, letter.error) == (None, True, mailer.PERHAPS_SENT)


def test_a_worker_that_was_killed_while_it_handed_over_sends_nothing_twice(postbox: Postbox) -> None:
    letter = message()
    letter.handing_over_at, letter.attempts = now(), 1
    db.session.commit()

    mailer.send_owed()

    db.session.refresh(letter)
    assert (postbox.letters, letter.error) == ([], mailer.PERHAPS_SENT)


def test_a_server_that_says_no_at_the_last_moment_is_tried_again(postbox: Postbox) -> None:
    postbox.verdicts = ["451 Try again later"]
    letter = message()

    mailer.send_owed()
    with time_machine.travel(now() + dt.timedelta(hours=12)):
        mailer.send_owed()

    db.session.refresh(letter)
    assert (len(postbox.letters), letter.sent_at is not None) == (1, True)


def test_a_message_that_the_server_will_not_take_holds_up_no_other(postbox: Postbox) -> None:
    unwanted, sound = message(), message()
    postbox.verdicts = ["554 This looks like spam"]

    mailer.send_owed()

    db.session.refresh(unwanted)
    db.session.refresh(sound)
    assert (len(postbox.letters), sound.sent_at is not None) == (1, True)
    assert (unwanted.sent_at, unwanted.attempts) == (None, 1)


def test_a_server_that_is_away_for_days_costs_no_message(app: Flask) -> None:
    found = message()
    away = {"smtp_host": "127.0.0.1", "smtp_port": 1}
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(**away)
    for _hour in range(13):
        mailer.send_owed()
        due_again(found)

    assert (found.attempts, found.given_up_at) == (13, None)


def test_without_a_server_the_message_lies_in_the_folder_for_its_owner_only(app: Flask) -> None:
    found = message()

    mailer.send_owed()

    [path] = Path(app.instance_path, "mail").iterdir()
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (path.name, path.stat().st_mode & 0o777) == (f"{found.id:06}.eml", 0o600)
    assert letter["Subject"] == "Choose a new password"


# The pages


def test_an_administrator_reads_the_post(client: FlaskClient, app: Flask) -> None:
    found = message(text="Open the link.")
    make.sign_in(client, make.staff("administrator"))

    listed, opened = client.get("/mail").text, client.get(f"/mail/{found.id}").text

    assert ("Choose a new password" in listed, "Open the link." in opened) == (True, True)


def test_a_message_that_leaves_by_a_mail_server_is_for_its_reader_only(client: FlaskClient, postbox: Postbox) -> None:
    found = message(text="Open the link.")
    make.sign_in(client, make.staff("administrator"))

    assert "Open the link." not in client.get(f"/mail/{found.id}").text


@pytest.mark.parametrize("role", ["manager", "coordinator"])
def test_nobody_else_does(client: FlaskClient, app: Flask, role: str) -> None:
    found = message()
    make.sign_in(client, make.staff(role))

    assert [client.get(path).status_code for path in ("/mail", f"/mail/{found.id}")] == [404, 404]


def test_a_message_that_does_not_exist_is_not_there(client: FlaskClient, app: Flask) -> None:
    assert make.sign_in(client, make.staff("administrator")).get("/mail/99").status_code == 404


def given_up(**more: object) -> Message:
    found = message()
    found.given_up_at, found.error, found.attempts = now(), "They have no such mailbox.", 12
    for name, value in more.items():
        setattr(found, name, value)
    db.session.commit()
    return found


def test_a_message_that_was_given_up_is_sent_again_once(postbox: Postbox) -> None:
    found, administrator = given_up(handing_over_at=now()), make.actor(make.staff("administrator"))

    commands.send_again(administrator, found)
    with pytest.raises(Refused):
        commands.send_again(administrator, found)
    sent = [mailer.send_owed(), mailer.send_owed()]

    db.session.refresh(found)
    assert (sent, len(postbox.letters), found.sent_at is not None) == ([1, 0], 1, True)
    assert [event.kind for event in list_events(f"message:{found.id}")] == ["sent_again"]


def test_a_message_that_left_is_not_sent_again(postbox: Postbox) -> None:
    found = message()
    mailer.send_owed()

    with pytest.raises(Refused):
        commands.send_again(make.actor(make.staff("administrator")), found)

    assert mailer.send_owed() == 0


def test_only_an_administrator_sends_again(app: Flask) -> None:
    found = given_up()

    with pytest.raises(Forbidden):
        commands.send_again(make.actor(make.staff("manager")), found)

    assert found.given_up_at is not None


def test_the_page_says_whether_they_may_have_it_already_and_sends_again(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator"))
    perhaps, refused = given_up(handing_over_at=now()), given_up()
    said = [client.get(f"/mail/{each.id}").text for each in (perhaps, refused)]

    answers = [client.post(f"/mail/{perhaps.id}/repeat", follow_redirects=True).text for _time in range(2)]

    assert ["They may have it already" in page for page in said] == [True, False]
    assert ["They do not have it yet" in page for page in said] == [False, True]
    assert "The message is on its way again." in answers[0]
    assert "This message is not given up" in answers[1]
