"""Every domain event stands in the developer's table, and nothing else does."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
TABLE = HOUSE / "docs" / "developer" / "events.md"
DECLARED = re.compile(r"^(\w+) = (?:Signal|Event)\(\)", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)`", re.MULTILINE)


def test_every_event_is_in_the_table_and_no_other():
    files = [*HOUSE.glob("*/events.py"), *HOUSE.glob("practice/*/events.py")]
    declared = sorted(name for file in files for name in DECLARED.findall(file.read_text()))
    assert sorted(ROW.findall(TABLE.read_text())) == declared
