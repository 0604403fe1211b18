"""The API under whatever its own OpenAPI document allows, and more: no 500, and nobody reads what is not theirs.

Ids are the reader's own rows, other people's, and none; bodies are made by schemathesis.
"""

import secrets
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.middleware.csrf import CSRF_SECRET_LENGTH
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from homework.domain.answering import save_answer
from messaging.domain.posting import post
from messaging.models import Conversation
from practice.config.wsgi import application
from tests.homework.drafts import make_draft, make_pathway
from tests.homework.sheets import make_assignment
from tests.people import NOW, World

SECRET = "kept-from-everybody-else-7319"
NOBODYS = (0, 2**31, 2**63, 10**30)
READERS = ("anonymous", "client", "therapist")
OPERATIONS = 7
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def conversation_of(world: World, client: Any) -> int:
    """Return the client's conversation."""
    return Conversation.objects.get(client=client).pk


def secret_rows(world: World) -> dict[str, list[int]]:
    """Return, by the first word of a path, rows of the reader and of others; what others wrote holds the secret."""
    with world.scope():
        mine, others = conversation_of(world, world.client), conversation_of(world, world.stranger)
        post(
            conversation_id=others,
            practice_id=world.practice.pk,
            author=world.stranger.user,
            text=SECRET,
            client_uuid=uuid4(),
            now=NOW,
        )
    theirs = make_assignment(world.stranger, NOW, slug="theirs")
    save_answer(
        assignment=theirs, block_id="worry", value=SECRET, rev=0, save_uuid=uuid4(), by=world.stranger.user, now=NOW
    )
    with world.other_scope():
        far = conversation_of(world, world.other_client)
    return {
        "conversations": [mine, others, far],
        "assignments": [make_assignment(world.client, NOW).pk, theirs.pk],
        "activities": [make_draft(world).pk],
        "pathways": [make_pathway(world).pk],
    }


def document(rows: dict[str, list[int]]) -> dict[str, Any]:
    """Return the API's document with the ids and blocks that are worth asking for."""
    made: dict[str, Any] = deepcopy(SchemaGenerator().get_schema(request=None, public=True))
    for path, operations in made["paths"].items():
        ids = [*rows[path.split("/")[3]], *NOBODYS]
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    known = ["worry", "belief", "like", "intro", "nope"] if parameter["name"] == "block" else ids
                    parameter["schema"]["enum"] = known
    return made


def cookies_of(world: World, who: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return cookies and headers of the reader's browser, with its token."""
    person = getattr(world, who, None)
    browser = world.as_(person).cookies if person else {}
    token = secrets.token_hex(CSRF_SECRET_LENGTH // 2)
    cookies = {name: morsel.value for name, morsel in browser.items()}
    return {**cookies, settings.CSRF_COOKIE_NAME: token}, {"X-CSRFToken": token}


@pytest.fixture
def ask(world: World) -> Iterator[Callable[[Any, str], Any]]:
    """Send a case as someone, and undo what it changed. Requests leave the test's own connection open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    readers = {who: cookies_of(world, who) for who in READERS}

    def send(case: Any, who: str) -> Any:
        cookies, headers = readers[who]
        with transaction.atomic():
            response = case.call(base_url="http://localhost", cookies=cookies, headers=headers)
            transaction.set_rollback(True)
        return response

    yield send
    for signal in signals:
        signal.connect(close_old_connections)


def test_whatever_is_asked_nothing_breaks_and_nothing_leaks(world, ask):
    schema = schemathesis.openapi.from_dict(document(secret_rows(world)))
    schema.app = application
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == OPERATIONS
    seen = {who: set() for who in READERS}
    for operation in operations:
        cases = operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

        @hypothesis_settings(
            max_examples=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases, who=st.sampled_from(READERS))
        def walk(case, who):
            response = ask(case, who)
            seen[who].add(response.status_code)
            case.validate_response(response, checks=CHECKS)
            assert SECRET not in response.text
            assert who != "anonymous" or response.status_code in {403, 404}

        walk()
    assert seen["anonymous"] <= {403, 404}
    assert {200, 400, 404} <= seen["client"] | seen["therapist"]


def test_the_secret_is_there_to_be_found(world, ask):
    rows = secret_rows(world)
    answer = world.as_(world.stranger).get(f"/api/v1/conversations/{rows['conversations'][1]}/events")
    assert SECRET in answer.content.decode()
