"""Every form answers bad input on its own page: what is wrong is said, and what was typed is still there."""

import html

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.permissions import ROWS
from tests.permissions.refusals import BUTTONS, REFUSALS

ANSWERS = {200, 400, 409, 422}
SAID = ('aria-invalid="true"', 'role="alert"', "errorlist", "errornote")


def test_every_form_has_a_refusal():
    posting = {row.route for row in ROWS if row.method == "POST" and not row.json}
    listed = {row.route for row in REFUSALS} | BUTTONS
    assert sorted(posting ^ listed) == []


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row.route)
def test_refused_form_says_so_and_keeps_the_words(world, row):
    who = getattr(world, row.who, None)
    browser = world.as_(who) if who else Browser()
    if row.first:
        browser.post(reverse(row.first[0]), row.first[1])
    answer = browser.post(reverse(row.route, kwargs=row.kwargs(world)), row.data)
    page = html.unescape(answer.content.decode())
    assert answer.status_code in ANSWERS
    assert any(mark in page for mark in SAID)
    assert [words for words in row.keeps if words not in page] == []
