"""Who gets what from the addresses of `alliance`."""

from tests.permissions.row import Row

ROWS: list[Row] = []
