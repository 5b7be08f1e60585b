"""Another process that holds everybody else up."""

from __future__ import annotations

import subprocess
import sys

HOLD = """
import sys
import sqlalchemy as sa
from innovation.db import engine_options, prepare_engine
url, statement = sys.argv[1:]
engine = sa.create_engine(url, **engine_options(url))
prepare_engine(engine)
with engine.connect() as connection:
    connection.exec_driver_sql(statement)
    print("held", flush=True)
    sys.stdin.readline()
    connection.commit()
"""


def holding(url: str, statement: str) -> subprocess.Popen[str]:
    """One in the middle of a write; it ends when it is sent a line."""
    command = [sys.executable, "-c", HOLD, url, statement]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process
