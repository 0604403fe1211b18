"""What may be said: the text of a message, tidied, or why it can't be taken."""

import re
from typing import Final

from django.utils.translation import gettext as _

LONGEST: Final = 10_000
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class Refused(Exception):
    """Why a message isn't taken. `str()` is for the person who wrote it."""


class Unsayable(Refused):
    """The text itself: empty, or too long."""


def tidy(text: object) -> str:
    """Return the text without characters that nobody typed on purpose. Raises Unsayable."""
    if not isinstance(text, str):
        raise Unsayable(_("A message is text."))
    clean = LONE_SURROGATE.sub("\ufffd", UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if not clean:
        raise Unsayable(_("Write a few words first."))
    if len(clean) > LONGEST:
        raise Unsayable(_("This is longer than %(most)s characters. Send it in two parts.") % {"most": f"{LONGEST:,}"})
    return clean
