"""Templates of the typesetter set as tagged PDF (PDF/UA-1), from data in which nothing is ever markup."""

from __future__ import annotations

import base64
import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

_one_at_a_time = threading.Lock()


def set_pages(template: Path, paper: dict[str, Any]) -> bytes:
    """The PDF of a template; its texts must be ``letters.showable``."""
    import typst  # eighty megabytes: only those who print pay for it

    with _one_at_a_time:
        set_: bytes = typst.compile(
            _read(template),
            format="pdf",
            sys_inputs={"paper": json.dumps(paper)},
            pdf_standards="ua-1",
            ignore_system_fonts=True,
        )
    return set_


@lru_cache(maxsize=8)
def _read(template: Path) -> bytes:
    return template.read_bytes()


def photograph(content: bytes, content_type: str, width: int, height: int) -> str:
    """A photograph inside of an SVG picture: the one way in which data can bring it along as a text."""
    kept = base64.b64encode(content).decode()
    inner = f'<image width="{width}" height="{height}" href="data:{content_type};base64,{kept}"/>'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inner}</svg>'
