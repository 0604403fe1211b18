"""A QR code as inline SVG: black on white in every theme, since a phone's camera reads it. No style, no script."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """Return the picture of a text. Its size is the style sheet's business (`.qr`); say beside it what it is."""
    picture = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(picture, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff", border=3, svgclass="qr")
    return mark_safe(picture.getvalue().decode())  # noqa: S308 - segno draws only paths from the text's bits
