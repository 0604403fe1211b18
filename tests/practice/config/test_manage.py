"""`manage.py` says what is wrong with the environment in one line."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOTHING = {"DEMO": "0", "VAULT_KEYS": "", "SECRET_KEY": "x", "STACK_DIR": "var/none"}


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run it with this environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_wrong_variable_is_named_without_a_traceback() -> None:
    done = manage("check", **NOTHING)
    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: VAULT_KEYS is not set.")
    assert len(done.stderr.splitlines()) == 1
