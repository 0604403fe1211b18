"""Every abuse case in docs/developer/security-cases.md has a test that exists, or says what is not built.

    python scripts/security_cases.py

Ends with 1 and one line a fault when a row has neither.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "developer" / "security-cases.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NOT_BUILT = re.compile(r"Not built: [^.]{15,}\.")
COLUMNS = 3
HEADINGS = {"Case", "---"}


def faults(text: str) -> list[str]:
    """Return one line for each row without a test, and for each test that is not there."""
    found = []
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] in HEADINGS:
            continue
        if len(cells) != COLUMNS:
            found.append(f"not three columns: {line[:80]}")
            continue
        case, happens, shown = cells
        tests = TEST.findall(shown)
        if not tests and not NOT_BUILT.search(happens):
            found.append(f"no test: {case}")
        found += [f"no such test: {path}::{name} ({case})" for path, name in tests if not exists(path, name)]
    return found


def exists(path: str, name: str) -> bool:
    """Whether the file holds a test of this name."""
    file = ROOT / path
    return file.is_file() and re.search(rf"def {name}\(", file.read_text()) is not None


def main() -> int:
    """Print the faults; return 1 when there are any."""
    found = faults(TABLE.read_text())
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
