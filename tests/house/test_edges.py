"""What edges keep to: they parse, fetch by access, call one verb and render."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("clients", "messaging", "homework", "alliance")
EDGES = ("views", "api", "consumers.py", "tasks.py", "admin.py", "receivers.py", "forms", "serializers")
TOUCHES_ROWS = re.compile(r"\.objects\b|\.save\(")
BACKGROUND = re.compile(r"\.delay\(")


def files(*places):
    """Python files of the rooms at these places."""
    for room in ROOMS:
        for place in places:
            path = ROOT / room / place
            yield from path.rglob("*.py") if path.is_dir() else [path] if path.exists() else []


def lines_with(pattern, paths):
    """Where a pattern stands."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def test_edges_touch_no_rows():
    assert lines_with(TOUCHES_ROWS, files(*EDGES)) == []


def test_work_is_handed_over_only_after_the_commit():
    assert lines_with(BACKGROUND, [path for room in (*ROOMS, "practice") for path in (ROOT / room).rglob("*.py")]) == []
