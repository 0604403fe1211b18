"""Who gets what from the addresses of `homework`."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from homework.domain.answering import submit
from homework.domain.enrolling import send_activity
from homework.models import Assignment, Response
from tests.homework.drafts import content, make_draft, make_pathway, make_published, steps
from tests.homework.sheets import make_assignment
from tests.people import NOW, World
from tests.permissions.row import Row, clients, only, only_api, staff


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


def of_draft(world: World) -> dict[str, Any]:
    return {"pk": make_draft(world).pk}


def a_draft(world: World) -> dict[str, Any]:
    return {"rev": 0, "title": "When a worry knocks", "content": content()}


def parts_of_a_draft(world: World) -> dict[str, Any]:
    return {"content": content(), "page": "p1", "block": ""}


COLLEAGUES = {"therapist": 200, "colleague": 200, "lead": 200, "admin": 200}
MAKERS = {"therapist": 302, "colleague": 302}
LIBRARY = [
    Row("homework:desk-library", "GET", staff(200)),
    Row("homework:desk-activity-new", "POST", only(**MAKERS, outsider=302), data=lambda world: {"title": "New"}),
    Row("homework:desk-activity", "GET", only(**COLLEAGUES), of_draft),
    Row("homework:desk-activity-preview", "GET", only(**COLLEAGUES), of_draft),
    Row("homework:desk-activity-copy", "POST", only(**MAKERS), of_draft),
    Row("homework:desk-activity-archive", "POST", only(**MAKERS), of_draft),
    Row("homework:desk-activity-edit", "GET", only(therapist=200, colleague=200), of_draft),
    Row("homework:desk-activity-parts", "POST", only(therapist=200, colleague=200), of_draft, parts_of_a_draft, True),
    Row("homework:desk-activity-about", "GET", only(therapist=200, colleague=200), of_draft),
    Row("homework:desk-activity-about", "POST", only(**MAKERS), of_draft, data=lambda world: {"purpose": "To sleep"}),
    Row("homework:desk-activity-publish", "POST", only(**MAKERS), of_draft),
    Row("homework:api-activity-draft", "PUT", only_api(therapist=200, colleague=200), of_draft, a_draft, True),
]


def sent_back(world: World) -> dict[str, Any]:
    done_by_client(world)
    with world.scope():
        return {"pk": Response.objects.filter(author=world.client.user).latest("pk").pk}


REVIEWING = [
    Row("homework:desk-review", "GET", staff(200)),
    Row("homework:desk-response", "GET", only(therapist=200), sent_back),
    Row(
        "homework:desk-response-comment", "POST", only(therapist=302), sent_back, data=lambda world: {"body": "Brave."}
    ),
    Row("homework:desk-response-read", "POST", only(therapist=302), sent_back),
]


def planned(world: World) -> dict[str, Any]:
    later = datetime(2100, 1, 4, 9, 0)
    activity = make_published(world)
    (enrolment,) = send_activity(
        clients=[world.client], activity_version=activity.latest, at_local=later, by=world.therapist, now=NOW
    )
    with world.scope():
        return {"pk": Assignment.objects.get(enrolment=enrolment).pk}


def to_skip(world: World) -> dict[str, Any]:
    return planned(world) | {"act": "skip"}


def to_pause(world: World) -> dict[str, Any]:
    with world.scope():
        return {"pk": Assignment.objects.get(**planned(world)).enrolment_id, "act": "pause"}


def the_client(world: World) -> dict[str, Any]:
    return {"client_id": world.client.pk}


def to_client(world: World) -> dict[str, Any]:
    return {"activity": make_published(world).pk, "clients": [world.client.pk], "when": "now"}


def another_day(world: World) -> dict[str, Any]:
    return {"date": "2100-02-01", "time": "09:00", "do": "1"}


STEERING = [
    Row("homework:desk-send", "GET", only(therapist=200, colleague=200, outsider=200)),
    Row("homework:desk-send", "POST", only(therapist=302, colleague=400, outsider=400), data=to_client),
    Row("homework:client-homework", "GET", only(therapist=200), the_client),
    Row("homework:assignment-move", "GET", only(therapist=200), planned),
    Row("homework:assignment-move", "POST", only(therapist=302), planned, data=another_day),
    Row("homework:assignment-steer", "GET", only(therapist=200), to_skip),
    Row("homework:assignment-steer", "POST", only(therapist=302), to_skip),
    Row("homework:enrolment-steer", "GET", only(therapist=200), to_pause),
    Row("homework:enrolment-steer", "POST", only(therapist=302), to_pause),
]


def of_pathway(world: World) -> dict[str, Any]:
    return {"pk": make_pathway(world).pk}


def to_start(world: World) -> dict[str, Any]:
    return {"client": world.client.pk, "date": "2100-01-04", "time": "09:00"}


def a_pathway_file(world: World) -> dict[str, Any]:
    make_published(world)
    words = json.dumps({"format": 1, "key": "x", "title": "X", "steps": steps()})
    return {"file": SimpleUploadedFile("x.json", words.encode())}


def steps_for_client(world: World) -> dict[str, Any]:
    return {"steps": steps(), "client": world.client.pk, "start": "2100-01-04T09:00"}


def some_steps(world: World) -> dict[str, Any]:
    return {"rev": 1, "title": "Worry, step by step", "steps": steps()}


PATHWAYS = [
    Row("homework:desk-pathways", "GET", staff(200)),
    Row("homework:desk-pathway-new", "POST", only(**MAKERS, outsider=302), data=lambda world: {"title": "New"}),
    Row("homework:desk-pathway-import", "POST", only(**MAKERS, outsider=400), data=a_pathway_file),
    Row("homework:desk-pathway", "GET", only(**COLLEAGUES), of_pathway),
    Row(
        "homework:desk-pathway",
        "POST",
        only(therapist=302, colleague=400, lead=400, admin=400),
        of_pathway,
        data=to_start,
    ),
    Row("homework:desk-pathway-edit", "GET", only(therapist=200, colleague=200), of_pathway),
    Row("homework:desk-pathway-about", "GET", only(therapist=200, colleague=200), of_pathway),
    Row("homework:desk-pathway-about", "POST", only(**MAKERS), of_pathway, data=lambda world: {"for_whom": "Worry"}),
    Row("homework:desk-pathway-parts", "POST", only(therapist=200, colleague=200), of_pathway, some_steps, True),
    Row("homework:desk-pathway-publish", "POST", only(**MAKERS), of_pathway),
    Row("homework:desk-pathway-copy", "POST", only(**MAKERS), of_pathway),
    Row("homework:desk-pathway-archive", "POST", only(**MAKERS), of_pathway),
    Row("homework:desk-pathway-export", "GET", only(**COLLEAGUES), of_pathway),
    Row("homework:api-pathway-draft", "PUT", only_api(therapist=200, colleague=200), of_pathway, some_steps, True),
    Row("homework:api-pathway-preview", "POST", only_api(therapist=200), of_pathway, steps_for_client, True),
]
ROWS: list[Row] = [*FILLING, *LIBRARY, *REVIEWING, *STEERING, *PATHWAYS]
