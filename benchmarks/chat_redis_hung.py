"""`chat-redis-hung`: the time until "saved" while Redis stands still, against the same minute before.

100 conversations, 100 posts a second, one process. Both sides are the product: what is measured is that a publish that
hangs is never waited for.
"""

import asyncio
import signal

from benchmarks import chat_paced
from benchmarks.chat_paced import Side
from benchmarks.figures import delay

RATE, SECONDS = 100, 10
QUICK = {"seconds": 3}


def run(*, seconds: int = SECONDS) -> None:
    """Measure and print. `seconds` is how long Redis stands still."""
    with chat_paced.both_sides() as (bare, product):
        before, meanwhile = asyncio.run(_measure(product, seconds))
        lost, _unheard, doubled, astray = chat_paced.faults_of(product)
        del bare
        delay(
            "chat-redis-hung", product=chat_paced._p95(meanwhile), bare=chat_paced._p95(before), hold=3, aim=1.5,
            zero={"lost": lost, "doubled": doubled, "out_of_order": astray}, posts=len(product.sent), seconds=seconds,
        )  # fmt: skip


async def _measure(product: Side, seconds: int) -> tuple[list[float], list[float]]:
    sockets = await chat_paced._connect(product)
    listeners = [
        asyncio.create_task(chat_paced._listen(product, number, socket)) for number, socket in enumerate(sockets)
    ]
    await chat_paced._talk(product, sockets, 2, rate=RATE)
    await asyncio.sleep(1)
    product.acks.clear()
    await chat_paced._talk(product, sockets, seconds, rate=RATE)
    await asyncio.sleep(1)
    before = list(product.acks)
    product.acks.clear()
    chat_paced.REDIS[-1].send(signal.SIGSTOP)
    try:
        await chat_paced._talk(product, sockets, seconds, rate=RATE)
        await asyncio.sleep(1)
        meanwhile = list(product.acks)
    finally:
        chat_paced.REDIS[-1].send(signal.SIGCONT)
    await asyncio.sleep(6)  # the head check
    for task in listeners:
        task.cancel()
    for socket in sockets:
        await socket.close()
    return before, meanwhile
