"""JSON of the API, read without surprises: nested too deeply or not JSON at all is a calm 400."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class CalmJSONParser(JSONParser):
    """DRF's parser, which refuses NaN and Infinity; one that runs out of stack says so as a bad request."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the value. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This is nested too deeply to be read.")) from None
