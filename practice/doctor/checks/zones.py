"""Time zone data: Python's decides, the system's and PostgreSQL's should know the same rules."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import tzdata  # type: ignore[import-untyped]
from django.db import connection
from django.utils import timezone

from practice.clock.zones import known_zones
from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fine, warn

MOMENTS: Final = 48  # every two weeks or so over two years: each change of an hour lies between two of them
STEP: Final = timedelta(days=15)
THEIRS: Final = """
SELECT z, m, extract(epoch FROM (m AT TIME ZONE z) - (m AT TIME ZONE 'UTC'))::int
FROM unnest(%s::text[]) z JOIN pg_timezone_names n ON n.name = z CROSS JOIN unnest(%s::timestamptz[]) m
"""


def look_at_zones() -> Finding:
    """Return the three versions, and the zones on which Python and PostgreSQL disagree within two years."""
    names = sorted(known_zones())
    moments = _moments(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(THEIRS, [names, moments])
        theirs = cursor.fetchall()
    differ = sorted({name for name, moment, seconds in theirs if _offset(name, moment) != seconds})
    unknown = sorted(set(names) - {name for name, _moment, _seconds in theirs})
    versions = {"python": python_version(), "system": system_version(), "package": package_version()}
    facts = {"versions": versions, "differ": differ, "unknown_to_postgresql": len(unknown)}
    if versions["python"] < versions["package"]:
        says = f"Python reads zones of {versions['python']}, although {versions['package']} is installed"
        return warn(says, "Set PYTHONTZPATH to nothing (PYTHONTZPATH=), or update the system's tzdata.", **facts)
    if differ:
        says = f"PostgreSQL and Python disagree on {len(differ)} zones, such as {differ[0]}; Python's decide"
        do = "Update both: the package tzdata of the system and of Python. Future sends follow within a day."
        return warn(says, do, **facts)
    return fine(f"zones agree (Python {versions['python']}, system {versions['system'] or 'none'})", **facts)


def _moments(now: datetime) -> list[datetime]:
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [start + n * STEP for n in range(MOMENTS)]


def _offset(name: str, moment: datetime) -> int:
    offset = moment.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def python_version() -> str:
    """Return the version that Python reads: the system's where there is one on its path, else the package's."""
    for folder in zoneinfo.TZPATH:
        if Path(folder, "UTC").exists():
            return _version_in(Path(folder)) or f"unknown, in {folder}"
    return package_version()


def system_version() -> str:
    """Return the version of the system's zones, '' when it has none or doesn't say."""
    return _version_in(Path("/usr/share/zoneinfo"))


def package_version() -> str:
    """Return the version of the package tzdata."""
    return str(tzdata.IANA_VERSION)


def _version_in(folder: Path) -> str:
    try:
        with (folder / "tzdata.zi").open() as file:
            return file.readline().removeprefix("# version").strip()
    except OSError:
        return ""


DOCTOR_CHECKS.register("zones", look_at_zones, order=62)
