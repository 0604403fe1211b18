"""The sheets of a shell reach the browser as one small file."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from practice.pages.stylesheets import SHELLS, BundleFinder, bundle_path, joined

HOUSE = Path(__file__).parents[3]
KB = 1000


def squeezed(*paths):
    return sum(len(gzip.compress(Path(finders.find(path)).read_bytes(), 9)) for path in paths)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_bundle_holds_its_sheets_in_the_order_of_the_cascade(shell):
    text = Path(finders.find(bundle_path(shell))).read_text()
    assert text.index("--paper") < text.index("@font-face") < text.index(".btn {") < text.index("@page")
    assert "/*" not in text


def test_every_sheet_of_the_house_is_in_a_bundle_or_linked_by_a_page():
    bundled = {name for sheets in SHELLS.values() for name in sheets}
    pages = "".join(path.read_text() for path in (HOUSE / "templates").rglob("*.html"))
    own = {str(path.relative_to(HOUSE / "static")) for path in (HOUSE / "static/css").glob("*.css")}
    own |= {str(path.relative_to(HOUSE / "static")) for path in (HOUSE / "static/css/components").glob("*.css")}
    assert {name for name in own - bundled if name not in pages} == set()


def test_an_unknown_shell_is_refused():
    with pytest.raises(KeyError):
        bundle_path("attic")


def test_other_files_are_left_to_the_other_finders():
    assert BundleFinder().find("css/base.css") == []


def test_comments_go_and_rules_stay(tmp_path):
    (tmp_path / "a.css").write_text("/* why */\n.a { color: red; }\n\n")
    assert joined([tmp_path / "a.css"]) == ".a { color: red; }\n"


def test_what_every_portal_page_loads_is_under_140_kb():
    """The page itself then has 60 kB of its 200."""
    fonts = [
        "vendor/fonts/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "vendor/fonts/fraunces/files/fraunces-latin-wght-normal.woff2",
    ]
    scripts = ["js/early.js", "js/behaviours/index.js", "js/behaviours/dialog.js", "django_htmx/htmx-2.min.js"]
    assert squeezed(bundle_path("portal"), *fonts, *scripts) < 140 * KB
