"""What a process that serves pages loads, and what it does without."""

from __future__ import annotations

import platform
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from jinja2 import DictLoader, Environment

from innovation.app import create_app
from innovation.compiled import Compiled, load_compiled
from innovation.health import MIGRATIONS, known_revisions, newest_revision

# Each takes megabytes and time at every start, and is asked for by few requests: import it where it is used.
LATER = {"PIL", "alembic", "authlib", "filetype", "flask_migrate", "huey", "obstore", "psycopg", "python_calamine"}
LATER |= {
    "babel.messages",
    "cryptography",
    "highspy",
    "icalendar",
    "numpy",
    "mpmath",
    "redis",
    "requests",
    "segno",
    "typst",
    "webauthn",
    "xlsxwriter",
}
HASHING = """
import argon2, os
from innovation.cli.serve import give_memory_back

def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

give_memory_back()
hasher, before = argon2.PasswordHasher(time_cost=1, memory_cost=19456, parallelism=1), megabytes()
for _time in range(3):
    hasher.hash("a password")
print(megabytes() - before)
"""
WORDS = DictLoader({"a": "Words"})
QUEUE = """
import sys
from innovation.app import create_app
try:
    kind = type(create_app().extensions["queue"].huey.storage)
except Exception as error:  # no server is there; its client has tried
    kind = type(error)
print(kind.__name__, *sys.modules)
"""
START = "import sys; from innovation.app import create_app; create_app(); print(*sys.modules)"


def test_what_few_requests_need_is_not_loaded_at_the_start(tmp_path: Path) -> None:
    environment = {"GATEHOUSE_INSTANCE": str(tmp_path)}

    started = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True)

    assert LATER & set(started.stdout.split()) == set()


@pytest.mark.parametrize(
    ("url", "kind", "loaded"),
    [
        ("", "SqliteStorage", {"huey"}),
        ("redis://127.0.0.1:1/0", "RedisStorage", {"huey", "redis"}),
        ("postgresql://127.0.0.1:1/none", "OperationalError", {"huey", "psycopg"}),
    ],
)
def test_a_queue_loads_its_own_client_only(tmp_path: Path, url: str, kind: str, loaded: set[str]) -> None:
    environment = {"GATEHOUSE_INSTANCE": str(tmp_path), "GATEHOUSE_QUEUE_URL": url}

    opened = subprocess.run([sys.executable, "-c", QUEUE], env=environment, capture_output=True, text=True, check=True)

    told, *modules = opened.stdout.split()
    assert (told, {"huey", "redis", "psycopg"} & set(modules)) == (kind, loaded)


def test_templates_are_compiled_once_for_all_processes(tmp_path: Path) -> None:
    first, second = (Environment(loader=WORDS, bytecode_cache=Compiled(tmp_path)) for _process in range(2))
    first.get_template("a")
    [kept] = (tmp_path / "compiled").iterdir()
    kept_at = kept.stat().st_mtime_ns

    shown = second.get_template("a").render()

    assert (shown, kept.stat().st_mtime_ns) == ("Words", kept_at)
    assert stat.S_IMODE((tmp_path / "compiled").stat().st_mode) == 0o700


def test_a_start_loads_the_templates_that_were_compiled_and_compiles_none(tmp_path: Path) -> None:
    words = {"a": "Words", "b": "Others"}
    first, second = (Environment(loader=DictLoader(words), bytecode_cache=Compiled(tmp_path)) for _process in range(2))
    first.get_template("a")

    loaded = load_compiled(second)

    assert (loaded, [template.name for template in second.cache.values()]) == (1, ["a"])
    assert len(list((tmp_path / "compiled").iterdir())) == 1


def test_a_start_leaves_out_what_was_compiled_from_other_words(tmp_path: Path) -> None:
    Environment(loader=WORDS, bytecode_cache=Compiled(tmp_path)).get_template("a")

    newer = Environment(loader=DictLoader({"a": "Newer words"}), bytecode_cache=Compiled(tmp_path))

    assert (load_compiled(newer), len(newer.cache)) == (0, 0)


def test_what_others_could_have_compiled_is_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "compiled"
    folder.mkdir()
    folder.chmod(0o777)

    shown = Environment(loader=WORDS, bytecode_cache=Compiled(tmp_path)).get_template("a").render()

    assert (shown, list(folder.iterdir())) == ("Words", [])


def test_an_instance_folder_that_cannot_be_written_to_does_no_harm(tmp_path: Path) -> None:
    shown = Environment(loader=WORDS, bytecode_cache=Compiled(tmp_path / "gone")).get_template("a").render()

    assert shown == "Words"


def test_no_template_is_let_go_for_another(tmp_path: Path) -> None:
    environment = create_app(instance=tmp_path).jinja_env

    assert getattr(environment.cache, "capacity", None) is None


def test_the_revisions_read_from_names_are_those_of_alembic() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert newest_revision() == script.get_current_head()
    assert known_revisions() == {found.revision for found in script.walk_revisions()}


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="Other C libraries give it back by themselves.")
def test_a_server_gives_back_what_hashing_passwords_took() -> None:
    told = subprocess.run([sys.executable, "-c", HASHING], capture_output=True, text=True, check=True)

    assert float(told.stdout) < 5
