"""Walks that stay short: in a copy of the house, a new block type is three new files and a portal page is four, with a
line in two others. The house's own tests accept both there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
WALKS = Path(__file__).with_name("walks")
COPIED = ("alliance", "clients", "homework", "locale", "messaging", "practice", "templates", "tests")
LINKED = ("docs", "manage.py", "node_modules", "pyproject.toml", "scripts", "static")
BLOCK = ("homework/blocks/weather.py", "templates/homework/blocks/weather.html", "tests/homework/test_block_weather.py")
PAGE = (
    "homework/queries/looking_back.py", "homework/views/portal/looking_back.py",
    "templates/homework/portal/looking_back.html", "tests/homework/test_looking_back.py",
)  # fmt: skip
LINES = {
    "homework/urls.py": (
        "from homework.views.portal import journey\n",
        "from homework.views.portal import journey, looking_back\n",
        '    path("journey/", journey.show, name="portal-journey"),\n',
        '    path("looking-back/", looking_back.show, name="portal-looking-back"),\n',
    ),
    "tests/permissions/homework.py": (
        "",
        "",
        '    Row("homework:portal-journey", "GET", clients(200)),\n',
        '    Row("homework:portal-looking-back", "GET", clients(200)),\n',
    ),
}
ASKED = (
    "tests/homework/test_block_weather.py", "tests/homework/test_looking_back.py", "tests/homework/test_block_types.py",
    "tests/house/test_permission_table.py",
)  # fmt: skip
ABOUT_THEM = "weather or looking_back or looking-back or every_route or every_row"


@pytest.fixture
def copy(tmp_path):
    """The house once more."""
    house = tmp_path / "house"
    house.mkdir()
    for name in COPIED:
        shutil.copytree(HOUSE / name, house / name, ignore=shutil.ignore_patterns("walks"))
    for name in LINKED:
        (house / name).symlink_to(HOUSE / name)
    return house


def add(copy, walk, files):
    """Put a walk's files into the copy: these and no other, each of them new."""
    found = sorted(path.relative_to(WALKS / walk).as_posix() for path in (WALKS / walk).rglob("*.*") if path.is_file())
    assert [name for name in found if "__pycache__" not in name] == sorted(files)
    for name in files:
        assert not (copy / name).exists()
        shutil.copy(WALKS / walk / name, copy / name)


def write_lines(copy):
    """Add the page's address and its row in the permission table."""
    for name, (before, after, beside, line) in LINES.items():
        text = (copy / name).read_text()
        assert beside in text
        assert before in text
        (copy / name).write_text(text.replace(before, after, 1).replace(beside, beside + line, 1))


def test_block_type_is_three_files_and_a_portal_page_four_and_two(copy, django_db_setup):
    add(copy, "block_type", BLOCK)
    add(copy, "portal_page", PAGE)
    write_lines(copy)
    own = {
        "PYTEST_XDIST_WORKER": f"walk-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    asked = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-v", "-k", ABOUT_THEM, *ASKED]
    done = subprocess.run(asked, cwd=copy, env={**os.environ, **own}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = [line.split(" ")[0] for line in done.stdout.splitlines() if " PASSED" in line]
    assert sum(line.startswith("tests/homework/test_block_weather.py") for line in passed) == 2
    assert sum(line.startswith("tests/homework/test_looking_back.py") for line in passed) == 1
    for name in (
        "tests/homework/test_block_types.py::test_block_type_through_its_life[weather]",
        "tests/house/test_permission_table.py::test_route_answers_as_the_table_says[GET",
        "tests/house/test_permission_table.py::test_method_without_a_row_is_refused[homework:portal-looking-back]",
        "tests/house/test_permission_table.py::test_every_route_has_a_row",
    ):
        assert name in passed
