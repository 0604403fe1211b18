"""How good a password must be: hard to guess for a program that knows lists, names, keyboards and dates.

zxcvbn brings its lists along (30,000 common and breached passwords among them): nothing is asked of anybody outside.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LONGEST_READ = 72  # characters: its time grows with the square of the length
SHORTEST_WORD = 3  # of a name or address: what is left of a password without these must be good enough
GOOD_ENOUGH = 3  # of 4: safe against ten thousand tries a second where the hash was stolen


class HardToGuessValidator:
    """Refuses what is quickly guessed, the person's own name and address among it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with what would help."""
        told = f"{getattr(user, 'email', None) or ''} {getattr(user, 'name', None) or ''}"
        own = [word for word in re.split(r"\W+", told) if len(word) >= SHORTEST_WORD]
        rest = re.sub("|".join(map(re.escape, own)), "", password, flags=re.IGNORECASE) if own else password
        if not rest or zxcvbn(rest[:LONGEST_READ])["score"] < GOOD_ENOUGH:
            raise ValidationError(
                _("This is easily guessed. Take four or five words that have nothing to do with each other."),
                code="password_easily_guessed",
            )

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return _("A short sentence, or four words that have nothing to do with each other.")
