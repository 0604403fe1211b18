"""Rich text: what it shows, and that nothing in it runs."""

import pytest

from homework.domain.markup import render


def test_render_shows_the_small_markdown():
    assert render("# Hi\n\n**b** *i*\n\n- one\n- two") == (
        "<h3>Hi</h3>\n<p><strong>b</strong> <em>i</em></p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


def test_render_keeps_web_mail_and_telephone_links():
    for address in ("https://example.org/a", "mailto:a@example.org", "tel:116123"):
        assert f'href="{address}"' in render(f"[x]({address})")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/x.png)",
        '[x](https://a.b "onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
        "[x](//evil.example)",
    ],
)
def test_render_lets_nothing_run_load_or_style(source):
    html = render(source).lower()
    for danger in ("<script", "<img", "<svg", "style=", 'href="javascript', 'href="data', 'href="//', "title="):
        assert danger not in html


def test_render_shows_html_in_the_source_as_words():
    assert render("<a style='position:fixed'>x</a>") == "<p>&lt;a style='position:fixed'&gt;x&lt;/a&gt;</p>\n"
