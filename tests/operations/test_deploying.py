"""The files under deploy/ are those that the page on deployment names, and are as this release needs them."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import time
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from innovation.cli.main import COMMANDS, gatehouse
from innovation.config import FIELDS, load_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs/deployment.md").read_text("utf-8")
UNITS = sorted((DEPLOY / "systemd").iterdir())


def test_every_file_is_named_on_the_page() -> None:
    files = {path.name for path in DEPLOY.rglob("*") if path.is_file()}
    unnamed = {name for name in files if name not in PAGE and not name.startswith("gatehouse-")}

    assert unnamed == set()


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"\bdeploy/[A-Za-z/@.-]+[a-z]", PAGE))

    assert [name for name in sorted(named) if not list(ROOT.glob(f"{name}*"))] == []


def test_every_command_on_the_page_exists() -> None:
    named = set(re.findall(r"^gatehouse ([a-z-]+)", PAGE, re.MULTILINE))

    assert named <= set(COMMANDS)


@pytest.mark.parametrize("name", ["config.toml", "config-several.toml"])
def test_the_settings_are_ones_that_this_release_takes(tmp_path: Path, name: str) -> None:
    shutil.copy(DEPLOY / name, tmp_path / "config.toml")
    (tmp_path / "config.toml").chmod(0o600)  # as the page says

    settings = load_settings({"instance": tmp_path})

    assert set(tomllib.loads((DEPLOY / name).read_text("utf-8"))) <= set(FIELDS)
    assert (settings.secure_cookies, settings.proxy_hops) == (True, 1)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_commands_of_the_units_take_their_options(unit: Path) -> None:
    for words in re.findall(r"/opt/gatehouse/bin/gatehouse ([a-z]+)([^\n']*)", unit.read_text("utf-8")):
        command, options = words[0], re.findall(r"--[a-z]+", words[1])
        said = CliRunner().invoke(gatehouse, [command, "--help"]).output

        assert [option for option in options if option not in said] == []


@pytest.mark.parametrize(
    ("sizes", "pauses"),
    [
        (("nginx/gatehouse.conf", r"client_max_body_size (\d+)m"), ("nginx/upstream-one.conf", r"timeout (\d+)s")),
        (("Caddyfile", r"max_size (\d+)MB"), ("Caddyfile", r"keepalive (\d+)s")),
    ],
)
def test_a_proxy_takes_as_large_a_request_as_the_application_and_closes_connections_sooner(
    sizes: tuple[str, str], pauses: tuple[str, str]
) -> None:
    serve = (ROOT / "innovation/cli/serve.py").read_text("utf-8")
    kept = int(re.findall(r"keepalive=(\d+)", serve)[0])

    [[size], [idle]] = [re.findall(words, (DEPLOY / file).read_text("utf-8")) for file, words in (sizes, pauses)]

    assert int(size) > FIELDS["upload_limit_mb"].default
    assert int(idle) < kept


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_takes_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]

    tested = subprocess.run(command, capture_output=True, text=True)

    assert (tested.returncode, "Valid configuration" in tested.stdout + tested.stderr) == (0, True)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
@pytest.mark.parametrize("upstream", ["upstream-one.conf", "upstream-several.conf"])
def test_nginx_takes_its_configuration(tmp_path: Path, upstream: str) -> None:
    whole = with_our_site(tmp_path, f"include {DEPLOY}/nginx/{upstream};")

    tested = subprocess.run(["nginx", "-t", "-q", "-c", str(whole)], capture_output=True, text=True)

    assert (tested.returncode, tested.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_notes_no_secret_and_nothing_that_was_searched_for(tmp_path: Path) -> None:
    secrets = ["new-password", "invitations", "claim", "calendar", "join", "alerts/7"]
    asked = [f"/{page}/SECRET{rest}" for page in secrets for rest in ("", ".ics", "/dots?code=SECRET")]
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    whole = with_our_site(tmp_path, "upstream gatehouse { server 127.0.0.1:9; }", f"127.0.0.1:{port}")
    nginx = subprocess.Popen(["nginx", "-c", str(whole), "-g", "daemon off;"], stderr=subprocess.PIPE)
    try:
        for path in [*asked, "/people?q=SECRET", "/ideas/LP26-0001"]:
            ask_nginx(port, path)
    finally:
        nginx.terminate()
        nginx.communicate(timeout=10)

    noted = (tmp_path / "access.log").read_text("utf-8")
    assert "SECRET" not in noted
    assert [words in noted for words in ('"GET /ideas/LP26-0001"', '"GET /people"', '"GET /join/-"')] == [True] * 3


def with_our_site(folder: Path, upstream: str, listens: str = "443") -> Path:
    """A configuration of nginx that holds ours, without TLS, and writes into this folder only."""
    site = (DEPLOY / "nginx/gatehouse.conf").read_text("utf-8").replace("/var/log/nginx/", f"{folder}/")
    site = re.sub(r"\n    ssl_certificate[^\n]*", "", site).replace("443 ssl http2", "443")
    if listens != "443":
        site = re.sub(r"listen 80;|listen \[::\]:\d+;", "", site).replace("listen 443", f"listen {listens}", 1)
        site = re.sub(r"server \{\s+server_name.*?\n\}\n", "", site, count=1, flags=re.DOTALL)
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; {temporary}\n{upstream}\n{site}\n}}\n"
    )
    return whole


def ask_nginx(port: int, path: str) -> None:
    """Ask, as soon as it listens; behind it there is nobody."""
    ends = time.monotonic() + 10
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            line.request("GET", path, headers={"Host": "gatehouse.example.org", "Referer": "https://x.example/SECRET"})
            assert line.getresponse().status == 502
            return
        except ConnectionRefusedError:
            assert time.monotonic() < ends
            time.sleep(0.05)
        finally:
            line.close()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units() -> None:
    units = [str(path) for path in UNITS if path.suffix in (".service", ".timer")]

    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True).stderr
    ours = [line for line in said.splitlines() if "gatehouse" in line]

    assert [line for line in ours if "/opt/gatehouse/bin/gatehouse is not executable" not in line] == []
