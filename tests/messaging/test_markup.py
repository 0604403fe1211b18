"""Small Markdown: what is meant stays, what would run doesn't."""

import re

import pytest

from messaging.queries.markup import as_html, as_line


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Good **morning**", "<p>Good <strong>morning</strong></p>"),
        ("Hello there, how are you?", "<p>Hello there, how are you?</p>"),
        ("1. first", "<ol>\n<li>first</li>\n</ol>"),
        ("it's", "<p>it's</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("2 < 3 & 4", "<p>2 &lt; 3 &amp; 4</p>"),
    ],
)
def test_markdown_is_shown(typed, shown):
    assert as_html(typed) == shown


def test_link_opens_elsewhere_and_tells_nobody():
    html = as_html("[help](https://example.org/a)")

    assert 'href="https://example.org/a"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'target="_blank"' in html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://evil.example/p.gif)",
        "<svg/onload=alert(1)>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<style>*{background:url(//evil.example)}</style>",
        "{{ 7 * 7 }} {% load x %} '; DROP TABLE x; --",
    ],
)
def test_nothing_that_runs_or_loads_comes_through(typed):
    tags = set(re.findall(r"<\s*/?\s*([a-z0-9]+)", as_html(typed)))

    assert tags <= {"p", "a", "br", "em", "strong"}
    assert not re.search(r"<[^>]*(javascript:|data:|onerror|onload|onmouseover|src=)", as_html(typed), re.IGNORECASE)


def test_line_is_short_and_plain():
    assert as_line("**One**\n\ntwo  three " + "x" * 200).startswith("One two three xxx")
    assert len(as_line("word " * 100)) <= 120
