"""How good a password must be."""

import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from practice.people.models import User

NOOR = User(email="noor.haddad@elm.example", name="Noor Haddad")
WEAK = (
    "short one",
    "password1234",
    "qwertyuiopasdf",
    "aaaaaaaaaaaa",
    "noor.haddad1",
    "Noor-Haddad-2026",
    "123456789012",
    "letmeinletmein",
)


@pytest.mark.parametrize("password", WEAK)
def test_what_is_easily_guessed_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, NOOR)


@pytest.mark.parametrize("password", ["correct horse battery", "7 boats under my roof", "Wolken-Besen-Tee-Anker"])
def test_a_sentence_is_good_enough(password):
    validate_password(password, NOOR)


def test_very_long_one_is_read_in_no_time():
    began = time.monotonic()
    validate_password("seven boats under my roof " * 4_000, NOOR)
    assert time.monotonic() - began < 10  # unbounded it takes minutes
