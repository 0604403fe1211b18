"""Channels: how a notification reaches a person. One file a channel, registered by being there."""

import importlib
import pkgutil
from functools import cache

from practice.notifications.channels.sender import Letter, Outcome, Result, Sender

__all__ = ["Letter", "Outcome", "Result", "Sender", "senders"]


@cache
def senders() -> dict[int, type[Sender]]:
    """Every channel that talks to a provider, by its number."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    kinds: list[type[Sender]] = Sender.__subclasses__()
    return {kind.channel: kind for kind in kinds if kind.has_provider}
