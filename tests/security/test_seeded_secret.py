"""What a person wrote is found nowhere but behind the login.

One sentence is typed everywhere that a person can type, in the real thing, with logs at DEBUG. Then a plain dump, the
disk, logs, Redis (what it holds and every command it got), mails and the admin are searched for it. Redis is searched
for everybody's name and address too (fault 32), in what Celery wraps as well.
"""

import base64
import binascii
import contextlib
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from playwright.sync_api import APIResponse, BrowserContext, Page

from homework.models import Answer, Assignment, Comment
from messaging.models import Conversation, ConversationEvent
from practice.config.stack import postgres
from practice.people.models import User
from practice.tenancy import every_practice
from tests.faults.told import Told, tell
from tests.homework.sheets import make_assignment
from tests.live import Live
from tests.people import NOW, World, make_world
from tests.signing_in import sign_in

SECRET = "marmalade-lighthouse-4711"
SENTENCE = f"Nobody may read that I wrote {SECRET}."

pytestmark = pytest.mark.journey


class Watcher(threading.Thread):
    """Keeps every command that Redis gets."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.client = redis.Redis.from_url(url, socket_timeout=None)  # nothing may happen for a while
        self.seen: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        with self.client.monitor() as monitor:
            for command in monitor.listen():
                self.seen.append(str(command))
                if self.over.is_set():
                    return

    def stop(self) -> None:
        self.over.set()
        redis.Redis.from_url(settings.REDIS_URL).ping()
        self.join(5)


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watching = Watcher(settings.REDIS_URL)
    watching.start()
    yield watching
    watching.stop()


class Person:
    """Someone signed in who sends forms and API calls as the pages do."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context, self.base = context, base

    def _token(self, page: str) -> str:
        self.context.request.get(self.base + page)
        return next(c["value"] for c in self.context.cookies() if c["name"] == "csrftoken")  # type: ignore[misc]

    def post(self, path: str, page: str | None = None, **form: str) -> APIResponse:
        token = self._token(page or path)
        answer = self.context.request.post(
            self.base + path,
            form={"csrfmiddlewaretoken": token, **form},
            headers={"Referer": self.base + path},
            max_redirects=0,
        )
        assert answer.status in {200, 302}, f"{path}: {answer.status} {answer.text()[:500]}"
        return answer

    def send(self, method: str, path: str, page: str, body: dict[str, Any]) -> APIResponse:
        answer = self.context.request.fetch(
            self.base + path,
            method=method,
            data=body,
            headers={"X-CSRFToken": self._token(page), "Referer": self.base + page},
        )
        assert answer.ok, f"{path}: {answer.status} {answer.text()[:500]}"
        return answer


@pytest.fixture
def people(
    live: Live, watcher: Watcher, new_context: Callable[..., BrowserContext]
) -> tuple[World, Callable[..., Person]]:
    live.stop()
    live.start("mail", "web", "engine", "worker", "beat", LOG_LEVEL="DEBUG", LOG_FORMAT="json")
    world = make_world()

    def signed_in(user: Any) -> Person:
        context = new_context()
        sign_in(context, user)
        return Person(context, live.url)

    return world, signed_in


def type_it_everywhere(world: World, signed_in: Callable[..., Person]) -> None:
    """As client: a draft, answers, a message, a profile field. As therapist: a comment, messages now and later."""
    draft, sheet = make_assignment(world.client, NOW, slug="draft"), make_assignment(world.client, NOW)
    client = signed_in(world.client.user)
    body = {"value": SENTENCE, "rev": 0, "uuid": str(uuid4())}
    client.send("PUT", f"/api/v1/assignments/{draft.pk}/answers/worry", f"/activities/{draft.pk}/1/", body)
    client.post(f"/activities/{sheet.pk}/1/", worry=SENTENCE, go="next", **{"rev-worry": "0"})
    client.post(f"/activities/{sheet.pk}/2/", go="send")
    client.post("/messages/write/", page="/messages/", text=SENTENCE, uuid=str(uuid4()))
    me = client.context.new_page()
    me.goto(client.base + "/me/")
    me.locator("[name=context]").fill(SENTENCE)
    me.get_by_role("button", name="Save").first.click()
    me.get_by_text("Saved.").first.wait_for()
    with world.scope():
        post_by_socket(me, Conversation.objects.get(client=world.client).pk)
    therapist = signed_in(world.therapist)
    with world.scope():
        talk = Conversation.objects.get(client=world.client)
        response = Assignment.objects.get(pk=sheet.pk).response
    page = f"/desk/messages/{talk.pk}/"
    therapist.post(f"{page}write/", page=page, text=SENTENCE, uuid=str(uuid4()))
    therapist.post(f"{page}write/", page=page, text=SENTENCE, uuid=str(uuid4()), when="opening")
    comment_on(therapist, response.pk)


def post_by_socket(page: Page, conversation: int) -> None:
    """The page's own way of posting: one frame over its socket, answered once it is saved."""
    answered = page.evaluate(
        """([path, text, uuid]) => new Promise((done) => {
          const socket = new WebSocket(path);
          socket.onopen = () => socket.send(JSON.stringify({post: {uuid, text}}));
          socket.onmessage = (event) => event.data.includes("ack") && done(event.data);
          socket.onclose = (event) => done(`closed ${event.code}`);
        })""",
        [
            page.url.replace("http", "ws", 1).partition("/me/")[0] + f"/ws/conversations/{conversation}/",
            SENTENCE,
            str(uuid4()),
        ],
    )
    assert "ack" in answered, answered


def comment_on(therapist: Person, response: int) -> None:
    review = f"/desk/review/{response}/"
    therapist.post(f"{review}comment/", page=review, body=SENTENCE)


def everything_redis_holds() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL)
    held = []
    for number in range(4):
        there = redis.Redis.from_url(re.sub(r"(\?db=\d+)?$", f"?db={number}", settings.REDIS_URL, count=1))
        held += [repr(key) + repr(there.dump(key)) for key in there.scan_iter()]
    client.close()
    return "\n".join(held)


WRAPPED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def unwrapped(said: str) -> str:
    """Return it in small letters, with what was wrapped in base64 (a task's arguments) behind it."""
    found = [said]
    for piece in WRAPPED.findall(said):
        with contextlib.suppress(binascii.Error):
            found.append(base64.b64decode(piece + "=" * (-len(piece) % 4)).decode(errors="replace"))
    return "\n".join(found).lower()


def words_of(world: World) -> list[str]:
    """Return what Redis must never hear: the sentence, every name (its parts unless they are short), every address."""
    with every_practice("a test looks for all of them"):
        people = list(User.objects.all())
    names = {person.name.lower() for person in people if person.name}
    names |= {word for name in names for word in name.split() if len(word) > len("noor")}
    return [SECRET, *sorted(names), *sorted({person.email for person in people if person.email})]


def heard_of(words: list[str], said: str) -> list[str]:
    """Return which of them were said."""
    return [word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said)]


def wait_for_words(log: Path) -> None:
    """Wait until a process has written a line of the most talkative kind."""
    until = time.monotonic() + 40
    while '"level": "debug"' not in log.read_text():
        assert time.monotonic() < until, f"nothing at DEBUG in {log.name}"
        time.sleep(0.2)


def test_a_secret_is_found_nowhere(request, people, live, watcher, live_database):
    world, signed_in = people
    type_it_everywhere(world, signed_in)
    with world.scope():  # it is there, for who may read it
        assert {answer.value for answer in Answer.objects.filter(block="worry")} == {SENTENCE}
        assert {row.body for row in ConversationEvent.objects.all()} == {SENTENCE}
        assert Comment.objects.get().body == SENTENCE
        assert type(world.client).objects.get(pk=world.client.pk).context == SENTENCE
    url = settings.DATABASES["default"]
    dump = subprocess.run(
        [postgres.binaries() / "pg_dump", "-h", url["HOST"], "-U", url["USER"], live_database],
        capture_output=True,
        check=True,
    ).stdout.decode(errors="replace")
    assert "homework_answer" in dump
    assert SECRET not in dump
    words, said = words_of(world), unwrapped("\n".join([*watcher.seen, everything_redis_holds()]))
    tell(request, Told("32", more=f"{len(watcher.seen)} commands, {len(words)} words looked for"))
    assert "engine_tick" in said
    assert heard_of(words, said) == []
    for name in ("web", "engine", "worker"):  # each has said something by now, so that there is something to search
        wait_for_words(live.running[name].log)
    on_disk = [path for path in live.folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert on_disk == []
    assert len(crawl_admin(signed_in(world.admin))) > 10


def crawl_admin(admin: Person) -> set[str]:
    """Return the pages of the admin that were read, none of which shows the secret."""
    seen: set[str] = set()
    ahead = ["/admin/"]
    while ahead and len(seen) < 200:
        path = ahead.pop()
        if path in seen or "logout" in path:
            continue
        seen.add(path)
        text = admin.context.request.get(admin.base + path).text()
        assert SECRET not in text, path
        ahead += [link.split("#")[0] for link in re.findall(r'href="(/admin/[^"]*)"', text)]
    return seen


def test_the_search_in_redis_would_find_a_name_in_a_tasks_arguments():
    body = base64.b64encode(b'[["for Noor Haddad"], {}, {"callbacks": null}]').decode()
    assert heard_of(["noor", "haddad", "sam", "oor"], unwrapped(f"LPUSH celery {body}")) == ["noor", "haddad"]


def test_the_search_would_find_it(tmp_path: Path):
    (tmp_path / "x").write_text(SENTENCE)
    assert [p for p in tmp_path.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
