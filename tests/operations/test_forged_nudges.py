"""The queue that wakes the workers holds pickles, so nothing in it is read that this site has not signed."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from innovation.config import Secret
from innovation.nudges import open_huey


class Harm:
    """A pickle that does something as soon as it is read."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.place,)


def test_what_somebody_else_has_put_into_the_queue_is_not_read(app: Flask, tmp_path: Path) -> None:
    place = tmp_path / "harm"
    queue = open_huey(app.config["SETTINGS"])
    queue.storage.enqueue(pickle.dumps(Harm(place)))

    with pytest.raises(ValueError, match="Separator"):
        queue.dequeue()

    assert (place.exists(), queue.storage.queue_size()) == (False, 0)


def test_what_this_site_has_put_into_it_is_read_here_and_with_another_key_nowhere(app: Flask) -> None:
    queue = app.extensions["queue"]
    queue.nudge([7])
    queue.nudge([8])

    read = queue.huey.dequeue()

    assert read.args == (7,)
    with pytest.raises(ValueError, match="Signature"):
        open_huey(app.config["SETTINGS"].changed(secret_key=Secret("another key"))).dequeue()
