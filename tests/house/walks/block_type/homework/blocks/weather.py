"""The weather inside."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import BadAnswer, Block, BlockType, register

SKIES = {"sun": gettext_lazy("Sunny"), "cloud": gettext_lazy("Cloudy"), "rain": gettext_lazy("Rainy")}


class Weather(BlockType):
    """One of three skies."""

    key = "weather"
    label = gettext_lazy("Weather")
    icon, seconds = "rating", 5

    def clean(self, block: Block, value: Any) -> str:
        """Return the sky."""
        if value not in SKIES:
            raise BadAnswer(_("Please choose one of the three."))
        return str(value)

    def line(self, block: Block, value: Any) -> str:
        """Return the sky in words."""
        return str(SKIES[value])


WEATHER = register(Weather, order=75)
