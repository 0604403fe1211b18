"""What the tests' browser is told."""

import re
from pathlib import Path

import playwright

from tests.browser import PLAYWRIGHTS

DRIVER = Path(playwright.__file__).parent / "driver" / "package" / "lib"
LIST = re.compile(r"\bdisabledFeatures = \[(.*?)\]", re.DOTALL)


def test_what_playwright_switches_off_stays_off():
    """The browser heeds one list alone, and ours comes after Playwright's."""
    (theirs,) = LIST.findall((DRIVER / "coreBundle.js").read_text())
    names = set(re.findall(r'^\s*"(\w+)"', theirs, re.MULTILINE))
    assert len(names) > 5
    assert {name for name in names if not name.startswith("ms")} - set(PLAYWRIGHTS.split()) == set()
