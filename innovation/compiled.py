"""Templates that were compiled before, kept in the instance folder: compiling them is a tenth of the start."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
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


def load_compiled(environment: Environment) -> int:
    """Load each template that was compiled before, and no other; processes that are forked next share them.

    Returns how many there are.
    """
    kept, loader = environment.bytecode_cache, environment.loader
    if kept is None or loader is None:
        return 0
    loaded = 0
    for name in environment.list_templates():
        source, filename, _is_current = loader.get_source(environment, name)
        if kept.get_bucket(environment, name, filename, source).code is not None:
            environment.get_template(name)
            loaded += 1
    return loaded
