"""Writes the generated parts of the README: the drawing of the workflow and the table of settings."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from msgspec import NODEFAULT

from innovation.config import FIELDS, PREFIX
from workflows import draw, library_definition

README = Path(__file__).parent.parent / "README.md"
MEANINGS = {
    "site_name": "the name that people see",
    "instance": "where the database, files, mail and keys live",
    "database_url": "the database; empty is a SQLite file in the instance folder",
    "secret_key": "signs cookies and links; empty is a key kept in the instance folder",
    "secret_key_fallbacks": "older keys that are still accepted",
    "base_url": "the address in mails; `gatehouse run` uses its own port",
    "trusted_hosts": "host names that are answered; empty is that of `GATEHOUSE_BASE_URL`, and this machine's own",
    "secure_cookies": "cookies over TLS only, and HSTS",
    "timezone": "the time zone of dates on pages",
    "default_language": "the language of pages",
    "smtp_host": "the mail server; empty writes mails to files",
    "smtp_port": "its port",
    "smtp_username": "the name to sign in there with",
    "smtp_password": "and the password",
    "smtp_starttls": "encrypt the connection",
    "smtp_timeout": "seconds to wait for each answer; all answers together take five times as long, 50 at most",
    "mail_from": "the sender of mails",
    "queue_url": "the queue that wakes workers; empty is a file, else PostgreSQL or Redis",
    "files_url": "where files are kept, such as `s3://bucket/folder`; empty is the instance folder",
    "files_endpoint": "the address of the S3 store; empty is Amazon's for the region",
    "files_region": "its region",
    "files_access_key": "the key to sign in there with; empty is what the machine itself has (`AWS_…`, a role)",
    "files_secret_key": "and its secret half",
    "password_time_cost": "argon2id: passes",
    "password_memory_kib": "argon2id: memory",
    "upload_limit_mb": "the largest request",
    "attachment_limit_mb": "the largest file",
    "second_factor_roles": 'roles that must have a second factor, such as `["administrator"]`',
    "oidc_issuer": "the provider by which people may sign in, by OpenID Connect; empty is none",
    "oidc_client_id": "the name that it gave this site",
    "oidc_client_secret": "and the secret",
    "oidc_name": "what people call it, on the button",
    "oidc_scopes": "what it is asked for",
    "oidc_hosts": "its further hosts, where its keys or tokens are not on the host of the issuer",
    "oidc_timeout": "seconds to wait for it",
    "session_days": "how long a sign-in lasts",
    "interest_days": "days after which an interest that nobody answers ends; reminders come 14 and 3 days before",
    "mandate_days": "days for which what a funder looks for counts, once it is made or confirmed",
    "proxy_hops": "proxies in front whose headers are believed",
    "giving_prefix": "your 360Giving prefix, such as `360G-yourname`, before identifiers in exports of commitments; "
    "empty makes one of the programme's key",
    "log_level": "how much is logged",
    "metrics_token": "opens /metrics to other machines; empty is this machine only",
}


def settings_table() -> str:
    """Every setting with its default and meaning, as a Markdown table."""
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for field in FIELDS.values():
        default = field.default_factory() if field.default is NODEFAULT else field.default
        known = getattr(default, "get_secret_value", lambda value=default: value)()
        shown = f"`{known}`" if known not in ("", []) else ""
        rows.append(f"| `{PREFIX}{field.name.upper()}` | {shown} | {MEANINGS[field.name]} |")
    return "\n".join(rows)


def renewed(text: str) -> str:
    """The README with its generated parts as they should be."""
    drawing = draw(library_definition("education")).strip()
    text = re.sub(r"(?<=```mermaid\n).*?(?=\n```)", lambda _m: drawing, text, count=1, flags=re.DOTALL)
    table = re.compile(r"\| setting \| default.*?(?=\n\n)|@@SETTINGS@@", re.DOTALL)
    return table.sub(lambda _m: settings_table(), text, count=1)


if __name__ == "__main__":
    before = README.read_text("utf-8")
    after = renewed(before)
    if "--check" in sys.argv:
        sys.exit("README.md is not current. Run: python tools/readme.py" if after != before else 0)
    README.write_text(after, "utf-8")
