"""Who gets what from the addresses of `clients`."""

from tests.permissions.row import Row

ROWS: list[Row] = []
