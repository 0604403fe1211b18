"""Who gets what from the addresses of `messaging`."""

from tests.permissions.row import Row

ROWS: list[Row] = []
