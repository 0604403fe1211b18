"""`{% url %}` and `{% translate %}` of ours say what Django's own say."""

import pytest
from django.template import Context, Engine, engines
from django.urls import NoReverseMatch
from django.utils import translation

from practice.pages import links
from practice.templatetags.links import RememberedURLNode
from practice.templatetags.translating import PlainWords

SAID = [
    '{% translate "Save" %}',
    "{% trans 'Today' %}",
    '{% translate "100 % of it" %}',
    '{% translate "Tom & <b>Jerry</b>" %}',
    '{% translate "" %}',
    '{% translate "Today" as day %}[{{ day }}]',
    '{% translate "Today" noop %}',
    '{% translate "May" context "a month" %}',
    '{% translate "today"|upper %}',
    "{% translate words %}",
]
LED = [
    '{% url "clients:client-overview" 7 %}',
    '{% url "clients:client-overview" client_id=7 %}',
    '{% url "clients:client-overview" number as there %}[{{ there }}]',
    '{% url "clients:nowhere" as there %}[{{ there }}]',
    '{% url "accounts_of_nobody" as there %}[{{ there }}]',
    '{% url "account_login" %}?a=1&b=2',
]


def ours(source):
    return engines["django"].engine.from_string(source)


def djangos(source):
    return Engine(builtins=["django.templatetags.i18n"]).from_string(source)


@pytest.mark.parametrize("language", ["en", "en-xa", "ar"])
@pytest.mark.parametrize("source", SAID)
def test_words_are_the_same(source, language):
    given = {"words": "<i>Today</i>"}
    with translation.override(language):
        assert ours(source).render(Context(given)) == djangos(source).render(Context(given))


@pytest.mark.parametrize("source", LED)
def test_addresses_are_the_same(source):
    for number in (7, 8, "9", 7):
        given = {"number": number}
        assert ours(source).render(Context(given)) == djangos(source).render(Context(given))


def test_an_address_that_isnt_there_raises():
    with pytest.raises(NoReverseMatch):
        ours('{% url "clients:nowhere" %}').render(Context())


def test_templates_that_load_them_get_ours():
    plain = ours('{% load i18n %}{% translate "Today" %}{% url "account_login" %}')
    assert [type(node) for node in plain.nodelist if type(node).__name__ != "LoadNode"] == [
        PlainWords,
        RememberedURLNode,
    ]


def test_an_address_with_a_token_is_not_remembered():
    before = links._address.cache_info().currsize
    assert links.address_of("notifications:unsubscribe", "a-token").endswith("a-token/")
    assert links._address.cache_info().currsize == before
