"""PostgreSQL's programs reach the database in the way that DATABASE_URL asks for."""

import pytest
from django.db import connection

from practice.config.env import parse_database_url
from practice.copies.programs import where

ASKED = "postgres://me:p%40ss@db.example:5433/rapport?sslmode=verify-full&channel_binding=require&sslcrl=/etc/gone.crl"


@pytest.fixture
def asked(monkeypatch):
    """What the programs are told."""
    said = parse_database_url(ASKED)
    given = {"HOST": said.host, "PORT": said.port, "USER": said.user, "PASSWORD": said.password, "NAME": said.name}
    monkeypatch.setitem(connection.__dict__, "settings_dict", {**given, "OPTIONS": said.options})
    return where()


def test_what_makes_the_way_safe_is_passed_on(asked):
    """A word left out would let a backup travel by a way that the pages may not take."""
    safe = {name: asked.get(name) for name in ("PGSSLMODE", "PGCHANNELBINDING", "PGSSLCRL")}
    assert safe == {"PGSSLMODE": "verify-full", "PGCHANNELBINDING": "require", "PGSSLCRL": "/etc/gone.crl"}


def test_password_is_said_by_the_environment(asked):
    assert (asked["PGHOST"], asked["PGPORT"], asked["PGPASSWORD"]) == ("db.example", "5433", "p@ss")
