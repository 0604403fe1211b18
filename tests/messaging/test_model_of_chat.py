"""Chat beside a plain model in memory: several devices post, repeat, read, lose hints, come back, join and leave.

After every step the table is the model, numbered without a gap, every device holds a beginning of it, and what a device
has with the events it has yet to get is what it would fetch anew. Once all is settled (the check every five seconds) it
has them all.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clients.domain.teaming import join_team, leave_team
from messaging.domain.posting import NotInIt, post
from messaging.models import Conversation, Participant
from messaging.queries.reading import events_after
from practice.live import codes, hub, limits
from practice.live.executor import database
from practice.people.models import User
from tests.messaging.devices import Device, Row
from tests.messaging.sockets import Line, sign_in
from tests.people import World, make_client, make_world

WORDS = st.sampled_from(["Good morning", "I went out", "**No**", "ä 😀 <b>", "x" * 300])
PLACE = st.integers(0, 999)  # in what is as long as time has let it become: what is drawn may not hang on that
PEOPLE = ("client", "therapist", "colleague")
DEVICES = 3  # of one person
NO_SHRINKING = (Phase.explicit, Phase.generate)  # a life costs seconds: the step that failed is said, not the shortest
LIVES = int(os.environ.get("CHAT_LIVES", "60"))


class Chat(RuleBasedStateMachine):
    """The rules. `world` is set by the test: making one takes longer than a whole life of a conversation."""

    world: World
    hints: list[tuple[str, str, int]]
    number = 0

    def __init__(self) -> None:
        super().__init__()
        Chat.number += 1
        self.loop = asyncio.new_event_loop()
        client = make_client(self.world.practice, f"C{Chat.number} Model", self.world.therapist)
        self.client = client
        self.people = {"client": client.user, "therapist": self.world.therapist, "colleague": self.world.colleague}
        self.sessions = {who: sign_in(user) for who, user in self.people.items()}
        with self.world.scope():
            self.pk = Conversation.objects.get(client=client).pk
        self.rows: list[Row] = []
        self.read = dict.fromkeys(PEOPLE, 0)
        self.members = {"client", "therapist"}
        self.devices: list[Device] = []
        self.hints.clear()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something, then let every device take what came meanwhile. Nobody here is too quick: limits are tested
        elsewhere.
        """
        limits.posts.acts.clear()
        limits.frames.acts.clear()
        done = self.loop.run_until_complete(work)
        self.loop.run_until_complete(self._take())
        return done

    async def _take(self) -> None:
        for _turn in range(3):
            await asyncio.sleep(0.001)
            for device in self.devices:
                await device.take()

    def until(self, true: Callable[[], bool]) -> None:
        """Let the devices take what comes until this is so."""

        async def wait() -> None:
            async with asyncio.timeout(60):
                while not true():
                    await self._take()

        with suppress(TimeoutError):
            self.loop.run_until_complete(wait())
        assert true()

    def of(self, who: str) -> list[Device]:
        return [device for device in self.devices if device.who == who and not device.code]

    # --- what may happen

    @initialize()
    def both_are_there(self) -> None:
        for who in ("client", "therapist"):
            self.open(who)

    @rule(who=st.sampled_from(PEOPLE))
    def open(self, who: str) -> None:
        if len(self.of(who)) >= DEVICES:
            return
        device = Device(who, Line(f"/ws/conversations/{self.pk}/", self.sessions[who]))
        assert self.run(device.line.open())
        self.devices.append(device)
        if who not in self.members:
            self.until(lambda: device.code == codes.NOT_YOURS)

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        device = data.draw(st.sampled_from(self.live()))
        self.run(device.line.leave())
        device.line, device.early = Line(f"/ws/conversations/{self.pk}/", self.sessions[device.who]), {}
        assert self.run(device.line.open())
        self.until(lambda: device.last == len(self.rows))

    @precondition(lambda self: self.live())
    @rule(data=st.data(), text=WORDS)
    def write(self, data: st.DataObject, text: str) -> None:
        device = data.draw(st.sampled_from(self.live()))
        uuid = uuid4()
        self.rows.append((len(self.rows) + 1, self.people[device.who].pk, uuid, text))
        assert self.said(device, uuid, text) == {"ack": str(uuid), "seq": len(self.rows)}

    @precondition(lambda self: self.own())
    @rule(data=st.data(), text=WORDS)
    def repeat(self, data: st.DataObject, text: str) -> None:
        device, (seq, _, uuid, before) = data.draw(st.sampled_from(self.own()))
        answer = self.said(device, uuid, text)
        if text == before:
            assert answer == {"ack": str(uuid), "seq": seq}
        else:
            assert (answer["refused"], answer["why"], answer["stored"]["seq"]) == (str(uuid), "otherwise", seq)

    @rule(who=st.sampled_from(PEOPLE), text=WORDS)
    def write_in_another_process(self, who: str, text: str) -> None:
        uuid, user = uuid4(), self.people[who]
        try:
            seq = self.run(sync_to_async(self._post)(user, text, uuid))
        except NotInIt:
            assert who not in self.members
        else:
            assert who in self.members
            self.rows.append((seq, user.pk, uuid, text))

    def _post(self, user: User, text: str, uuid: UUID) -> int:
        practice = self.world.practice.pk
        return post(
            conversation_id=self.pk, practice_id=practice, author=user, text=text, client_uuid=uuid, now=timezone.now()
        ).event.seq

    @rule(place=PLACE, again=st.booleans())
    def hear_a_hint(self, place: int, again: bool) -> None:
        """Whichever: they come in any order, some twice."""
        if self.hints:
            place %= len(self.hints)
            self.run(self._told(*(self.hints[place] if again else self.hints.pop(place))))

    async def _told(self, topic: str, what: str, n: int) -> None:
        hub.the_hub().told(topic, what, n)

    @rule(place=PLACE)
    def lose_a_hint(self, place: int) -> None:
        if self.hints:
            self.hints.pop(place % len(self.hints))

    @precondition(lambda self: self.live())
    @rule(data=st.data(), place=PLACE)
    def read_so_far(self, data: st.DataObject, place: int) -> None:
        device = data.draw(st.sampled_from(self.live()))
        seq = place % (device.last + 1)
        self.run(device.line.say(read=seq))
        self.read[device.who] = max(self.read[device.who], seq)

    @rule()
    def colleague_joins_or_leaves(self) -> None:
        act = leave_team if "colleague" in self.members else join_team
        user, by = self.world.colleague, self.world.therapist
        joined = "colleague" not in self.members
        self.run(sync_to_async(act)(client=self.client, user=user, by=by, now=timezone.now()))
        self.members ^= {"colleague"}
        theirs = self.of("colleague")
        if not joined and theirs:
            self.run(self._check())
            self.until(lambda: all(device.code == codes.NOT_YOURS for device in theirs))

    @rule()
    def settle(self) -> None:
        """The check every five seconds: everybody has everything, and it is what one would fetch anew."""
        self.run(self._check())
        self.until(lambda: all(device.last == len(self.rows) for device in self.live()))
        anew = self.fetched(after=0)
        assert all(device.rows == anew for device in self.live())

    async def _check(self) -> None:
        await hub.the_hub().check()

    # --- what must hold

    @invariant()
    def the_table_is_the_model(self) -> None:
        with self.world.scope():
            head = Conversation.objects.get(pk=self.pk).head
        assert self.fetched(after=0) == self.rows
        assert [seq for seq, *_ in self.rows] == list(range(1, head + 1))

    def fetched(self, *, after: int) -> list[Row]:
        """Return what one who asks now is given."""
        with self.world.scope():
            found = events_after(conversation_id=self.pk, after=after)
        return [(event.seq, event.author_id, event.uuid, event.text) for event in found]

    @invariant()
    def what_a_device_has_and_what_it_has_yet_to_get_is_what_it_would_fetch_anew(self) -> None:
        anew = self.fetched(after=0)
        still = {last: self.fetched(after=last) for last in {device.last for device in self.live()}}
        for device in self.live():
            assert device.rows + still[device.last] == anew

    @invariant()
    def every_device_holds_a_beginning_of_it(self) -> None:
        for device in self.devices:
            assert device.rows == self.rows[: device.last]

    def live(self) -> list[Device]:
        return [device for device in self.devices if not device.code]

    def own(self) -> list[tuple[Device, Row]]:
        return [(d, row) for d in self.live() for row in self.rows if row[1] == self.people[d.who].pk]

    def said(self, device: Device, uuid: UUID, text: str) -> dict[str, Any]:
        """Say it and return the answer."""
        device.answers.clear()
        self.run(device.line.say(post={"uuid": str(uuid), "text": text}))
        self.until(lambda: bool(device.answers))
        return device.answers.pop()

    def teardown(self) -> None:
        self.settle()
        for device in self.devices:
            with suppress(Exception):
                self.loop.run_until_complete(device.line.leave())
        with self.world.scope():
            moved = dict(Participant.objects.filter(conversation=self.pk).values_list("user", "read_seq"))
        for who in self.members - {"colleague"}:
            wrote = max((seq for seq, by, *_ in self.rows if by == self.people[who].pk), default=0)
            assert moved[self.people[who].pk] == max(self.read[who], wrote)
        self.loop.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("lives", "steps"), [(6, 30), pytest.param(LIVES, 60, marks=pytest.mark.long)], ids=["few", "many"]
)
@pytest.mark.timeout(3000)
def test_chat_is_its_model(monkeypatch, lives, steps):
    hints: list[tuple[str, str, int]] = []

    def told(topic: str, *, what: str, n: int = 0, **_: Any) -> None:
        hints.append((topic, what, n))

    for room in ("messaging", "practice.live", "clients"):
        monkeypatch.setattr(f"{room}.receivers.hint", told)
    monkeypatch.setattr("messaging.consumers.READ_SECONDS", 0.0)
    Chat.world, Chat.hints = make_world(), hints
    try:
        run_state_machine_as_test(
            Chat,
            settings=settings(
                max_examples=lives, stateful_step_count=steps, deadline=None, database=None,
                suppress_health_check=list(HealthCheck), print_blob=True, phases=NO_SHRINKING, derandomize=lives < 50,
            ),
        )  # fmt: skip
    finally:
        database.close()
