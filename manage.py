#!/usr/bin/env python
"""Django's command line."""

import os
import sys

NEEDS_NOTHING = {"score", "preview_plan"}  # neither database nor keys: they work in a bare checkout


def main() -> None:
    """Run the command named on the command line."""
    if NEEDS_NOTHING & set(sys.argv[1:2]) and not os.environ.get("VAULT_KEYS"):
        os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.config.settings")
    from django.core.management import execute_from_command_line

    try:
        from practice.config.env import WrongEnvironment
    except PermissionError as error:
        sys.exit(f"manage.py: {error.filename} may not be read by this user. Call it as the one the services run as.")
    try:
        execute_from_command_line(sys.argv)
    except WrongEnvironment as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
