"""The lock files: versions and hashes, no addresses, and the tests' one contains the other."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "scripts/tools.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+==[^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> set[str]:
    """The `name==version` of a lock file."""
    return set(PIN.findall((ROOT / name).read_text()))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address_and_hashes_every_package(name: str) -> None:
    text = (ROOT / name).read_text()
    unhashed = [block.split("\n")[0] for block in re.split(r"\n(?=[A-Za-z0-9])", text) if "--hash=sha256:" not in block]

    assert "://" not in text
    assert unhashed == []


def test_what_runs_is_what_is_tested() -> None:
    assert sorted(pins("requirements.lock") - pins("requirements-dev.lock")) == []


def test_npm_lock_names_no_address_and_hashes_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
