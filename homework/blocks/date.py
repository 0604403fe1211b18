"""A day in the calendar."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import BadAnswer, Block, BlockType, register


class Date(BlockType):
    """A calendar date."""

    key = "date"
    label = gettext_lazy("Date")
    icon, seconds = "cal", 10

    def clean(self, block: Block, value: Any) -> str | None:
        """Return the date as YYYY-MM-DD."""
        return None if value == "" else clean_day(value)

    def line(self, block: Block, value: Any) -> str:
        """Return the date as people write it."""
        return date_format(dt.date.fromisoformat(value), "j F Y")


def clean_day(value: Any) -> str:
    """Return the date as YYYY-MM-DD, between 1900 and 2200. Raises BadAnswer."""
    wrong = BadAnswer(_("Please choose a date, such as 24 March 2026."))
    if not isinstance(value, str):
        raise wrong
    try:
        day = dt.date.fromisoformat(value.strip())
    except ValueError:
        raise wrong from None
    if not 1900 <= day.year <= 2200:
        raise wrong
    return day.isoformat()


DATE = register(Date, order=41)
