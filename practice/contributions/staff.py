"""What ties a member of staff to others: it is given to someone else before they can leave, or stop to treat."""

from collections.abc import Callable
from typing import Any

from practice.contributions.registry import Registry

STAFF_TIES: Registry[Callable[[Any], Any]] = Registry("what ties staff")
"""Functions of a membership that return a sentence for the page, or None when nothing is in the way."""
