"""The parent of `make run`: everything comes up, comes back, and leaves nothing behind."""

import os
import signal
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.stack.conftest import Stack

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals the children of a killed parent")


def status(stack: Stack, path: str) -> int:
    """Status of a page of the stack; 0 when nobody answers."""
    connection = HTTPConnection("127.0.0.1", stack.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_parent_brings_killed_children_back_and_stops_everything_on_sigterm(stack: Stack) -> None:
    assert status(stack, "/livez") == 200
    assert f"http://localhost:{stack.port}" in stack.printed()

    for name, words in (("valkey", "valkey-server"), ("postgres", "bin/postgres -D"), ("engine", "-Q engine")):
        first = stack.pid_of(words)
        os.kill(first, signal.SIGKILL)
        stack.wait_for(lambda line=f"{name} | ended with -9": line in stack.printed())
        stack.wait_for(
            lambda words=words, first=first: any(
                pid != first and words in line for pid, line in stack.children().items()
            )
        )
    stack.wait_for(lambda: status(stack, "/livez") == 200)

    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(120) == 0
    assert "everything stopped" in stack.printed()
    stack.wait_for(lambda: stack.children() == {})


def test_second_parent_on_the_same_folder_is_refused(stack: Stack, tmp_path: Path) -> None:
    second = stack.spawn(tmp_path / "second.log")

    assert second.wait(120) == 1
    assert "already running on" in (tmp_path / "second.log").read_text()
    assert str(stack.process.pid) in (tmp_path / "second.log").read_text()
    assert status(stack, "/livez") == 200


@linux_only
def test_killed_parent_takes_everything_with_it_and_the_next_start_keeps_the_data(stack: Stack) -> None:
    stack.process.kill()
    stack.process.wait()
    stack.wait_for(lambda: stack.children() == {})

    stack.process = stack.spawn(stack.log)
    stack.wait_for(lambda: "is ready after" in stack.printed())
    assert status(stack, "/livez") == 200
