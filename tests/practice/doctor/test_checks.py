"""What each check of the doctor sees, on real servers, well and unwell."""

import contextlib
import os
import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection
from django.utils import timezone

from practice.config.stack.application import free_port
from practice.config.stack.mail import serve
from practice.contributions import State
from practice.doctor.checks import (
    beat,
    broker,
    channel_layer,
    clock,
    database,
    disk,
    engine,
    keys,
    mail,
    migrations,
    workers,
    zones,
)
from practice.doctor.checks import settings as settings_check
from practice.notifications.cranking import note_turn
from practice.notifications.models import EngineLane
from practice.notifications.tasks import outbox_tick
from practice.vault.keyring import forget_keys
from practice.vault.models import PracticeKey

pytestmark = pytest.mark.django_db
OK, WARN, FAIL = State.OK, State.WARN, State.FAIL
DAY = timedelta(days=1)


def states(found):
    return [one.state for one in (found if isinstance(found, list) else [found])]


def lane(name="sends", *, ago=1, **fields):
    now = timezone.now()
    moments = {
        key: now - timedelta(seconds=seconds) for key, seconds in fields.items() if key.endswith(("_at", "_until"))
    }
    EngineLane.objects.update_or_create(
        name=name, defaults={"last_tick_at": now - timedelta(seconds=ago), **fields, **moments}
    )


@contextlib.contextmanager
def signing_for_itself(folder):
    """The port of a TLS server of one connection, which signed its certificate itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = timezone.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + DAY)
    (folder / "certificate").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key").write_bytes(plain)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate", folder / "key")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def answer():
            with contextlib.suppress(OSError), server.accept()[0] as taken:
                context.wrap_socket(taken, server_side=True)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.fixture
def queues():
    """No tasks wait."""
    client = redis.Redis.from_url(broker.settings.REDIS_BROKER_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def no_redis(settings, tmp_path):
    settings.REDIS_BROKER_URL = f"unix://{tmp_path}/nobody.sock"


def test_database_says_what_would_lose_words():
    found = database.look_at_database()
    assert found[0].says.startswith("PostgreSQL 18")
    assert [one.says.split()[0] for one in found[1:]] == [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
    ]  # the tests'


def test_database_that_is_too_old_or_sorts_by_the_system():
    assert database._version(140_005).state == FAIL
    assert states(database._locale("SQL_ASCII", "C", "C", "c", None)) == [FAIL]
    assert states(database._locale("UTF8", "de_DE.UTF-8", "de_DE.UTF-8", "c", "2.36")) == [WARN]
    assert states(database._use(95, 100, 4000)) == [WARN, WARN]


def test_migrations_that_wait_and_a_database_of_a_newer_version():
    assert migrations.look_at_migrations().state == OK
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('practice', '9999_later', now())")
        assert "newer than this code" in migrations.look_at_migrations().says
        cursor.execute("DELETE FROM django_migrations WHERE app = 'alliance'")
    assert migrations.look_at_migrations().facts["waiting"] > 0


def test_clock_two_hours_off_fails():
    assert clock.look_at_clock().state == OK
    for hours, side in ((2, "ahead of"), (-2, "behind")):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            found = clock.look_at_clock()
        assert found.state == FAIL
        assert side in found.says


def test_zones_on_which_the_two_disagree(monkeypatch):
    monkeypatch.setattr(zones, "python_version", lambda: "2099a")
    monkeypatch.setattr(zones, "_offset", lambda name, moment: 0)
    found = zones.look_at_zones()
    assert found.state == WARN
    assert "Europe/Berlin" in found.facts["differ"]
    assert "Africa/Abidjan" not in found.facts["differ"]
    monkeypatch.setattr(zones, "python_version", lambda: "2001a")
    assert "Python reads zones of 2001a" in zones.look_at_zones().says


def test_broker_answers_and_its_queues(queues, settings, tmp_path):
    assert states(broker.look_at_broker()) == [OK]
    queues.lpush(broker.queue_key("engine"), *range(201))
    assert "201 tasks wait" in broker.look_at_broker()[1].says
    assert states(broker._memory({"used_memory": 90, "maxmemory": 100, "maxmemory_policy": "allkeys-lru"})) == [
        WARN,
        WARN,
    ]
    no_redis(settings, tmp_path)
    assert states(broker.look_at_broker()) == [FAIL]


def test_channel_layer_brings_a_message_back(settings, tmp_path):
    assert channel_layer.look_at_channel_layer().state == OK
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
    assert channel_layer.look_at_channel_layer().state == FAIL


@pytest.mark.parametrize(
    ("fields", "state", "says"),
    [
        ({}, OK, "nothing due waits"),
        ({"ago": 90}, FAIL, "silent for 1 min 30 s"),
        ({"hold": True, "hold_reason": "a copy"}, FAIL, "on hold (sends): a copy"),
        ({"oldest_due_at": 300}, WARN, "due for 5 min"),
        ({"open_until": -30, "oldest_due_at": 300}, WARN, "rests"),
        ({"name": "planner", "last_drained_at": 400}, FAIL, "hasn't come to its end for 6 min"),
    ],
)
def test_engine_lanes(fields, state, says):
    lane(**fields)
    (found,) = engine.look_at_engine()
    assert found.state == state
    assert says in found.says


def test_engine_that_never_ticked():
    assert states(engine.look_at_engine()) == [FAIL]


def test_beat_is_seen_by_what_it_pushed(queues, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    assert beat.look_at_beat().state == FAIL
    outbox_tick.apply_async(args=[2], expires=10)
    assert "nobody takes them" in beat.look_at_beat().says
    lane(ago=5)
    assert beat.look_at_beat().says == "ticks arrive"
    no_redis(settings, tmp_path)
    lane(ago=300)
    assert beat.look_at_beat().state == FAIL


def test_ticks_of_the_engines_own_worker_are_none_of_beats(settings, tmp_path):
    """They keep every lane fresh, so a beat that has been gone for days would be seen by nobody."""
    settings.STATE_DIR = tmp_path
    lane(ago=5)
    note_turn()
    found = beat.look_at_beat()
    assert found.state == FAIL
    assert "turns the crank itself" in found.says
    os.utime(tmp_path / "crank-turn", (1, 1))
    assert beat.look_at_beat().state == OK


def test_workers_that_nobody_is(queues, monkeypatch):
    monkeypatch.setattr(workers, "SECONDS", 0.2)
    assert states(workers.look_at_workers()) == [FAIL, FAIL]


def test_workers_each_for_its_queue(monkeypatch):
    answers = {"engine@a": [{"name": "engine"}], "worker@a": [{"name": "celery"}]}
    asked = type("Asked", (), {"active_queues": staticmethod(lambda: answers)})
    monkeypatch.setattr(workers.current_app.control, "inspect", lambda **kwargs: asked)
    assert states(workers.look_at_workers()) == [OK]
    del answers["engine@a"]
    assert [one.says for one in workers.look_at_workers()] == ["nobody takes from the queue 'engine'"]


def test_mail_server_that_answers_and_one_that_does_not(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert states(mail.look_at_mail()) == [FAIL]
    with contextlib.closing(serve(port=settings.EMAIL_PORT, folder=tmp_path)) as server:
        server.close = server.stop
        assert states(mail.look_at_mail()) == [OK]
        settings.DEMO = False
        assert "others refuse" in mail.look_at_mail()[1].says


def test_mail_server_whose_certificate_nobody_trusts(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = "127.0.0.1", True, False
    with signing_for_itself(tmp_path) as settings.EMAIL_PORT:
        (found,) = mail.look_at_mail()
    assert (found.state, "certificate" in found.says) == (FAIL, True)
    assert "self-signed" in found.says
    assert "name that is in the certificate" in found.do


def test_keys_that_open_and_keys_that_do_not(world, settings):
    assert states(keys.look_at_keys()) == [OK]
    settings.VAULT_KEYS = {"new": b"n" * 32, **settings.VAULT_KEYS}
    assert states(keys.look_at_keys()) == [OK, WARN]
    settings.VAULT_KEYS = {"demo": b"o" * 32}
    forget_keys()
    assert states(keys.look_at_keys()) == [FAIL, FAIL]
    PracticeKey.objects.update(master_id="lost")
    assert "'lost'" in keys.look_at_keys()[0].says


def test_the_demos_key_is_no_key_for_others(world, settings):
    settings.DEMO = False
    assert "everybody knows" in keys.look_at_keys()[0].says


def test_disk_with_and_without_room(settings, tmp_path, monkeypatch):
    settings.STATE_DIR = tmp_path / "state"
    assert states(disk.look_at_disk()) == [OK, OK]
    for free, state in ((1, FAIL), (disk.LITTLE - 1, WARN)):
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder, free=free: type("Use", (), {"free": free}))
        assert states(disk._room("x", Path("/"))) == [state]


def test_state_folder_that_cannot_be_written_or_travels_with_the_database(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.STATE_DIR = tmp_path / "file" / "state"
    assert disk.look_at_disk()[0].state == FAIL
    settings.STATE_DIR = disk._data_folder() / "base"
    assert "inside the database's folder" in disk.look_at_disk()[-1].says


def test_settings_of_a_demo_and_of_production(settings, world):
    assert states(settings_check.look_at_settings()) == [WARN]
    settings.DEBUG = True
    assert states(settings_check.look_at_settings()) == [FAIL, WARN]
    settings.DEMO, settings.DEBUG = False, False
    world.practice.is_demo = True
    world.practice.save()
    assert "whose passwords everybody knows" in settings_check.look_at_settings()[0].says
