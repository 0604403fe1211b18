"""The documents name only what exists."""

import re
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = ("practice", "clients", "messaging", "homework", "alliance")
SKIPPED = {"node_modules", ".venv", "var", "staticfiles", ".git"}
DOCUMENTS = sorted(
    path.relative_to(HOUSE)
    for path in [*HOUSE.glob("*.md"), *HOUSE.glob("*/README.md"), *HOUSE.glob("docs/**/*.md")]
    if not SKIPPED & set(path.relative_to(HOUSE).parts)
)
TICKED = re.compile(r"`([\w./{}*-]+/[\w./{}*-]*|[\w-]+\.(?:py|md|json|html|css|js|svg|toml|lock|yml))`")
LINKED = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
TESTED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
MADE = ("var/", "benchmarks/results/", "test-results/")  # while running
ROUTES = ("/", "ws/", "api/", "desk/", *MADE)  # addresses, and what is made

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=str)


def roots(document):
    """Where a path in this document may start: the house, the document's folder, a room, the scripts, the templates."""
    return [HOUSE, HOUSE / document.parent, *(HOUSE / start for start in (*ROOMS, "static/js", "templates"))]


@cache
def names():
    """The name of every file in the house: a document may speak of one without its folder."""
    inside = [path for path in HOUSE.iterdir() if path.name not in SKIPPED]
    return {path.name for top in inside for path in (top.rglob("*") if top.is_dir() else [top])}


def exists(document, name):
    if "/" not in name:
        return name in names()
    return any(list(root.glob(name.strip("/"))) for root in roots(document))


@each_document
def test_every_path_in_a_document_exists(document):
    named = [name for name in TICKED.findall((HOUSE / document).read_text()) if not name.startswith(ROUTES)]
    assert [name for name in named if "{" not in name and not exists(document, name)] == []


@each_document
def test_every_link_in_a_document_leads_somewhere(document):
    linked = LINKED.findall((HOUSE / document).read_text())
    assert [name for name in linked if not (HOUSE / document.parent / name).exists()] == []


@each_document
def test_every_test_named_in_a_document_is_there(document):
    missing = [
        f"{path}::{name}"
        for path, name in TESTED.findall((HOUSE / document).read_text())
        if not (HOUSE / path).is_file() or f"def {name}(" not in (HOUSE / path).read_text()
    ]
    assert missing == []


def test_licence_is_named_by_its_spdx_id():
    assert 'license = "AGPL-3.0-or-later"' in (HOUSE / "pyproject.toml").read_text()
    assert "SPDX-License-Identifier: AGPL-3.0-or-later" in (HOUSE / "README.md").read_text()


def test_each_room_has_a_readme():
    assert [room for room in ROOMS if not (HOUSE / room / "README.md").is_file()] == []


def test_each_hazard_has_a_cause_a_control_and_tests_that_show_it():
    hazards = re.split(r"(?m)^## \d+\. ", (HOUSE / "docs" / "hazards.md").read_text())[1:]
    assert len(hazards) == 10
    for hazard in hazards:
        assert "**Cause.**" in hazard
        assert "**Control.**" in hazard
        assert TESTED.search(hazard.partition("**Shown by.**")[2]), hazard.splitlines()[0]
