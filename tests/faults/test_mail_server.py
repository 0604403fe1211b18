"""Fault 16: the mail server takes no connection, refuses, is slow, cuts the line after the last byte. All mails
arrive, under one Message-ID; at most one extra copy for each cut."""

import random

import pytest

from practice.config.stack.application import free_port
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, SendAttempt
from tests.fakes.mail_server import ACCEPT, CUT, GREYLIST, LATER, NEVER, NO_SUCH, SLOW, MailServer
from tests.faults.letters import Status, deliver_until_done, letters, write
from tests.faults.told import Told, seed_of, tell

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.timeout(280)]
MOODS = [ACCEPT] * 80 + [LATER] * 6 + [GREYLIST] * 4 + [CUT] * 8 + [SLOW] * 2


@pytest.fixture
def server(settings):
    made = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", made.port, 30
    yield made
    made.close()


@pytest.mark.parametrize("mails", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_every_mail_arrives_and_extra_copies_are_at_most_the_cuts(world, server, request, mails):
    chance = random.Random(seed := seed_of(request))
    server.slow, server.script = 0.05, lambda n: chance.choice(MOODS)
    with world.scope():
        write(world, last=mails, now=world.now)
        rounds, _last = deliver_until_done(world.now)
        extra, cuts = len(server.ids) - len(set(server.ids)), server.told.get(CUT, 0)
        more = f"{extra} extra copies, {cuts} cuts, {rounds} rounds"
        tell(request, Told("16", seed, lost=mails - len(set(server.ids)), doubled=max(extra - cuts, 0), more=more))
        assert len(set(server.ids)) == mails == letters(Status.ACCEPTED).count()
        assert extra <= cuts
        assert SendAttempt.objects.filter(outcome="unsure").count() == cuts


def test_what_is_refused_for_good_is_not_tried_again(world, server, request):
    server.script = lambda n: {1: NEVER, 2: NO_SUCH}.get(n, ACCEPT)
    with world.scope():
        write(world, last=5, now=world.now)
        deliver_until_done(world.now)
        states = sorted(letters().values_list("status", flat=True))
        tell(request, Told("16 refused for good", lost=5 - letters().exclude(status=Status.READY).count()))
        assert states == [Status.ACCEPTED] * 3 + [Status.BOUNCED, Status.DEAD]
        assert server.number == 5


def test_silent_server_opens_the_breaker_and_holds_nobody_up(world, server, settings, request):
    server.slow, server.script, settings.EMAIL_TIMEOUT = 3, lambda n: SLOW, 0.3
    with world.scope():
        write(world, last=20, now=world.now)
        deliver(channel=Channel.EMAIL, moment=world.now)
        assert (letters(Status.READY).count(), letters(Status.LEASED).count()) == (20, 0)
        unsure = SendAttempt.objects.filter(outcome="unsure").count()
        assert 0 < unsure <= SendAttempt.objects.count() == 5  # and then the breaker opened
        server.script, settings.EMAIL_TIMEOUT = lambda n: ACCEPT, 30
        deliver_until_done(world.now)
        extra = len(server.ids) - len(set(server.ids))
        tell(request, Told("16 silent", lost=20 - len(set(server.ids)), more=f"{extra} extra copies, 5 timeouts"))
        assert (len(set(server.ids)), extra) == (20, unsure)


def test_server_that_takes_no_connection_costs_no_copy(world, server, settings, request):
    """Nobody listens at its port: nothing was said, so nothing can have been sent."""
    settings.EMAIL_PORT = free_port()
    with world.scope():
        write(world, last=20, now=world.now)
        deliver(channel=Channel.EMAIL, moment=world.now)
        assert (letters(Status.READY).count(), SendAttempt.objects.filter(outcome="refused").count()) == (20, 5)
        settings.EMAIL_PORT = server.port
        deliver_until_done(world.now)
        extra = len(server.ids) - len(set(server.ids))
        tell(request, Told("16 refused", lost=20 - len(set(server.ids)), doubled=extra, more="5 tries, then a pause"))
        assert (len(set(server.ids)), extra) == (20, 0)
