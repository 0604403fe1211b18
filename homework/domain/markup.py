"""Rich text: a small Markdown in, safe HTML out.

Headings, paragraphs, bold, italics, lists, quotes and links. HTML in the source is text, never markup. The result is
sanitised again on its way out, so that a fault of the renderer stays harmless. What may not be written at all (a link
that runs something) is refused by the text block before publishing.
"""

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS: Final = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "hr"}
SCHEMES: Final = {"https", "http", "mailto", "tel"}
_PARSER: Final = MarkdownIt("zero", {"html": False, "linkify": False, "breaks": True}).enable(
    ["emphasis", "list", "blockquote", "link", "heading", "hr", "newline", "escape", "entity"]
)


def render(markdown: str) -> SafeString:
    """Return the text as HTML with nothing in it that runs, loads or styles."""
    html = _PARSER.render(markdown)
    for level in ("1", "2", "3"):
        html = html.replace(f"<h{level}>", "<h3>").replace(f"</h{level}>", "</h3>")
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "*": set()},
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it
