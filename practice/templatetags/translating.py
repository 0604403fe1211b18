"""What `{% load i18n %}` loads: Django's tags, with a quicker `{% translate "words" %}` and `{% blocktranslate %}`.

Django wraps the words of each `{% translate %}` in a lazy object and makes that a string at once, and puts those of
each `{% blocktranslate %}` together anew; a list of rows has a hundred of them. Where a tag has nothing but its words
and values for them, the words are looked up directly. What comes out is the same.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token, render_value_in_context
from django.templatetags.i18n import BlockTranslateNode, TranslateNode, do_block_translate, do_translate
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


class WordsWithValues(template.Node):
    """Words around values, without a plural, a context or a name to keep them under.

    What needs more than that when it is said (a value that isn't there, a translation that can't be filled) is left to
    Django's own node.
    """

    def __init__(self, as_django_reads_it: BlockTranslateNode) -> None:
        self.whole = as_django_reads_it
        self.given = as_django_reads_it.extra_context
        self.words, self.names = as_django_reads_it.render_token_list(as_django_reads_it.singular)
        self.said: dict[str | None, str] = {}

    def render(self, context: template.Context) -> Any:
        """Return them in the reader's language, with the values."""
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = gettext(self.words)
        given = {name: value.resolve(context) for name, value in self.given.items()}
        try:
            values = [given[name] if name in given else context[name] for name in self.names]
            return said % {
                name: render_value_in_context(value, context) for name, value in zip(self.names, values, strict=True)
            }
        except (KeyError, ValueError):
            return self.whole.render(context)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> template.Node:
    """Read the tag as Django does, and make it quick where that changes nothing."""
    node: TranslateNode = do_translate(parser, token)
    expression = node.filter_expression
    literal = getattr(expression.var, "literal", None)
    is_plain = not (node.noop or node.asvar or node.message_context or expression.filters)
    return PlainWords(literal) if is_plain and isinstance(literal, str) else node


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> template.Node:
    """Read the tag as Django does, and make it quick where that changes nothing."""
    node: BlockTranslateNode = do_block_translate(parser, token)
    return node if node.plural or node.asvar or node.message_context else WordsWithValues(node)
