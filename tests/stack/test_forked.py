"""What tests start beside them is forked from a loaded process; it lives and ends as if it had been started plainly."""

import signal
import sys

import pytest

from tests.forks import Forked
from tests.live import Live

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux alone")


def test_forked_child_is_killed_stopped_and_started_again(live: Live, new_context) -> None:
    web = live.running["web"].process
    assert isinstance(web, Forked)
    assert web.poll() is None
    live.kill("web")
    assert web.returncode == -signal.SIGKILL
    live.start("web")  # also after a browser has opened: what that tells the environment is nothing to a child
    again = live.running["web"].process
    assert isinstance(again, Forked)
    assert again.pid != web.pid
    again.send_signal(signal.SIGTERM)
    assert again.wait(60) in {0, -signal.SIGTERM}


def test_child_that_is_told_something_else_is_started_plainly(live: Live) -> None:
    live.stop()
    live.start("web", PSEUDO_LOCALE="1")
    assert not isinstance(live.running["web"].process, Forked)
