"""A graceful stop under uvicorn: on SIGTERM sockets are closed as restarting, spread over some seconds, then it ends.

uvicorn itself closes all of them at once, before the application hears of it. A second signal ends at once.
"""

import asyncio
import signal
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from practice.live.hub import Hub

_watched: set[int] = set()


def watch(hub: "Hub") -> None:
    """Put ourselves before uvicorn's handlers, once a process. Elsewhere this does nothing."""
    if id(hub) in _watched:
        return
    _watched.add(id(hub))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        theirs = signal.getsignal(number)
        if type(getattr(theirs, "__self__", None)).__module__.startswith("uvicorn"):
            signal.signal(number, _gently(hub, loop, theirs))


def _gently(hub: "Hub", loop: asyncio.AbstractEventLoop, theirs: Any) -> Any:
    def handler(number: int, frame: FrameType | None) -> None:
        signal.signal(number, theirs)
        asyncio.run_coroutine_threadsafe(_leave(hub, theirs, number), loop)

    return handler


async def _leave(hub: "Hub", theirs: Any, number: int) -> None:
    await hub.leave()
    theirs(number, None)
