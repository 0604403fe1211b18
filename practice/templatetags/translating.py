"""What `{% load i18n %}` loads: Django's tags, with a quicker `{% translate "words" %}`.

Django wraps the words of each `{% translate %}` in a lazy object and makes that a string at once; a list of rows has a
hundred of them. Where the tag has nothing but its words they are looked up directly. What comes out is the same.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.i18n import register as of_django
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

register = template.Library()
register.tags.update(of_django.tags)
register.filters.update(of_django.filters)


class PlainWords(template.Node):
    """Words without a filter, a context or a name to keep them under."""

    def __init__(self, words: str) -> None:
        self.words = mark_safe(words.replace("%", "%%"))  # noqa: S308 - what stands in a template
        self.said: dict[str | None, str] = {}

    def render(self, context: template.Context) -> Any:
        """Return them in the reader's language."""
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = mark_safe(gettext(self.words).replace("%%", "%"))  # noqa: S308 - of a catalogue
        return said


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> template.Node:
    """Read the tag as Django does, and make it quick where that changes nothing."""
    node: TranslateNode = do_translate(parser, token)
    expression = node.filter_expression
    literal = getattr(expression.var, "literal", None)
    is_plain = not (node.noop or node.asvar or node.message_context or expression.filters)
    return PlainWords(literal) if is_plain and isinstance(literal, str) else node
