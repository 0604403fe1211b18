"""Every shipped activity is content that the builder itself would keep and publish."""

import pytest

from homework.domain.content import things_to_look_at, validate_content
from homework.library.reading import shipped_activities

PIECES = {piece["slug"]: piece["content"] for piece in shipped_activities()}


@pytest.mark.parametrize("slug", PIECES)
def test_shipped_content_is_sound(slug):
    assert validate_content(PIECES[slug]) == []


@pytest.mark.parametrize("slug", PIECES)
def test_nothing_has_to_be_mended_before_publishing(slug):
    assert things_to_look_at(PIECES[slug]) == []
