"""A request as every view reads it: without a sign that no database keeps, and past files that nobody will look at."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Request
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

MOST_READ = 60_000_000


class Sent(ImmutableMultiDict[str, Any]):
    """What an address or a form holds, without NUL: nobody types it, and PostgreSQL refuses a text that has it."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__([(name, v.replace("\0", "") if isinstance(v, str) else v) for name, v in pairs])


class LetGo(io.BytesIO):
    """A file that nobody will look at."""

    def write(self, content: Any) -> int:
        return len(content)


class Asked(Request):
    """A request as every view reads it."""

    parameter_storage_class = Sent
    lets_files_go = False

    def typed(self) -> MultiDict[str, str]:
        """What was typed, also beside a file that is too large: such a file is read past and let go."""
        limit = self.max_content_length
        if limit and limit < (self.content_length or 0) <= MOST_READ and current_user.is_authenticated:
            self.lets_files_go, self.max_content_length = True, MOST_READ
        return self.form

    def _load_form_data(self) -> None:
        super()._load_form_data()
        for _name, file in self.files.items(multi=True):
            file.filename = file.filename and file.filename.replace("\0", "")  # as in ``Sent``

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        return LetGo() if self.lets_files_go else super()._get_file_stream(*args, **kwargs)
