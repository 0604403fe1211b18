"""Template tags of the shell: icons, style sheets, charts' small words.

What lives here: tags that templates/base.html and the components need. Nothing here reads the database.
"""

from __future__ import annotations

from typing import Any

import rules
from django import forms, template
from django.forms import BoundField
from django.template.base import FilterExpression, Parser, Token
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from practice.clock import duration_parts
from practice.pages.icons import icon_svg
from practice.pages.stylesheets import bundle_path

register = template.Library()

TONES = ("plum", "teal", "clay", "honey")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "home" %}`: the drawing as inline SVG, hidden from screen readers."""
    return icon_svg(name, size)


@register.simple_tag
def stylesheets(shell: str) -> SafeString:
    """The `<link>` of a shell's sheet ("portal", "desk" or "print")."""
    return format_html('<link rel="stylesheet" href="{}">', static(bundle_path(shell)))


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str, row: object = None) -> bool:
    """`{% may "homework.change_activity" activity as may_change %}`: whether the reader may. Pages offer no more."""
    seat = context.get("seat")
    return seat is not None and bool(rules.has_perm(permission, seat, row))


class PlacedTemplate(template.Node):
    """The tag's node. Nothing is looked up, loaded or set aside for it, as an `{% include %}` does each time."""

    def __init__(self, found: FilterExpression) -> None:
        self.found = found

    def render(self, context: template.Context) -> SafeString:
        """Return the template's text."""
        text: SafeString = self.found.resolve(context).template.nodelist.render(context)
        return text


@register.tag
def place(parser: Parser, token: Token) -> PlacedTemplate:
    """`{% place template %}`: a template that is loaded already (`get_template`), here, for the cells of a long list.

    It sees what stands around it, and may not extend another.
    """
    _name, found = token.split_contents()
    return PlacedTemplate(parser.compile_filter(found))


@register.filter
def tone_for(key: object) -> str:
    """A tone that stays the same for the same person or thing, for avatars without a chosen one."""
    return TONES[sum(str(key).encode()) % len(TONES)]


@register.filter
def initial(name: object) -> str:
    """The first letter of a name, for an avatar; "" for an empty name."""
    return str(name).strip()[:1].upper()


@register.filter
def duration(seconds: float) -> str:
    """How long that is, in the reader's language and numbers: "7.6 s", "12 min 5 s", "1 h 32 min", "2 d 3 h"."""
    units = {"d": _("%(n)s d"), "h": _("%(n)s h"), "min": _("%(n)s min"), "s": _("%(n)s s")}
    return " ".join(units[unit] % {"n": number_format(amount)} for amount, unit in duration_parts(seconds))


@register.filter
def pips(on: object, of: object) -> list[bool]:
    """`of` marks, the first `on` of them lit; at most 12, so that a row stays a row."""
    lit, total = int(str(on or 0)), min(int(str(of or 0)), 12)
    return [place < lit for place in range(total)]


@register.filter
def first_error(field: BoundField) -> str:
    """The errors of a bound field as one text."""
    return " ".join(str(message) for message in field.errors)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the field may stay empty and says so; a choice with a first value never does."""
    return not field.field.required


@register.filter
def control_kind(field: BoundField) -> str:
    """ "switch" for one checkbox, "group" for radios and lists of checkboxes, else "control"."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "group"
    return "switch" if isinstance(widget, forms.CheckboxInput) else "control"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget of a bound field with our class, its help and its errors described for listeners."""
    widget, ident = field.field.widget, field.id_for_label
    extra: dict[str, Any] = {}
    described = [f"{ident}-help"] * bool(field.help_text) + [f"{ident}-error"] * bool(field.errors)
    if described and not isinstance(widget, forms.CheckboxInput):
        extra["aria-describedby"] = " ".join(described)
    if field.errors:
        extra["aria-invalid"] = "true"
    if isinstance(widget, forms.CheckboxInput):
        return field.as_widget(attrs={**extra, "role": "switch"})
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        return format_html('<span class="pick">{}</span>', field.as_widget(attrs=extra))
    if isinstance(widget, forms.Textarea):
        extra["data-autosize"] = True
    return field.as_widget(attrs={"class": f"input {widget.attrs.get('class', '')}".strip(), **extra})
