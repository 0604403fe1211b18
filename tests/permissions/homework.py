"""Who gets what from the addresses of `homework`."""

from typing import Any
from uuid import uuid4

from homework.domain.answering import submit
from homework.models import Assignment
from tests.homework.sheets import make_assignment
from tests.people import NOW, World
from tests.permissions.row import Row, clients, only, only_api


def sent(world: World, **given: Any) -> Assignment:
    return make_assignment(world.client, NOW, **given)


def of_client(world: World) -> dict[str, Any]:
    return {"pk": sent(world).pk}


def page_of_client(world: World) -> dict[str, Any]:
    return {"pk": sent(world).pk, "number": 1}


def done_by_client(world: World) -> dict[str, Any]:
    sheet = sent(world)
    submit(assignment=sheet, by=world.client.user, now=NOW)
    return {"pk": sheet.pk}


def of_therapist(world: World) -> dict[str, Any]:
    return {"pk": sent(world, recipient=world.therapist, rater="therapist").pk}


def page_of_therapist(world: World) -> dict[str, Any]:
    return of_therapist(world) | {"number": 1}


def done_by_therapist(world: World) -> dict[str, Any]:
    sheet = sent(world, recipient=world.therapist, rater="therapist")
    submit(assignment=sheet, by=world.therapist, now=NOW)
    return {"pk": sheet.pk}


def answer_of_client(world: World) -> dict[str, Any]:
    return of_client(world) | {"block": "worry"}


def an_answer(world: World) -> dict[str, Any]:
    return {"value": "it will rain", "rev": 0, "uuid": str(uuid4())}


FILLING = [
    Row("homework:portal-journey", "GET", clients(200)),
    Row("homework:portal-fill-start", "GET", only(client=302), of_client),
    Row("homework:portal-fill-page", "GET", only(client=200), page_of_client),
    Row("homework:portal-fill-page", "POST", only(client=302), page_of_client, data=lambda world: {"go": "next"}),
    Row("homework:portal-fill-done", "GET", only(client=200), done_by_client),
    Row("homework:desk-fill-start", "GET", only(therapist=302), of_therapist),
    Row("homework:desk-fill-page", "GET", only(therapist=200), page_of_therapist),
    Row("homework:desk-fill-page", "POST", only(therapist=302), page_of_therapist, data=lambda world: {"go": "next"}),
    Row("homework:desk-fill-done", "GET", only(therapist=200), done_by_therapist),
    Row("homework:api-answer", "PUT", only_api(client=200), answer_of_client, data=an_answer, json=True),
]
ROWS: list[Row] = [*FILLING]
