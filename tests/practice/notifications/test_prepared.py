"""Statements that a connection plans once."""

import pytest
from django.db import connection

from practice.notifications.prepared import Prepared

DOUBLED = Prepared("test_doubled", "SELECT %(n)s + %(n)s, %(word)s", {"word": "text", "n": "bigint"})


def ask(n, word):
    with connection.cursor() as cursor:
        DOUBLED.execute(cursor, {"n": n, "word": word})
        return cursor.fetchone()


def runs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE name = %s", [DOUBLED.name]
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_statement_is_prepared_once_a_connection():
    assert ask(2, "it's") == (4, "it's")
    assert ask(3, None) == (6, None)
    assert runs() == [2]


@pytest.mark.django_db(transaction=True)
def test_new_connection_prepares_it_anew():
    ask(2, "before")
    connection.close()
    assert ask(5, "after") == (10, "after")
    assert runs() == [1]


@pytest.mark.django_db(transaction=True)
def test_behind_a_transaction_pooler_it_goes_unprepared(monkeypatch):
    monkeypatch.setattr(Prepared, "works", True)
    ask(2, "here")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")  # as if the next statement came to another backend
    assert ask(3, "there") == (6, "there")
    assert ask(4, "there") == (8, "there")
    assert runs() == []
