"""Each service of the Compose file starts by its own command in production form, and its health check says so."""

import json
import signal
import time

import pytest

from tests.production import SERVICES, Production

pytestmark = [pytest.mark.long, pytest.mark.timeout(280)]


@pytest.fixture
def production(tmp_path):
    stack = Production(tmp_path)
    stack.start_servers()
    yield stack
    stack.stop()


def until(wanted, seconds=40.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if wanted():
            return True
        time.sleep(0.5)
    return False


def test_each_service_starts_by_itself_is_well_and_stops_within_its_grace(production):
    production.start(*SERVICES)
    for name in SERVICES:
        assert until(lambda name=name: production.health(name) == 0), name
    said = production.manage("doctor", "database", "broker", "channel layer", "engine", "beat", "workers", "--json")
    found = {one["check"]: one["state"] for one in json.loads(said.stdout)["findings"]}
    assert found == dict.fromkeys(("database", "broker", "channel layer", "engine", "beat", "workers"), "ok")
    for name in reversed(SERVICES):
        running = production.running.pop(name)
        running.process.send_signal(signal.SIGTERM)
        ended = running.process.wait(running.command.grace)
        assert ended in {0, -signal.SIGTERM}, (name, running.lines())  # uvicorn passes the signal on when it is done
