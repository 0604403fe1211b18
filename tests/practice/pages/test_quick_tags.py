"""`{% url %}` and `{% translate %}` of ours say what Django's own say."""

import pytest
from django.template import Context, Engine, engines
from django.template.loader import get_template
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.safestring import SafeString

from practice.pages import links
from practice.templatetags.links import RememberedURLNode
from practice.templatetags.translating import PlainWords, WordsWithValues

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
    "{% blocktranslate %}100 % of it{% endblocktranslate %}",
    "{% blocktranslate with n=number %}session {{ n }}{% endblocktranslate %}",
    "{% blocktrans with n=number w=words|upper %}{{ n }} of {{ w }} & <b>{{ words }}</b>, 5 %{% endblocktrans %}",
    "{% blocktranslate %}{{ words }} without {{ what_is_not_there }}{% endblocktranslate %}",
    "{% blocktranslate trimmed %}\n  Today\n  {{ words }}\n{% endblocktranslate %}",
    "{% blocktranslate asvar said %}Today {{ words }}{% endblocktranslate %}[{{ said }}]",
    '{% blocktranslate context "a month" %}May {{ number }}{% endblocktranslate %}',
    "{% blocktranslate count n=number %}{{ n }} person{% plural %}{{ n }} people{% endblocktranslate %}",
    "{% autoescape off %}{% blocktranslate %}Today {{ words }}{% endblocktranslate %}{% endautoescape %}",
    "{% for n in numbers %}{% blocktranslate %}{{ n }}.{% endblocktranslate %}{% endfor %}",
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
    given = {"words": "<i>Today</i>", "number": 1234, "numbers": [1, 2.5, None, "<3"]}
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
    plain = ours(
        '{% load i18n %}{% translate "Today" %}{% url "account_login" %}{% blocktranslate %}Day{% endblocktranslate %}'
    )
    assert [type(node) for node in plain.nodelist if type(node).__name__ != "LoadNode"] == [
        PlainWords,
        RememberedURLNode,
        WordsWithValues,
    ]


def test_words_that_a_translation_cannot_fill_are_said_as_django_says_them(monkeypatch):
    wrong = {"session %(n)s": "%(m)s. Sitzung"}
    monkeypatch.setattr("practice.templatetags.translating.gettext", lambda words: wrong.get(words, words))
    said = ours("{% blocktranslate %}session {{ n }}{% endblocktranslate %}").render(Context({"n": 3}))
    assert said == "session 3"


def test_an_address_is_remembered_as_safe_only_when_nothing_in_it_needs_escaping(monkeypatch):
    assert isinstance(links.address_of("clients:client-overview", 7_001), SafeString)
    monkeypatch.setattr(links, "reverse", lambda *_args, **_named: "/?a=1&b=2")
    assert ours('{% url "clients:client-overview" 7002 %}').render(Context()) == "/?a=1&amp;b=2"
    links._address.cache_clear()


def test_a_placed_template_says_what_an_included_one_says():
    given = {"template": get_template("clients/desk/columns/seen.html"), "cells": [{"invited": True}, {}]}
    placed, included = (
        ours("{% for cell in cells %}[{% " + tag + " template %}]{% endfor %}").render(Context(given))
        for tag in ("place", "include")
    )
    assert placed == included
    assert "not here yet" in placed


def test_an_address_with_a_token_is_not_remembered():
    before = links._address.cache_info().currsize
    assert links.address_of("notifications:unsubscribe", "a-token").endswith("a-token/")
    assert links._address.cache_info().currsize == before
