"""Sets one template and ends: the typesetter keeps what it has set, up to eighty megabytes, until its process ends.

It is run by its path and given the path of a template and its seconds, and on its standard input what is set in it. It
answers with the PDF.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import typst


def press(template: Path, paper: str) -> bytes:
    set_: bytes = typst.compile(
        template.read_bytes(),
        format="pdf",
        sys_inputs={"paper": paper},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    return set_


if __name__ == "__main__":
    signal.alarm(int(sys.argv[2]))  # whoever would stop it may be gone
    sys.stdout.buffer.write(press(Path(sys.argv[1]), sys.stdin.buffer.read().decode()))
