"""Who gets what from the addresses of `homework`."""

from tests.permissions.row import Row

ROWS: list[Row] = []
