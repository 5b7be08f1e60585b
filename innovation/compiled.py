"""Templates that were compiled before, kept in the instance folder: compiling them is a tenth of the start."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = "compiled"


class Compiled(FileSystemBytecodeCache):
    """What only this account can have written is run; where nothing can be kept, templates are compiled as ever."""

    def __init__(self, instance: Path) -> None:
        super().__init__(str(instance / FOLDER))

    def load_bytecode(self, bucket: Bucket) -> None:
        if self._is_ours():
            with contextlib.suppress(OSError):
                super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            os.mkdir(self.directory, 0o700)
        if self._is_ours():
            with contextlib.suppress(OSError):
                super().dump_bytecode(bucket)

    def _is_ours(self) -> bool:
        try:
            found = os.lstat(self.directory)
        except OSError:
            return False
        private = not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        return stat.S_ISDIR(found.st_mode) and private and found.st_uid == os.geteuid()
