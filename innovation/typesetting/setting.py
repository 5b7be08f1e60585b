"""Templates of the typesetter set as tagged PDF (PDF/UA-1), from data in which nothing is ever markup."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import threading
from pathlib import Path
from typing import Any

import structlog

from innovation.apart import run_apart, turn
from innovation.command import Busy

SECONDS = 25.0  # a hundred pages take less than one; who waits is cut off after a minute, and so is a job
PRESS = Path(__file__).parent / "press.py"
KIND = re.compile(rb"^[\w.]+(?=:)", re.MULTILINE)
TOO_LONG = "The PDF could not be made in time. Nothing is wrong with what it shows; ask for it again in a moment."

_one_at_a_time = threading.Lock()
logger = structlog.get_logger()


def set_pages(template: Path, paper: dict[str, Any]) -> bytes:
    """The PDF of a template; its texts must be ``letters.showable``.

    It is set in a process of its own, which gives its memory back and can be stopped: ``Busy`` where it was, or where
    others took too long. What the typesetter refuses is a fault of ours: ``subprocess.CalledProcessError``.
    """
    try:
        with turn(_one_at_a_time, SECONDS) as left:
            return _press(template, json.dumps(paper).encode(), left)
    except TimeoutError:
        logger.warning("typesetting_waited", template=template.name)
        raise Busy((TOO_LONG,)) from None
    except subprocess.TimeoutExpired as late:
        logger.error("typesetting_stopped", template=template.name, seconds=round(late.timeout, 1))
        raise Busy((TOO_LONG,)) from late
    except subprocess.CalledProcessError as failed:
        kind = KIND.search(failed.stderr)  # the first line of its kind: what follows may be what people typed
        error = kind.group().decode() if kind else ""
        logger.error("typesetting_failed", template=template.name, code=failed.returncode, error=error)
        raise


def _press(template: Path, paper: bytes, seconds: float) -> bytes:
    done = run_apart(PRESS, str(template), str(int(SECONDS) + 5), given=paper, seconds=seconds)
    done.check_returncode()
    return done.stdout


def photograph(content: bytes, content_type: str, width: int, height: int) -> str:
    """A photograph inside of an SVG picture: the one way in which data can bring it along as a text."""
    kept = base64.b64encode(content).decode()
    inner = f'<image width="{width}" height="{height}" href="data:{content_type};base64,{kept}"/>'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inner}</svg>'
