"""The style sheets stay within the browser floor and turn round with the direction of writing."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SHEETS = sorted((HOUSE / "static" / "css").rglob("*.css"))
SIDES = r"(?:left|right|top|bottom)"
PHYSICAL = re.compile(
    rf"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-(?:margin|padding))-{SIDES}(?:-\w+)?|{SIDES}|"
    r"(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
)
ALIGNED = re.compile(r"text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)")
LOPSIDED = re.compile(r"(?<![\w-])(?:padding|margin)\s*:\s*([^;}]+)")
TOO_NEW = (
    (re.compile(r":has\("), ":has()"),
    (re.compile(r"color-mix\("), "color-mix()"),
    (re.compile(r"(?<![\w-])(?:translate|rotate|scale)\s*:"), "an individual transform"),
    (re.compile(r"\d(?:dvh|svh|lvh|dvb)\b"), "a dynamic viewport unit"),
    (re.compile(r"@container|@scope|@starting-style|@import"), "an at-rule that is too new or slow"),
)


def declarations(source):
    """The sheet without comments, strings in url() and the preludes of @media."""
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    bare = re.sub(r"url\([^)]*\)", "url()", bare)
    return re.sub(r"@(?:media|supports)[^{]*", "@media ", bare)


def nested(source):
    """Rules inside rules, other than in @media, @supports, @keyframes, @font-face and @page."""
    found, stack, word = [], [], ""
    for letter in declarations(source):
        if letter == "{":
            if stack and not stack[-1].startswith("@"):
                found.append(word.strip())
            stack.append(word.strip())
            word = ""
        elif letter == "}":
            stack.pop()
            word = ""
        elif letter == ";":
            word = ""
        else:
            word += letter
    return found


def lopsided(value):
    """Whether a shorthand of four gives the two sides of a line different room."""
    parts = re.findall(r"[\w.-]+\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+", value.replace("!important", ""))
    return len(parts) == 4 and parts[1] != parts[3]


each_sheet = pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.relative_to(HOUSE / "static" / "css")))


@each_sheet
def test_a_sheet_uses_logical_properties(path):
    source = declarations(path.read_text())
    assert PHYSICAL.findall(source) == []
    assert ALIGNED.findall(source) == []
    assert [value for value in LOPSIDED.findall(source) if lopsided(value)] == []


@each_sheet
def test_a_sheet_stays_within_the_browser_floor(path):
    source = declarations(path.read_text())
    assert [what for pattern, what in TOO_NEW if pattern.search(source)] == []
    assert nested(path.read_text()) == []


def test_both_dark_palettes_are_one():
    source = (HOUSE / "static" / "css" / "tokens.css").read_text()
    _light, media, chosen = re.split(r"@media|\[data-theme=\"dark\"\]", source)[:3]
    pairs = [dict(re.findall(r"(--[\w-]+):\s*([^;]+);", part)) for part in (media, chosen)]
    assert pairs[0] == pairs[1]


def test_a_planted_fault_is_found():
    assert nested(".a { color: red; & .b { color: blue; } }") == ["& .b"]
    assert PHYSICAL.search(declarations(".a{margin-left:1px}"))
    assert lopsided("1px 2px 3px 4px")
    assert not lopsided("1px 2px 3px 2px")
