"""Templates of the typesetter set as tagged PDF (PDF/UA-1), from data in which nothing is ever markup."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import structlog

from workflows import Refused

SECONDS = 60  # a hundred pages take less than one
PRESS = Path(__file__).parent / "press.py"
NEEDED = ("PYTHON", "PATH", "LD_LIBRARY_PATH", "LANG", "LC_")  # to be found; what else is set it is not told
TOO_LONG = "The PDF could not be made in time. Try again later, or take another form."

_one_at_a_time = threading.Lock()
logger = structlog.get_logger()


def set_pages(template: Path, paper: dict[str, Any]) -> bytes:
    """The PDF of a template; its texts must be ``letters.showable``.

    It is set in a process of its own, which gives its memory back and can be stopped: ``Refused`` where it was. What
    the typesetter refuses is a fault of a template: ``subprocess.CalledProcessError``.
    """
    environment = {name: value for name, value in os.environ.items() if name.startswith(NEEDED)}
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - our own programme; what was typed goes to its standard input
                [sys.executable, "-P", str(PRESS), str(template)],
                input=json.dumps(paper).encode(),
                capture_output=True,
                env=environment,
                timeout=SECONDS,
                check=True,
            )
        except subprocess.TimeoutExpired as late:
            logger.error("typesetting_stopped", template=template.name, seconds=SECONDS)
            raise Refused((TOO_LONG,)) from late
        except subprocess.CalledProcessError as failed:
            logger.error("typesetting_failed", template=template.name, code=failed.returncode)
            raise
    return done.stdout


def photograph(content: bytes, content_type: str, width: int, height: int) -> str:
    """A photograph inside of an SVG picture: the one way in which data can bring it along as a text."""
    kept = base64.b64encode(content).decode()
    inner = f'<image width="{width}" height="{height}" href="data:{content_type};base64,{kept}"/>'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inner}</svg>'
