"""A QR code as inline SVG: black on white in every theme, since a phone's camera reads it. No style, no script."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, title: str | None = None) -> SafeString:
    """Return the picture of a text. Its size is the style sheet's business (`.qr`).

    `title` says to listeners what it is; without one the place where it stands says so.
    """
    picture = segno.make(text, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None, title=title
    )
    return mark_safe(picture)  # noqa: S308 - segno draws only paths from the text's bits, and escapes the title
