"""The post of these tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from tests.notifications.post import Postbox


@pytest.fixture
def postbox(app: Flask) -> Iterator[Postbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.changed(smtp_host="127.0.0.1", smtp_port=port)
    yield box
    controller.stop()
