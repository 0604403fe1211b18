"""What the environment says. The first wrong value stops the start and is named.

Every variable read here stands in `.env.example`. A file `.env` beside `manage.py` is read first; the real
environment wins over it.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parents[2]
DEMO_VAULT_KEY = "demo:" + base64.b64encode(b"rapport demo key, never for real").decode()


class WrongEnvironment(Exception):
    """A variable is missing or wrong; the message names it and says how to mend it."""


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the `NAME=value` lines of a file; an absent file is an empty one."""
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}


@dataclass(frozen=True)
class Env:
    """Typed access to a mapping of variables."""

    variables: Mapping[str, str]

    def text(self, name: str, default: str | None = None) -> str:
        """Return the value, or the default when it is absent or empty."""
        value = self.variables.get(name, "") or default
        if value is None:
            raise WrongEnvironment(f"{name} is not set. See .env.example for what it means.")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no written as 1/0, true/false, yes/no."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"1", "0", "true", "false", "yes", "no"}:
            raise WrongEnvironment(f"{name}={value!r} is not 1 or 0.")
        return value in {"1", "true", "yes"}

    def number(self, name: str, default: int) -> int:
        """Return a whole number."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit():
            raise WrongEnvironment(f"{name}={value!r} is not a whole number.")
        return int(value)

    def choice(self, name: str, among: set[str], default: str) -> str:
        """Return one of the words of `among`."""
        value = self.text(name, default)
        if value not in among:
            raise WrongEnvironment(f"{name}={value!r} is none of {', '.join(sorted(among))}.")
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        """Return comma-separated words."""
        return [word.strip() for word in self.text(name, default or ",").split(",") if word.strip()]

    def vault_keys(self) -> dict[str, bytes]:
        """Return the environment keys `id:base64`, newest first, each 32 bytes.

        Without any the demo key is used, and only when DEMO=1.
        """
        written = self.words("VAULT_KEYS")
        if not written:
            if not self.flag("DEMO"):
                raise WrongEnvironment(
                    "VAULT_KEYS is not set. DEMO=1 is for a demo; else make a key: id:$(openssl rand -base64 32)"
                )
            written = [DEMO_VAULT_KEY]
        return dict(_key("VAULT_KEYS", entry) for entry in written)

    def keys(self, name: str) -> dict[str, bytes]:
        """Return other keys written alike, newest first; none when the variable is empty."""
        return dict(_key(name, entry) for entry in self.words(name))


def _key(name: str, entry: str) -> tuple[str, bytes]:
    key_id, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise WrongEnvironment(f"{name}: key {key_id!r} is not base64.") from error
    if not key_id or len(key_id) > 40 or len(key) != 32:
        raise WrongEnvironment(f"{name}: key {key_id!r} must be id:base64 of 32 bytes.")
    return key_id, key


@dataclass(frozen=True)
class DatabaseURL:
    """A PostgreSQL address as Django wants it."""

    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: dict[str, str] = field(default_factory=dict)


def parse_database_url(url: str) -> DatabaseURL:
    """Return the parts of `postgresql://user:password@host:port/name?host=/socket/folder`.

    Raises WrongEnvironment for another engine: one database engine everywhere.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise WrongEnvironment(f"DATABASE_URL must begin with postgresql:// (it begins with {parts.scheme!r}).")
    query: dict[str, str] = dict(parse_qsl(parts.query))
    return DatabaseURL(
        name=unquote(parts.path.lstrip("/")) or "app",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=query.pop("host", "") or parts.hostname or "",
        port=query.pop("port", "") or str(parts.port or ""),
        options=query,
    )


def redis_url(url: str, database: int) -> str:
    """Return the address of one database on the server that `url` names, in redis-py's spelling."""
    parts = urlsplit(url)
    if parts.scheme in {"unix", "redis+socket"}:
        return f"unix://{parts.path}?db={database}"
    if parts.scheme not in {"redis", "rediss"}:
        raise WrongEnvironment(
            f"REDIS_URL must begin with redis://, rediss:// or unix:// (it begins with {parts.scheme!r})."
        )
    return f"{parts.scheme}://{parts.netloc}/{database}"


def celery_url(url: str, database: int) -> str:
    """Return the same address in Celery's spelling (a socket's database is `virtual_host`)."""
    parts = urlsplit(url)
    if parts.scheme in {"unix", "redis+socket"}:
        return f"redis+socket://{parts.path}?virtual_host={database}"
    return redis_url(url, database)


def configured() -> dict[str, str]:
    """Return `.env` beside `manage.py`, overruled by the real environment."""
    return {**read_dotenv(BASE_DIR / ".env"), **os.environ}


def remembered(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what `make run` last told its children, so that `manage.py` beside it finds the same servers and keys."""
    return read_dotenv(BASE_DIR / (variables.get("STACK_DIR") or "var") / "stack.env")


env = Env({**remembered(configured()), **configured()})
