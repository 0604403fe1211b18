"""The weather inside: built, filled in, read."""

import json

import pytest

from homework.blocks import BLOCK_TYPES, BadAnswer
from homework.domain.publishing import publish_activity
from homework.models import Activity, Response
from tests.homework.drafts import content, make_draft
from tests.homework.sheets import make_assignment
from tests.people import NOW

pytestmark = pytest.mark.django_db
EXAMPLE = ("rain", "rain")
BLOCK = {"id": "sky", "type": "weather", "label": "How is the weather inside?"}


def test_another_sky_is_refused():
    with pytest.raises(BadAnswer):
        BLOCK_TYPES["weather"].clean_answer(BLOCK, "snow")


def test_it_is_built_filled_in_and_read(world):
    draft = make_draft(world, body=content(BLOCK))
    desk = world.as_(world.therapist)
    builder = f"/desk/library/activities/{draft.pk}/edit/"
    assert "Weather" in desk.get(builder).content.decode()
    asked = json.dumps({"content": content(BLOCK), "page": "p1", "block": "sky"})
    parts = desk.post(f"{builder}parts/", asked, content_type="application/json").content.decode()
    assert "How is the weather inside?" in parts
    publish_activity(activity=draft, by=world.therapist, now=NOW)
    with world.scope():
        version = Activity.objects.select_related("latest").get(pk=draft.pk).latest
    sheet = make_assignment(world.client, NOW, version=version)

    phone, page = world.as_(world.client), f"/activities/{sheet.pk}/1/"
    assert "Cloudy" in phone.get(page).content.decode()
    refused = phone.post(page, {"sky": "snow", "rev-sky": "0", "go": "send"}).content.decode()
    assert "Please choose one of the three." in refused
    assert phone.post(page, {"sky": "rain", "rev-sky": "0", "go": "send"}).status_code == 302

    with world.scope():
        response = Response.objects.get()
    assert "Rainy" in desk.get(f"/desk/review/{response.pk}/").content.decode()
    assert "Rainy" in desk.get("/desk/review/").content.decode()
