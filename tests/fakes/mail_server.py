"""A mail server on loopback that does what a script says: take a mail, refuse it, be slow, cut the line after the last
byte and before the answer."""

import asyncio
import threading
from collections.abc import Callable
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from practice.config.stack.application import free_port

ACCEPT, LATER, NEVER, GREYLIST, NO_SUCH, SLOW, CUT = "accept", "later", "never", "greylist", "no such", "slow", "cut"
ANSWERS = {LATER: "451 4.3.0 Come again", NEVER: "554 5.6.0 Never"}
REFUSALS = {GREYLIST: "450 4.2.0 Come again", NO_SUCH: "550 5.1.1 Nobody here"}


class MailServer:
    """Takes mails by script: `script(n)` says what to do with the nth. `ids` are the Message-IDs of what arrived."""

    def __init__(self, script: Callable[[int], str] = lambda n: ACCEPT, *, slow: float = 0.3) -> None:
        self.script, self.slow = script, slow
        self.ids: list[str] = []
        self.told: dict[str, int] = {}
        self.began = threading.Event()
        self.port = free_port()
        self.number = 0
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def _next(self) -> str:
        self.number += 1
        chosen = self.script(self.number)
        self.told[chosen] = self.told.get(chosen, 0) + 1
        return chosen

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        """Decide what becomes of this mail."""
        envelope.chosen = self._next()
        if envelope.chosen in REFUSALS:
            return REFUSALS[envelope.chosen]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Do it."""
        if envelope.chosen in ANSWERS:
            return ANSWERS[envelope.chosen]
        self.ids.append(message_from_bytes(envelope.content)["Message-ID"])
        self.began.set()
        if envelope.chosen == SLOW:
            await asyncio.sleep(self.slow)
        if envelope.chosen == CUT:
            server.transport.abort()
        return "250 OK"

    def close(self) -> None:
        """Stop."""
        self.controller.stop()
