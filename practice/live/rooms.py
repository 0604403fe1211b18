"""A topic and the sockets of this process that listen to it."""

import json
from typing import Protocol


class Listener(Protocol):
    """An open socket, as the hub and the rooms see it."""

    user_id: int
    session_key: str
    mark: int
    rooms: "list[Room]"

    def push(self, text: str) -> None:
        """Queue a text."""

    def close(self, code: int, reason: str = "") -> None:
        """End it."""


class Room:
    """Passes a hint on. Kinds that have something to read override `heard`."""

    def __init__(self, kind: str, pk: int) -> None:
        self.kind = kind
        self.pk = pk
        self.sockets: set[Listener] = set()
        self.known: dict[str, int] = {}

    @property
    def topic(self) -> str:
        """Return the name that hints carry."""
        return f"{self.kind}.{self.pk}"

    def heard(self, what: str, n: int) -> None:
        """Take a hint, or what the head check found. With a number, only a greater one is news."""
        if n:
            before, self.known[what] = self.known.get(what), max(n, self.known.get(what, 0))
            if before is not None and n <= before:
                return
        self.tell(json.dumps({"hint": what}))

    def found(self, what: str, n: int) -> None:
        """Take what the head check found: the first number is only remembered, a changed one is news."""
        before, self.known[what] = self.known.get(what), n
        if before is not None and n != before:
            self.tell(json.dumps({"hint": what}))

    def tell(self, text: str, *, but: Listener | None = None) -> None:
        """Queue one text for every socket here, but not for the one that is told in another way."""
        for socket in self.sockets:
            if socket is not but:
                socket.push(text)
