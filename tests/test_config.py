"""Settings: what completes itself, and what is refused at the start."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from innovation.app import create_app
from innovation.config import BadSettings, load_settings, read_settings
from tests.conftest import FAST


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: load_settings({"instance": tmp_path}).secret_key.get_secret_value(), range(8)))

    assert len(found[0]) == 64
    assert set(found) == {found[0]}
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["smtp_password", "secret_key", "oidc_client_secret", "database_url"])
@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_file_with_a_secret_that_others_can_read_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'{name} = "something-known"\n')
    path.chmod(mode)

    with pytest.raises(BadSettings, match="chmod 600") as refused:
        load_settings({"instance": tmp_path})

    assert "something-known" not in str(refused.value)


def test_a_file_of_its_owner_and_one_without_secrets_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('site_name = "Clinics"\n')
    path.chmod(0o644)
    open_one = load_settings({"instance": tmp_path})
    path.write_text('smtp_password = "something-known"\n')
    path.chmod(0o600)

    closed_one = load_settings({"instance": tmp_path})

    assert open_one.site_name == "Clinics"
    assert closed_one.smtp_password.get_secret_value() == "something-known"


@pytest.mark.parametrize(
    ("issuer", "client", "scopes"),
    [
        ("http://login.example", "gatehouse", ["openid"]),
        ("https://login.example?x=1", "gatehouse", ["openid"]),
        ("https://user:word@login.example", "gatehouse", ["openid"]),
        ("login.example", "gatehouse", ["openid"]),
        ("https://login.example", "", ["openid"]),
        ("", "gatehouse", ["openid"]),
        ("https://login.example", "gatehouse", ["email"]),
    ],
)
def test_a_provider_that_cannot_work_or_is_not_safe_is_refused(
    tmp_path: Path, issuer: str, client: str, scopes: list[str]
) -> None:
    with pytest.raises(BadSettings, match="GATEHOUSE_OIDC_"):
        create_app(instance=tmp_path, **FAST, oidc_issuer=issuer, oidc_client_id=client, oidc_scopes=scopes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Base"),
        ("timezone", ""),
        ("timezone", "../../etc/passwd"),
        ("default_language", "xx"),
        ("log_level", "LOUD"),
        ("queue_url", "amqp://127.0.0.1"),
        ("database_url", "mysql://127.0.0.1/gatehouse"),
        ("database_url", "gatehouse.sqlite"),
        ("database_url", "sqlite:///file:/srv/gatehouse.sqlite?uri=true"),
        ("base_url", "gatehouse.example.org"),
    ],
)
def test_a_value_with_which_no_page_would_work_is_refused_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"^GATEHOUSE_{name.upper()}: This should be"):
        load_settings({"instance": tmp_path, name: value})


@pytest.mark.parametrize(
    "named",
    [
        "",
        ".",
        "..",
        "a..example",
        "..gatehouse.example",
        ".bücher..example",
        "*.gatehouse.example",
        "https://gatehouse.example",
        "gatehouse.example/ideas",
        "me@gatehouse.example",
        "gatehouse.example:many",
        "two names",
        "gatehouse_backend",
        "fd00::7",
        "[fd00::7",
    ],
)
def test_a_host_name_that_would_never_match_is_refused_at_the_start(tmp_path: Path, named: str) -> None:
    with pytest.raises(BadSettings, match=r"^GATEHOUSE_TRUSTED_HOSTS: .* is not the name of a host\."):
        load_settings({"instance": tmp_path, "trusted_hosts": ["gatehouse.example", named]})


@pytest.mark.parametrize(
    "named", ["gatehouse.example:8443", "Gatehouse.Example", ".bücher.example", "localhost.", "10.0.0.7", "[fd00::7]"]
)
def test_a_host_name_that_can_be_read_is_taken_as_it_is(tmp_path: Path, named: str) -> None:
    assert load_settings({"instance": tmp_path, "trusted_hosts": [named]}).trusted_hosts == [named]


def test_an_instance_that_cannot_be_used_is_a_bad_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BadSettings, match="GATEHOUSE_INSTANCE"):
        load_settings({"instance": tmp_path / "file"})


WITHOUT = """
import importlib.machinery, sys

class Without(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        left_out = name.partition(".")[0] in ("authlib", "requests", "joserfc")
        return None if left_out else super().find_spec(name, path, target)

sys.meta_path = [finder for finder in sys.meta_path if finder is not importlib.machinery.PathFinder] + [Without]
from innovation.app import create_app
named = {"oidc_issuer": "https://login.example", "oidc_client_id": "gatehouse", "secret_key": "for tests only"}
client = create_app(instance=sys.argv[1], **named).test_client()
print(client.post("/sign-in/provider", headers={"X-CSRFToken": "none"}).status_code)
"""


def test_without_the_extra_a_named_provider_is_left_out_and_said_so(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT, str(tmp_path)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() in ("400", "404")
    assert "provider_left_out" in done.stderr


def test_values_are_read_as_what_they_are_and_every_fault_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEHOUSE_SMTP_PORT", "2525")
    monkeypatch.setenv("GATEHOUSE_SECURE_COOKIES", "true")
    monkeypatch.setenv("GATEHOUSE_TRUSTED_HOSTS", '["gates.example", "www.gates.example"]')
    good = load_settings({"instance": tmp_path})
    monkeypatch.setenv("GATEHOUSE_SMTP_PORT", "many")
    monkeypatch.setenv("GATEHOUSE_SESSION_DAYS", "400")
    monkeypatch.setenv("GATEHOUSE_TRUSTED_HOSTS", "gates.example")

    with pytest.raises(BadSettings) as refused:
        load_settings({"instance": tmp_path})

    assert (good.smtp_port, good.secure_cookies) == (2525, True)
    assert good.trusted_hosts == ["gates.example", "www.gates.example"]
    assert str(refused.value).splitlines() == [
        'GATEHOUSE_TRUSTED_HOSTS: This should be a list, such as ["one", "two"].',
        "GATEHOUSE_SMTP_PORT: Expected `int`, got `str`",
        "GATEHOUSE_SESSION_DAYS: Expected `int` <= 365",
    ]


def test_an_environment_outdoes_the_file_and_a_secret_is_in_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('site_name = "Clinics"\nsmtp_port = 26\n')
    monkeypatch.setenv("GATEHOUSE_SITE_NAME", "Gates")
    monkeypatch.setenv("GATEHOUSE_SMTP_PASSWORD", "something-known")

    settings = load_settings({"instance": tmp_path})

    assert (settings.site_name, settings.smtp_port) == ("Gates", 26)
    assert settings.smtp_password.get_secret_value() == "something-known"
    assert "something-known" not in repr(settings)


@pytest.mark.parametrize("said", ["[::1:::]", "", ":80", "[::1", "\ud800"])
def test_what_is_no_host_is_none_of_ours(said: str) -> None:
    assert not read_settings({}).answers_to(said)
