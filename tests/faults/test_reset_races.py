"""One reset link posted twice at one moment: the second waits, then finds it used."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone

from practice.accounts import resetting
from practice.people.models import User
from tests.faults.test_archiving_races import Pause, at_the_same_moment
from tests.people import make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]


@pytest.fixture
def held(monkeypatch):
    """Holds who ends the sessions, before they commit; whoever comes later goes through."""
    pause, ended = Pause(), resetting.end_sessions
    monkeypatch.setattr(resetting, "end_sessions", lambda **who: (pause(), ended(**who)))
    return pause


def test_a_link_posted_twice_at_one_moment_takes_one_password(live_database, held):
    user = make_world().client.user
    token = default_token_generator.make_token(user)

    def takes(password):
        return lambda: resetting.reset_password(user=user, token=token, password=password, now=timezone.now())

    waited, said = at_the_same_moment(held, takes("a small boat at sea"), takes("a large boat ashore"))
    assert (waited, len(said)) == (True, 1)
    assert User.objects.get(pk=user.pk).check_password("a small boat at sea")
