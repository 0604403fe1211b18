"""Tells a database that can't serve now from a row or a statement that is wrong."""

from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError

SERVER_IN_TROUBLE: Final = ("XX", "53", "57", "58", "08")
"""Classes of SQLSTATE: a file that can't grow or is damaged, no room or connections, stopping, io, gone."""


def is_outage(error: BaseException | None) -> bool:
    """Whether the server, not what was asked of it, is why this failed: gone, full, too busy, cut off."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    code = getattr(getattr(error, "__cause__", None), "pgcode", None) or ""
    return isinstance(error, DatabaseError) and code[:2] in SERVER_IN_TROUBLE
