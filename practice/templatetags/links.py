"""`{% url %}` as Django's own, but an address is worked out once (pages/links.py)."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as as_django_reads_it
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from practice.pages.links import address_of

register = template.Library()


class RememberedURLNode(URLNode):
    """Django's node with another way to the address."""

    def render(self, context: template.Context) -> Any:
        """Return the address, or keep it under the name given by `as`."""
        args = [arg.resolve(context) for arg in self.args]
        named = {key: value.resolve(context) for key, value in self.kwargs.items()} if self.kwargs else {}
        try:
            url = address_of(self.view_name.resolve(context), *args, current_app=_app(context), **named)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            url = ""
        if self.asvar:
            context[self.asvar] = url
            return ""
        return conditional_escape(url) if context.autoescape else url


def _app(context: template.Context) -> str | None:
    request = getattr(context, "request", None)  # a component has none
    match = getattr(request, "resolver_match", None)
    return getattr(request, "current_app", None) or (match.namespace if match else None)


@register.tag
def url(parser: Parser, token: Token) -> RememberedURLNode:
    """`{% url "clients:client-overview" client.pk %}`: the address of a view."""
    node = as_django_reads_it(parser, token)
    return RememberedURLNode(node.view_name, node.args, node.kwargs, node.asvar)
