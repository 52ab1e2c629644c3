"""The settings: one frozen table, read once, from which docs/operate/settings.md is generated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from duthao.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table. `minimum` and `maximum` bound whole numbers, both included."""

    name: str
    type: type[int] | type[str] | type[bool]
    default: int | str | bool
    help: str
    minimum: int = 0
    maximum: int = 2**53

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"DUTHAO_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting("host", str, "127.0.0.1", "Address to listen on."),
    Setting("port", int, 8080, "Port to listen on.", 1, 65535),
    Setting("data_dir", str, "data", "Folder of the database and its backups; made when missing."),
    Setting("database_url", str, "", "SQLAlchemy address of the database; empty: SQLite in the data folder."),
    Setting("bus_url", str, "", "Redis by which several processes tell one another, such as "
            "redis://host:6379/0; empty: PostgreSQL's own notifications. Needs a PostgreSQL database."),
    Setting("bus_channel", str, "duthao", "Channel on the bus, another one for each house on it."),
    Setting("workers", int, 1, "Processes that serve; more than one needs PostgreSQL.", 1, 64),
    Setting("drain_seconds", int, 0, "How long the service goes on, already telling /readyz that it stops, "
            "after it was told to.", 0, 60),
    Setting("metrics_host", str, "127.0.0.1", "Address at which Prometheus finds the numbers."),
    Setting("metrics_port", int, 0, "Port of the first process's numbers, the next one's is one more; "
            "0: none are shown.", 0, 65000),
    Setting("public_origin", str, "", "Origins people open the service at, comma-separated, such as "
            "https://duthao.example.vn; empty: whatever host the request names."),
    Setting("secure_cookie", bool, False, "Send the session cookie over HTTPS only."),
    Setting("session_idle_minutes", int, 12 * 60, "Signed out after so many minutes without a request.", 1),
    Setting("session_days", int, 14, "Signed out after so many days in any case.", 1, 365),
    Setting("login_attempts", int, 8, "Failed sign-ins per account before a pause (ten times as many per "
            "address).", 1, 1000),
    Setting("login_window_minutes", int, 10, "How long failed sign-ins are counted.", 1, 24 * 60),
    Setting("local_sign_in", bool, True, "Sign in with a name and a password kept here; false: only at the "
            "provider below. Administrators may always, at `/login?local=1`: it is their way back in."),
    Setting("oidc_issuer", str, "", "The office's OpenID Connect provider, such as "
            "https://sso.example.vn/realms/office; empty: none. Needs `DUTHAO_PUBLIC_ORIGIN` and the "
            "packages of requirements/oidc.txt. See `docs/operate/oidc.md`."),
    Setting("oidc_client_id", str, "", "What this service is called there."),
    Setting("oidc_client_secret_file", str, "", "File whose first line is the secret it was given; empty: a "
            "client without one."),
    Setting("oidc_scopes", str, "openid profile", "What is asked of it, parted by spaces."),
    Setting("oidc_name", str, "", "What the provider is called on the sign-in page; empty: the office's "
            "account."),
    Setting("oidc_username_claim", str, "preferred_username", "Which of its claims is the user name here; "
            "`email` only where it says `email_verified`."),
    Setting("oidc_link", bool, True, "Somebody who comes for the first time gets the account here of that "
            "user name; false: only whom `duthao user link` has joined."),
    Setting("oidc_create", bool, False, "Make an account for somebody who has none; false: people must be "
            "known."),
    Setting("oidc_second_proof", str, "mfa", "Values of `amr` or `acr`, comma-separated, by which it vouches "
            "for a second proof, so that ours is not asked for; `*`: always; empty: never."),
    Setting("max_body_mib", int, 8, "Largest body in MiB of requests that carry a text or a file; of a form "
            "thrice that, for it spends up to three bytes for each.", 1, 256),
    Setting("max_json_kib", int, 256, "Largest body in KiB of requests that carry no text.", 1, 65536),
    Setting("messages_per_second", int, 200, "Messages a connection may send in the long run; ten "
            "times as many at once.", 1, 1_000_000),
    Setting("connections_per_person", int, 20, "Open documents (tabs) of one person at once.", 1, 100_000),
    Setting("connections", int, 2000, "Open documents of all people at once; each is one open "
            "file of the process (and 256 for everything else): see `ulimit -n`, systemd's `LimitNOFILE`.",
            1, 1_000_000),
    Setting("comparison_workers", int, 1, "Processes that compare texts; 0: a thread of the server.", 0, 32),
    Setting("comparison_cache", int, 32, "Comparisons kept in memory.", 1, 10000),
    Setting("comparison_queue", int, 16, "Comparisons waiting at once before requests are refused.", 1, 1000),
    Setting("smtp_host", str, "", "Mail server that takes the e-mail digests; empty: none are sent. Needs "
            "`DUTHAO_PUBLIC_ORIGIN` (its first origin stands in the links) and `DUTHAO_MAIL_FROM`."),
    Setting("smtp_port", int, 587, "Its port.", 1, 65535),
    Setting("smtp_security", str, "starttls", "`starttls`; `tls` from the first byte; `none`, only for a "
            "mail server on this machine."),
    Setting("smtp_user", str, "", "Name to sign in with there; empty: without."),
    Setting("smtp_password", str, "", "Its password."),
    Setting("mail_from", str, "", "Address the digests come from."),
    Setting("mail_minutes", int, 60, "At most one digest to a person in so many minutes.", 1, 7 * 24 * 60),
    Setting("mail_titles", bool, False, "Name documents by their titles in e-mail, secret ones never; else "
            "counts and links stand there. Never the text of a draft, a comment or a proposal."),
    Setting("audit_days", int, 0, "How many days the log of who did what is kept; 0: for ever. See "
            "`docs/operate/audit.md`.", 0, 36_500),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The values; every field is a line of `SETTINGS`."""

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: str = "data"
    database_url: str = ""
    bus_url: str = ""
    bus_channel: str = "duthao"
    workers: int = 1
    drain_seconds: int = 0
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    public_origin: str = ""
    secure_cookie: bool = False
    session_idle_minutes: int = 720
    session_days: int = 14
    login_attempts: int = 8
    login_window_minutes: int = 10
    local_sign_in: bool = True
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: str = ""
    oidc_scopes: str = "openid profile"
    oidc_name: str = ""
    oidc_username_claim: str = "preferred_username"
    oidc_link: bool = True
    oidc_create: bool = False
    oidc_second_proof: str = "mfa"
    max_body_mib: int = 8
    max_json_kib: int = 256
    messages_per_second: int = 200
    connections_per_person: int = 20
    connections: int = 2000
    comparison_workers: int = 1
    comparison_cache: int = 32
    comparison_queue: int = 16
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = ""
    mail_minutes: int = 60
    mail_titles: bool = False
    audit_days: int = 0

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{Path(self.data_dir).resolve() / 'duthao.sqlite3'}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Our own origins without trailing slashes; empty when none is set."""
        return tuple(part.strip().rstrip("/") for part in self.public_origin.split(",") if part.strip())


def _value(setting: Setting, given: str) -> int | str | bool:
    if setting.type is str:
        return given.strip()
    if setting.type is bool:
        if given.strip().lower() in ("1", "true", "yes", "0", "false", "no", ""):
            return given.strip().lower() in ("1", "true", "yes")
        raise Refusal("setting_bad", variable=setting.variable, value=given[:40])
    try:
        number = int(given)
    except ValueError:
        raise Refusal("setting_bad", variable=setting.variable, value=given[:40]) from None
    if not setting.minimum <= number <= setting.maximum:
        raise Refusal("setting_bad", variable=setting.variable, value=given[:40])
    return number


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this environment. Raises Refusal `setting_bad` (`variable`, `value`)."""
    source = os.environ if environment is None else environment
    given = {s.name: _value(s, source[s.variable]) for s in SETTINGS if s.variable in source}
    return Settings(**given)  # type: ignore[arg-type]  # each value was read by its line's own type


def settings_document() -> str:
    """docs/operate/settings.md, generated."""
    lines = [
        "# Settings",
        "",
        "Read once at the start, from the environment. Generated from `server/duthao/settings.py` by "
        "`python -m duthao.settings`; a test holds that it is up to date.",
        "",
        "| variable | default | what it does |",
        "|---|---|---|",
    ]
    for s in SETTINGS:
        default = str(s.default).lower() if s.type is bool else str(s.default)
        lines.append(f"| `{s.variable}` | {f'`{default}`' if default else 'empty'} | {s.help} |")
    return "\n".join(lines) + "\n"


assert tuple(f.name for f in fields(Settings)) == tuple(s.name for s in SETTINGS)

if __name__ == "__main__":
    import sys

    sys.stdout.write(settings_document())
