"""Settings: read from the environment and instance/config.toml, checked at start."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tomllib
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "GATEHOUSE_"
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
FOLDERS = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


class BadSettings(Exception):
    """The settings cannot be used; the message names each fault."""


class Settings(BaseSettings):
    """Every setting of the application, with its default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

    site_name: str = "Gatehouse"
    instance: Path = Path("instance")
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    secret_key_fallbacks: list[SecretStr] = Field(default_factory=list)
    base_url: str = "http://127.0.0.1:5000"
    trusted_hosts: list[str] = Field(default_factory=list)
    secure_cookies: bool = False
    timezone: str = "Africa/Johannesburg"
    default_language: str = "en"
    smtp_host: str = ""
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = False
    smtp_timeout: float = Field(default=20, gt=0)
    mail_from: str = "Gatehouse <no-reply@gatehouse.example>"
    queue_url: str = ""
    files_url: str = ""
    files_endpoint: str = ""
    files_region: str = "us-east-1"
    files_access_key: str = ""
    files_secret_key: SecretStr = SecretStr("")
    password_time_cost: int = Field(default=2, ge=1)
    password_memory_kib: int = Field(default=19456, ge=8)
    upload_limit_mb: int = Field(default=10, ge=1, le=200)
    attachment_limit_mb: int = Field(default=5, ge=1, le=100)
    second_factor_roles: list[str] = Field(default_factory=list)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "your organisation"
    oidc_scopes: list[str] = Field(default_factory=lambda: ["openid", "email"])
    oidc_hosts: list[str] = Field(default_factory=list)
    oidc_timeout: float = Field(default=5, gt=0, le=60)
    session_days: int = Field(default=14, ge=1, le=365)
    proxy_hops: int = Field(default=0, ge=0, le=5)
    giving_prefix: str = Field(default="", pattern=r"^(360G-[A-Za-z0-9]+)?$")
    log_level: str = "INFO"
    metrics_token: SecretStr = SecretStr("")

    @field_validator("database_url")
    @classmethod
    def modern_scheme(cls, value: str) -> str:
        return "postgresql://" + value.removeprefix("postgres://") if value.startswith("postgres://") else value

    @field_validator("files_url")
    @classmethod
    def bucket(cls, value: str) -> str:
        parts = urlsplit(value)
        folders = parts.path.strip("/")
        fits = parts.scheme == "s3" and BUCKET.fullmatch(parts.netloc) and not parts.query and not parts.fragment
        if value and (not fits or (folders and not FOLDERS.fullmatch(folders)) or ".." in folders):
            raise ValueError(
                "This should be s3://bucket or s3://bucket/folder; empty keeps files in the instance folder."
            )
        return value.rstrip("/")

    @field_validator("files_endpoint")
    @classmethod
    def address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None):
            raise ValueError("This should be the address of the store, such as https://s3.example.org.")
        return value.rstrip("/")

    @model_validator(mode="after")
    def whole_store(self) -> Self:
        """The settings of the store go together."""
        key, secret = bool(self.files_access_key), bool(self.files_secret_key.get_secret_value())
        if key != secret:
            missing = "SECRET_KEY" if key else "ACCESS_KEY"
            raise ValueError(f"{PREFIX}FILES_{missing}: This is empty, and its other half is not. Set both or neither.")
        if not self.files_url and (self.files_endpoint or key):
            raise ValueError(f"{PREFIX}FILES_URL: This is empty, and a store is described. Name its bucket.")
        return self

    @property
    def files(self) -> Path:
        return self.instance / "files"

    @property
    def mail_folder(self) -> Path:
        return self.instance / "mail"

    @property
    def queue_file(self) -> Path:
        return self.instance / "queue.sqlite"


def load_settings(overrides: dict[str, Any] | None = None) -> Settings:
    """The settings in force: overrides, then the environment, then instance/config.toml, then defaults.

    Raises ``BadSettings`` with every fault, a mistyped name included.
    """
    known = set(Settings.model_fields)
    names = {name for name in os.environ if name.startswith(PREFIX)}
    unknown = sorted(n for n in names if n.removeprefix(PREFIX).lower() not in known and not n.startswith(IGNORED))
    instance = Path((overrides or {}).get("instance") or os.environ.get(f"{PREFIX}INSTANCE", "instance"))
    values = _from_file(instance / "config.toml")
    faults = [f"{name} is not a setting." for name in unknown]
    faults += [f"{instance / 'config.toml'}: {key} is not a setting." for key in values if key not in known]
    if faults:
        raise BadSettings("\n".join(faults))
    for key in list(values):
        if f"{PREFIX}{key.upper()}" in os.environ:
            del values[key]
    try:
        settings = Settings(**(values | (overrides or {})))
    except ValidationError as error:
        raise BadSettings("\n".join(_sentence(item) for item in error.errors())) from None
    return _completed(settings)


# What only its owner may read; the address of a server may hold the password for it.
SECRETS = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
SECRETS |= {"database_url", "queue_url"}
# Names with the same prefix that the tests and the tools read themselves.
IGNORED = (f"{PREFIX}TEST_", f"{PREFIX}REQUIRE_", f"{PREFIX}BENCH_")


def _sentence(item: Any) -> str:
    said = item["msg"].removeprefix("Value error, ")
    where = "_".join(str(part) for part in item["loc"]).upper()
    return f"{PREFIX}{where}: {said}" if where else said


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not valid TOML: {error}") from None
    secret = sorted(found.keys() & SECRETS)
    if secret and os.name == "posix" and path.stat().st_mode & 0o077:
        raise BadSettings(f"{path} holds {', '.join(secret)}, and others can read it. Run: chmod 600 {path}")
    return found


def _completed(settings: Settings) -> Settings:
    """Fill what has no fixed default: the place of the database and a key kept in the instance folder."""
    instance = settings.instance.absolute()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    updates: dict[str, Any] = {"instance": instance}
    if not settings.database_url:
        updates["database_url"] = f"sqlite:///{instance / 'gatehouse.sqlite'}"
    if not settings.secret_key.get_secret_value():
        updates["secret_key"] = SecretStr(_kept_key(instance / "secret_key"))
    return settings.model_copy(update=updates)


def _kept_key(path: Path) -> str:
    """The key in the file; made whole before it gets its name, so that processes that start at once share one."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text("utf-8").strip()
