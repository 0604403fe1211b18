"""Who gets what from the addresses of `practice`."""

from tests.permissions.row import Row

ROWS: list[Row] = []
