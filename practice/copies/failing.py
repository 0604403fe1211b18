"""The one way in which a copy fails: with one line that says what is wrong and what to do."""


class CannotCopy(Exception):
    """Nothing was made or changed; the message says why."""
