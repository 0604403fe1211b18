"""`chat-burst`: 200 people post at the same instant, against a Channels echo in rooms under the same burst.

Bursts in turns, bare and product, one process each. What counts is the p95 of the time until the *other* socket has the
message; beside it the time until the author's "saved".
"""

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

from benchmarks import chat_paced
from benchmarks.chat_paced import CONVERSATIONS, Side
from benchmarks.figures import delay

BURSTS, REST_SECONDS = 10, 2.0
QUICK = {"rows": 3}


def run(*, rows: int = BURSTS) -> None:
    """Measure and print. `rows` is how many bursts."""
    with chat_paced.both_sides() as (bare, product):
        asyncio.run(_measure(bare, product, rows))
        lost, unheard, doubled, astray = chat_paced.faults_of(product)
        delay(
            "chat-burst", product=chat_paced._p95(product.delays), bare=chat_paced._p95(bare.delays), hold=3, aim=1.5,
            zero={"lost": lost, "unheard": unheard, "doubled": doubled, "out_of_order": astray},
            saved_p95=f"{chat_paced._p95(product.acks):.1f}ms", posts=len(product.sent), at_once=2 * CONVERSATIONS,
        )  # fmt: skip


async def _measure(bare: Side, product: Side, bursts: int) -> None:
    sockets = {side.name: await chat_paced._connect(side) for side in (bare, product)}
    listeners = [
        asyncio.create_task(chat_paced._listen(side, number, socket))
        for side in (bare, product)
        for number, socket in enumerate(sockets[side.name])
    ]
    for burst in range(bursts + 1):
        for side in (bare, product):
            await _burst(side, sockets[side.name])
            await asyncio.sleep(REST_SECONDS)
            if burst == 0:  # warm: plans, keys, first writes of a page
                side.delays.clear()
                side.acks.clear()
    for task in listeners:
        task.cancel()
    for socket in (*sockets["bare"], *sockets["product"]):
        await socket.close()


async def _burst(side: Side, sockets: list[Any]) -> None:
    """Everybody at once."""
    frames = []
    for _each in sockets:
        uuid = str(uuid4())
        side.frames[uuid] = json.dumps(side.frame(uuid, "a message of this morning, some words long"))
        frames.append((uuid, side.frames[uuid]))
    now = time.perf_counter()
    side.sent.update((uuid, now) for uuid, _ in frames)
    await asyncio.gather(*(socket.send(text) for socket, (_, text) in zip(sockets, frames, strict=True)))
