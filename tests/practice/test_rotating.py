"""Another key for VAULT_KEYS: everything comes under it, midway stopped or not, and the old one may go."""

from itertools import islice

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.utils import timezone

from practice.accounts.changing_factors import set_up_app
from practice.accounts.second_factors import factors_of
from practice.audit.models import AuditEvent
from practice.doctor.checks import keys
from practice.tenancy import every_practice
from practice.vault.keyring import data_key, forget_keys
from practice.vault.rotating import bring_under_newest, used_keys
from tests.people import code_of

SECRET = "JBSWY3DPEHPK3PXP"
NEW = {"k2": bytes([2]) * 32}


@pytest.fixture
def house(world, settings):
    """Two practices, a therapist with an app and recovery codes, under the key of before; a new one stands first."""
    set_up_app(user=world.therapist, secret=SECRET, now=timezone.now())
    settings.VAULT_KEYS = {**NEW, **settings.VAULT_KEYS}
    forget_keys()
    yield world
    forget_keys()


def codes(user):
    return RecoveryCodes(factors_of(user).codes).generate_codes()


def test_everything_comes_under_the_newest_key_and_the_old_one_may_go(house, settings, capsys):
    before = codes(house.therapist)
    call_command("rotate_keys")
    assert "second factors: 2 of 2 brought under 'k2'" in capsys.readouterr().out
    assert [set(under) for under in used_keys().values()] == [{"k2"}, {"k2"}]
    settings.VAULT_KEYS = NEW
    forget_keys()
    assert factors_of(house.therapist).app.wrap().validate_code(code_of(SECRET))
    assert codes(house.therapist) == before
    assert len(data_key(("staff", house.practice.pk))) == 32
    assert [found.state.value for found in keys.look_at_keys()] == ["ok"]
    with every_practice("it belongs to none"):
        assert AuditEvent.objects.filter(verb="keys_rotated").count() == 1


def test_codes_brought_along_from_elsewhere_are_sealed_anew_too(house, settings):
    row = factors_of(house.therapist).codes
    row.data = {"migrated_codes": [row.data["seed"], row.data["seed"]], "used_mask": 0}
    row.save()
    before = codes(house.therapist)
    call_command("rotate_keys", verbosity=0)
    settings.VAULT_KEYS = NEW
    assert codes(house.therapist) == before


def test_stopped_midway_it_goes_on_where_it_was(house, capsys):
    list(islice(bring_under_newest(), 1))  # the practices are done, the second factors aren't
    assert {"k2"} < set().union(*used_keys().values())
    call_command("rotate_keys")
    said = capsys.readouterr().out
    assert "keys of practices: 0 of 0" in said
    assert "second factors: 2 of 2" in said


def test_key_that_is_gone_is_named_by_the_command_and_by_the_doctor(house, settings):
    Authenticator.objects.filter(user=house.therapist, type="totp").update(data={"secret": "lost:AAAA"})
    with pytest.raises(CommandError, match="VAULT_KEYS has no key 'lost'"):
        call_command("rotate_keys")
    found = [one for one in keys.look_at_keys() if one.state.value == "fail"]
    assert [one.says for one in found] == ["1 second factors lie under 'lost', which VAULT_KEYS doesn't have"]
