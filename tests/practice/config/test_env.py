"""What the environment says, and what is refused."""

import base64
from pathlib import Path

import pytest

from practice.config.env import (
    DEMO_VAULT_KEY,
    Env,
    WrongEnvironment,
    celery_url,
    parse_database_url,
    read_dotenv,
    redis_url,
)

ROOT = Path(__file__).resolve().parents[3]


def test_missing_value_is_named() -> None:
    with pytest.raises(WrongEnvironment, match="SECRET_KEY is not set"):
        Env({}).text("SECRET_KEY")


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_flag_reads_yes_and_no(written: str, meant: bool) -> None:
    assert Env({"DEMO": written}).flag("DEMO") is meant


@pytest.mark.parametrize("written", ["2", "on", "maybe"])
def test_flag_refuses_anything_else(written: str) -> None:
    with pytest.raises(WrongEnvironment, match="DEBUG"):
        Env({"DEBUG": written}).flag("DEBUG")


@pytest.mark.parametrize("written", ["80a", "-1", "٣", "1.5"])
def test_number_refuses_what_is_no_whole_number(written: str) -> None:
    with pytest.raises(WrongEnvironment, match="PORT"):
        Env({"PORT": written}).number("PORT", 8000)


def test_demo_key_needs_the_demo() -> None:
    with pytest.raises(WrongEnvironment, match="VAULT_KEYS is not set"):
        Env({"DEMO": "0"}).vault_keys()
    assert list(Env({"DEMO": "1"}).vault_keys()) == [DEMO_VAULT_KEY.split(":")[0]]


def test_vault_keys_keep_their_order_and_their_length() -> None:
    new, old = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))

    assert list(Env({"VAULT_KEYS": f"b:{new},a:{old}"}).vault_keys()) == ["b", "a"]
    with pytest.raises(WrongEnvironment, match="32 bytes"):
        Env({"VAULT_KEYS": "a:" + base64.b64encode(b"short").decode()}).vault_keys()
    with pytest.raises(WrongEnvironment, match="not base64"):
        Env({"VAULT_KEYS": "a:???"}).vault_keys()


def test_database_url_knows_sockets_and_hosts() -> None:
    socket = parse_database_url("postgresql://postgres@/app?host=/run/with%20space")
    host = parse_database_url("postgres://me:p%40ss@db.example:5433/rapport?sslmode=require")

    assert (socket.name, socket.user, socket.host) == ("app", "postgres", "/run/with space")
    assert (host.name, host.user, host.password, host.host, host.port) == (
        "rapport",
        "me",
        "p@ss",
        "db.example",
        "5433",
    )
    assert host.options == {"sslmode": "require"}


def test_other_engines_are_refused() -> None:
    with pytest.raises(WrongEnvironment, match="postgresql://"):
        parse_database_url("sqlite:///db.sqlite3")
    with pytest.raises(WrongEnvironment, match="REDIS_URL"):
        redis_url("memcached://cache", 0)


def test_redis_url_in_each_clients_spelling() -> None:
    assert redis_url("unix:///run/v.sock", 2) == "unix:///run/v.sock?db=2"
    assert redis_url("rediss://:secret@cache:6380/0", 1) == "rediss://:secret@cache:6380/1"
    assert celery_url("unix:///run/v.sock", 3) == "redis+socket:///run/v.sock?virtual_host=3"
    assert celery_url("redis://cache:6379", 0) == "redis://cache:6379/0"


def test_dotenv_skips_comments_and_quotes(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# a comment\nPORT=9000\nNAME='quoted = yes'\n\nnonsense\n")

    assert read_dotenv(tmp_path / ".env") == {"PORT": "9000", "NAME": "quoted = yes"}
    assert read_dotenv(tmp_path / "absent") == {}
