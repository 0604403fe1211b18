"""Open pages of a conversation, which apply what they hear as the browser does."""

import json
from typing import Any
from uuid import UUID

from tests.messaging.sockets import Line

Row = tuple[int, int, UUID, str]


class Device:
    """One open page, which applies events as the browser does."""

    def __init__(self, who: str, line: Line) -> None:
        self.who, self.line = who, line
        self.rows: list[Row] = []
        self.early: dict[int, Row] = {}
        self.answers: list[dict[str, Any]] = []
        self.code = 0

    @property
    def last(self) -> int:
        return len(self.rows)

    async def take(self) -> None:
        """Take all that came, and ask for what is missing."""
        while not self.line.wire.output_queue.empty():
            message = self.line.wire.output_queue.get_nowait()
            if message["type"] == "websocket.close":
                self.code = message["code"]
                return
            await self._heard(json.loads(message["text"]))

    async def _heard(self, said: dict[str, Any]) -> None:
        for event in [said["event"]] if "event" in said else said.get("events", []):
            self.early[event["seq"]] = (event["seq"], event["by"], UUID(event["uuid"]), event["text"])
        while self.last + 1 in self.early:
            self.rows.append(self.early.pop(self.last + 1))
        self.early = {seq: row for seq, row in self.early.items() if seq > self.last}
        if self.early or "resync" in said or said.get("hello", {}).get("head", 0) > self.last:
            await self.line.say(after=self.last)
        if {"ack", "refused", "unsaved"} & set(said):
            self.answers.append({key: value for key, value in said.items() if key != "event"})
