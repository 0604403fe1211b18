"""Room on the disks: the state folder, and the database's where it is on this machine."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn

LITTLE, TOO_LITTLE = 2 * 1024**3, 256 * 1024**2
GIB: Final = 1024**3


def look_at_disk() -> list[Finding]:
    """Return how much room is left, and whether the state folder can be written."""
    found = _state_folder(Path(settings.STATE_DIR))
    data = _data_folder()
    if data is not None:
        found += _room("the database's folder", data)
        if Path(settings.STATE_DIR).resolve().is_relative_to(data.resolve()):
            says = "STATE_DIR lies inside the database's folder: a copy of it would pass as the original"
            found.append(fail(says, "Move it to a volume of its own."))
    return found


def _state_folder(folder: Path) -> list[Finding]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        do = "Make STATE_DIR a volume that web, worker and engine share and may write. Without it the engine holds."
        return [fail(f"STATE_DIR can't be written: {error.strerror}", do)]
    return _room("STATE_DIR", folder)


def _data_folder() -> Path | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            folder = Path(cursor.fetchone()[0])
    except DatabaseError:  # only superusers and pg_read_all_settings may ask
        return None
    try:
        return folder if (folder / "PG_VERSION").exists() else None
    except OSError:
        return None


def _room(name: str, folder: Path) -> list[Finding]:
    free = shutil.disk_usage(folder).free
    says = f"{free / GIB:.1f} GiB are free for {name}"
    if free < TOO_LITTLE:
        return [fail(says, "Make room now: PostgreSQL stops when the disk is full.", free=free)]
    if free < LITTLE:
        return [warn(says, "Make room, or move it to a larger disk.", free=free)]
    return [fine(says, free=free)]


DOCTOR_CHECKS.register("disk", look_at_disk, order=80)
