"""Settings: read from the environment and instance/config.toml, checked at start."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct, ValidationError, convert, field, json, structs

PREFIX = "GATEHOUSE_"
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
IN_POSTGRES, IN_REDIS = ("postgres://", "postgresql://"), ("redis://", "rediss://", "unix://")  # where a queue may be
HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*")  # Werkzeug refuses a request with another letter in it
FOLDERS = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def host_in(said: str) -> str:
    """The name in ``host:port``: in small letters, without brackets, and ``xn--`` for what is not ASCII; or nothing.

    One dot at the end says the same name; one at the beginning stays, as it stands for all names below.
    """
    try:
        name = (urlsplit(f"//{said}").hostname or "").removesuffix(".")
        below = name[:1] if name[:1] == "." else ""
        return name if name.isascii() else below + name.removeprefix(".").encode("idna").decode()
    except ValueError:
        return ""


@lru_cache(maxsize=8)
def _hosts(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(host_in(each) for each in said)


class BadSettings(Exception):
    """The settings cannot be used; the message names each fault."""


class Secret:
    """Text that shows itself only when it is asked to."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret('**********')" if self._text else "Secret('')"

    def __bool__(self) -> bool:
        return bool(self._text)


class Settings(Struct, kw_only=True, frozen=True):
    """Every setting of the application, with its default."""

    site_name: str = "Gatehouse"
    instance: Path = Path("instance")
    database_url: str = ""
    secret_key: Secret = Secret()
    secret_key_fallbacks: list[Secret] = field(default_factory=list)
    base_url: str = "http://127.0.0.1:5000"
    trusted_hosts: list[str] = field(default_factory=list)
    secure_cookies: bool = False
    timezone: str = "Africa/Johannesburg"
    default_language: str = "en"
    smtp_host: str = ""
    smtp_port: Annotated[int, Meta(ge=1, le=65535)] = 25
    smtp_username: str = ""
    smtp_password: Secret = Secret()
    smtp_starttls: bool = False
    smtp_timeout: Annotated[float, Meta(gt=0)] = 20
    mail_from: str = "Gatehouse <no-reply@gatehouse.example>"
    queue_url: str = ""
    files_url: str = ""
    files_endpoint: str = ""
    files_region: str = "us-east-1"
    files_access_key: str = ""
    files_secret_key: Secret = Secret()
    password_time_cost: Annotated[int, Meta(ge=1)] = 2
    password_memory_kib: Annotated[int, Meta(ge=8)] = 19456
    upload_limit_mb: Annotated[int, Meta(ge=1, le=200)] = 10
    attachment_limit_mb: Annotated[int, Meta(ge=1, le=100)] = 5
    second_factor_roles: list[str] = field(default_factory=list)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Secret = Secret()
    oidc_name: str = "your organisation"
    oidc_scopes: list[str] = field(default_factory=lambda: ["openid", "email"])
    oidc_hosts: list[str] = field(default_factory=list)
    oidc_timeout: Annotated[float, Meta(gt=0, le=60)] = 5
    session_days: Annotated[int, Meta(ge=1, le=365)] = 14
    interest_days: Annotated[int, Meta(ge=14, le=365)] = 60
    mandate_days: Annotated[int, Meta(ge=30, le=1830)] = 365
    proxy_hops: Annotated[int, Meta(ge=0, le=5)] = 0
    giving_prefix: Annotated[str, Meta(pattern=r"^(360G-[A-Za-z0-9]+)?$")] = ""
    log_level: str = "INFO"
    metrics_token: Secret = Secret()

    def changed(self, **values: Any) -> Settings:
        """The same with other values for these names; they are taken as they are."""
        return structs.replace(self, **values)

    def answers_to(self, said: str) -> bool:
        """True where ``host`` or ``host:port`` is one of ours; one that begins with a dot stands for all below it."""
        name = host_in(said)
        known = _hosts(tuple(self.trusted_hosts) or (urlsplit(self.base_url).netloc, *THIS_MACHINE))
        return bool(name) and any(name == one or (one[:1] == "." and f".{name}".endswith(one)) for one in known)

    @property
    def files(self) -> Path:
        return self.instance / "files"

    @property
    def mail_folder(self) -> Path:
        return self.instance / "mail"

    @property
    def queue_file(self) -> Path:
        return self.instance / "queue.sqlite"


FIELDS = {each.name: each for each in structs.fields(Settings)}
LISTS = {name for name, each in FIELDS.items() if "list" in str(each.type)}
# What only its owner may read; the address of a server may hold the password for it.
SECRETS = {name for name, each in FIELDS.items() if "Secret" in str(each.type)} | {"database_url", "queue_url"}
# Names with the same prefix that the tests and the tools read themselves.
IGNORED = (f"{PREFIX}TEST_", f"{PREFIX}REQUIRE_", f"{PREFIX}BENCH_")


def load_settings(overrides: dict[str, Any] | None = None) -> Settings:
    """The settings in force: overrides, then the environment, then instance/config.toml, then defaults.

    Raises ``BadSettings`` with every fault, a mistyped name included.
    """
    folder = Path((overrides or {}).get("instance") or os.environ.get(f"{PREFIX}INSTANCE", "instance"))
    try:
        return _completed(read_settings(named(folder) | (overrides or {})))
    except OSError as error:
        at = error.filename or folder
        raise BadSettings(f"{at}: {error.strerror}. See who owns it, and what {PREFIX}INSTANCE names.") from error


def named(instance: Path) -> dict[str, Any]:
    """What the environment and the instance folder's file say; ``BadSettings`` where a name is not known."""
    known = {name: os.environ[name] for name in os.environ if name.startswith(PREFIX) and not name.startswith(IGNORED)}
    said = {name.removeprefix(PREFIX).lower(): value for name, value in known.items()}
    values = _from_file(instance / "config.toml")
    faults = [f"{name} is not a setting." for name in sorted(known) if name.removeprefix(PREFIX).lower() not in FIELDS]
    faults += [f"{instance / 'config.toml'}: {key} is not a setting." for key in values if key not in FIELDS]
    if faults:
        raise BadSettings("\n".join(faults))
    given = values | said
    return {name: given[name] for name in FIELDS if name in given}


def read_settings(values: dict[str, Any]) -> Settings:
    """The settings with these values, each as its type; ``BadSettings`` names every value that cannot be."""
    read, faults = {}, []
    for name, value in values.items():
        try:
            read[name] = _checked(name, _read(name, value))
        except (ValidationError, ValueError) as error:
            faults.append(f"{PREFIX}{name.upper()}: {error}")
        except KeyError:
            faults.append(f"{PREFIX}{name.upper()} is not a setting.")
    settings = Settings(**read)
    if faults := faults or list(_faults_of_store(settings)):
        raise BadSettings("\n".join(faults))
    return settings


def _read(name: str, value: Any) -> Any:
    """The value as the type of its setting; a list in the environment is written as JSON."""
    if name in LISTS and isinstance(value, str):
        try:
            value = json.decode(value)
        except ValueError:
            raise ValueError('This should be a list, such as ["one", "two"].') from None
    return convert(value, FIELDS[name].type, strict=False, dec_hook=_of_ours)


def _of_ours(kind: type, value: Any) -> Any:
    """Types that msgspec does not know: a secret or a path, from text."""
    if isinstance(value, kind):
        return value
    if not isinstance(value, str):
        raise ValueError("This should be text.")
    return kind(value)


def _checked(name: str, value: Any) -> Any:
    return CHECKS[name](value) if name in CHECKS else value


def _database(value: str) -> str:
    value = "postgresql://" + value.removeprefix("postgres://") if value.startswith("postgres://") else value
    if value and not value.startswith(("postgresql://", "postgresql+psycopg://", "sqlite://")):
        raise ValueError("This should be postgresql://user:password@host/name; empty is a file in the instance folder.")
    if value.startswith("sqlite:///file:"):  # what lies beside the file is looked for by its path
        raise ValueError("This should be the path of the file itself, such as sqlite:////srv/gatehouse.sqlite.")
    return value


def _queue(value: str) -> str:
    if value and not value.startswith(IN_POSTGRES + IN_REDIS):
        raise ValueError("This should begin with postgresql:// or redis://; empty is a file in the instance folder.")
    return value


def _site(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("This should be the address of the site, such as https://gatehouse.example.org.")
    return value


def _hosts_named(value: list[str]) -> list[str]:
    for said in value:
        if not _is_host(said):
            shown = f"{said!r} is not the name of a host."
            raise ValueError(f"{shown} Write ideas.example.org, or .example.org for all names below it.")
    return value


def _is_host(said: str) -> bool:
    """True for ``host`` or ``host:port``, with nothing else in it."""
    try:
        parts = urlsplit(f"//{said}")
        alone = parts.netloc == said and "@" not in said and parts.port != 0
    except ValueError:
        return False
    return alone and bool(said[:1] == "[" or HOST.fullmatch(host_in(said)))


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("This should be the name of a time zone, such as Africa/Johannesburg.") from None


def _language(value: str) -> str:
    from innovation.languages import LANGUAGES, base_of  # with all that it reads, where somebody names one

    if base_of(value) not in LANGUAGES:
        raise ValueError(f"This should be one of {', '.join(LANGUAGES)}.")
    return value


def _level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise ValueError(f"This should be one of {', '.join(LEVELS)}.")
    return value


def _bucket(value: str) -> str:
    parts = urlsplit(value)
    folders = parts.path.strip("/")
    fits = parts.scheme == "s3" and BUCKET.fullmatch(parts.netloc) and not parts.query and not parts.fragment
    if value and (not fits or (folders and not FOLDERS.fullmatch(folders)) or ".." in folders):
        raise ValueError("This should be s3://bucket or s3://bucket/folder; empty keeps files in the instance folder.")
    return value.rstrip("/")


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None):
        raise ValueError("This should be the address of the store, such as https://s3.example.org.")
    return value.rstrip("/")


CHECKS: dict[str, Callable[[Any], Any]] = {
    "database_url": _database,
    "queue_url": _queue,
    "base_url": _site,
    "trusted_hosts": _hosts_named,
    "timezone": _zone,
    "default_language": _language,
    "log_level": _level,
    "files_url": _bucket,
    "files_endpoint": _address,
}


def _faults_of_store(settings: Settings) -> Iterator[str]:
    """The settings of the store go together."""
    key, secret = bool(settings.files_access_key), bool(settings.files_secret_key)
    if key != secret:
        missing = "SECRET_KEY" if key else "ACCESS_KEY"
        yield f"{PREFIX}FILES_{missing}: This is empty, and its other half is not. Set both or neither."
    if not settings.files_url and (settings.files_endpoint or key):
        yield f"{PREFIX}FILES_URL: This is empty, and a store is described. Name its bucket."


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
    if not settings.secret_key:
        updates["secret_key"] = Secret(_kept_key(instance / "secret_key"))
    return settings.changed(**updates)


def _kept_key(path: Path) -> str:
    """The key in the file; made whole before it gets its name, so that processes that start at once share one."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    key = path.read_text("utf-8").strip()
    if not key:
        raise BadSettings(f"{path} is empty. Take it from a backup: what it has encrypted and signed needs it.")
    return key
