"""What a process that serves pages loads, and what it does without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory

from innovation.health import MIGRATIONS, known_revisions, newest_revision

# Each takes megabytes and time at every start, and is asked for by few requests: import it where it is used.
LATER = {"PIL", "alembic", "authlib", "filetype", "flask_migrate", "huey", "obstore", "psycopg", "python_calamine"}
LATER |= {"redis", "requests", "segno", "webauthn", "xlsxwriter"}
START = "import sys; from innovation.app import create_app; create_app(); print(*sys.modules)"


def test_what_few_requests_need_is_not_loaded_at_the_start(tmp_path: Path) -> None:
    environment = {"GATEHOUSE_INSTANCE": str(tmp_path)}

    started = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True)

    assert LATER & set(started.stdout.split()) == set()


def test_the_revisions_read_from_names_are_those_of_alembic() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert newest_revision() == script.get_current_head()
    assert known_revisions() == {found.revision for found in script.walk_revisions()}
