"""The small Markdown of messages: bold, italic, lists, quotes, links. Text in, safe HTML out.

Raw HTML is shown as text; the result goes through a sanitiser all the same. No pictures: a message loads nothing.
"""

import re
from functools import cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS: Final = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
SCHEMES: Final = {"http", "https", "mailto", "tel"}


PLAIN: Final = re.compile(r"(?!\s*[-+>*#\d])[^*_\[\]<>&\\`\"'\n]*\Z")  # one line without a mark: most messages


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("zero", {"breaks": True, "html": False})
    return made.enable(["emphasis", "list", "blockquote", "link", "autolink", "newline", "escape", "balance_pairs"])


def as_html(text: str) -> SafeString:
    """Return what was typed as safe HTML. Links open elsewhere and tell nobody where from."""
    if PLAIN.match(text):
        return mark_safe(f"<p>{text}</p>")  # noqa: S308 - nothing in it that HTML would notice
    made = nh3.clean(
        _markdown().render(text),
        tags=TAGS,
        attributes={"a": {"href"}, "*": set()},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return mark_safe(made.strip())  # noqa: S308 - nh3 cleaned it


def as_line(text: str, length: int = 120) -> str:
    """Return the beginning as one line of plain text, for lists."""
    line = " ".join(text.replace("*", "").replace("_", "").split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
