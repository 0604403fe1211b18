"""Fault 9: a worker stands still past its lease and goes on. It changes nothing; at most one extra mail leaves."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as house

from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, SendAttempt
from tests.fakes.mail_server import ACCEPT, SLOW, MailServer
from tests.faults.letters import Status, letters, write
from tests.faults.told import Told, tell
from tests.people import make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]
LEASE, MAILS = 5, 8
WORKER = f"""
import django; django.setup()
from datetime import timedelta
import tests.faults.letters
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel
print(deliver(channel=Channel.EMAIL, lease=timedelta(seconds={LEASE})).by_status, flush=True)
"""


@pytest.fixture
def server(settings):
    made = MailServer(lambda n: SLOW if n == 1 else ACCEPT, slow=LEASE)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    yield made
    made.close()


def test_zombie_changes_no_row_and_sends_at_most_one_extra_mail(live_database, server, request):
    world = make_world()
    with world.scope():
        write(world, last=MAILS, now=world.now)
        told = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "practice.config.settings", "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(server.port),
        }  # fmt: skip
        zombie = subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=house.BASE_DIR, env=told, stdout=subprocess.PIPE, text=True
        )
        assert server.began.wait(60)
        zombie.send_signal(signal.SIGSTOP)
        assert letters(Status.LEASED).count() == MAILS
        time.sleep(LEASE + 0.5)
        deliver(channel=Channel.EMAIL)
        before = sorted(letters().values_list("pk", "status", "attempts", "last_error", "done_at"))
        assert {row[1] for row in before} == {Status.ACCEPTED}
        zombie.send_signal(signal.SIGCONT)
        assert zombie.communicate(timeout=60)[0].strip() == "{}"
        after = sorted(letters().values_list("pk", "status", "attempts", "last_error", "done_at"))
        extra, changed = len(server.ids) - MAILS, [row for row in after if row not in before]
        more = f"{extra} extra copies, {len(changed)} rows changed by the zombie"
        tell(request, Told("9", None, MAILS - len(set(server.ids)), max(extra - 1, 0), more=more))
        assert after == before
        assert SendAttempt.objects.count() == MAILS
        assert (len(set(server.ids)), extra <= 1) == (MAILS, True)
