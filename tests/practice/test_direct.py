"""The loop's driver finds the database that Django's own finds, and proves as much on the way."""

import inspect
import ssl
from datetime import UTC, datetime

import pytest
from asyncpg.connect_utils import _parse_connect_dsn_and_args
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from practice.live import direct


def a_certificate():
    """Return one of an authority nobody knows, as PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ours")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


GIVEN = {"host": "db.example", "port": "5433", "user": "rapport", "password": "p:w@d", "dbname": "rapport"}


@pytest.fixture
def told(monkeypatch):
    """What the driver makes of what Django says: addresses, parameters."""

    def tell(**more):
        monkeypatch.setattr(direct.connection, "get_connection_params", lambda: GIVEN | more)
        every = dict.fromkeys(inspect.signature(_parse_connect_dsn_and_args).parameters)
        return _parse_connect_dsn_and_args(**every | direct._address())

    return tell


def test_address_says_all_that_djangos_own_connection_says(told):
    options = "-c idle_session_timeout=1800000"
    addresses, said = told(options=options, connect_timeout=5, keepalives_idle=30, client_encoding="UTF8")
    assert addresses == [("db.example", 5433)]
    assert (said.user, said.password, said.database, said.sslmode.name) == ("rapport", "p:w@d", "rapport", "prefer")
    assert said.server_settings == {"options": options, **direct.SETTINGS}


def test_address_keeps_what_tls_is_to_prove(told, tmp_path):
    authority = tmp_path / "ca & co.pem"
    authority.write_text(a_certificate())
    _, said = told(sslmode="verify-full", sslrootcert=str(authority))
    assert (said.sslmode.name, said.ssl.verify_mode, said.ssl.check_hostname) == (
        "verify_full",
        ssl.CERT_REQUIRED,
        True,
    )
    _, said = told(sslmode="require")
    assert (said.sslmode.name, said.ssl.check_hostname) == ("require", False)


@pytest.mark.parametrize(
    ("given", "addresses"),
    [
        ({"host": "one,two", "port": "5432,5433"}, [("one", 5432), ("two", 5433)]),
        ({"host": "one,two"}, [("one", 5433), ("two", 5433)]),
        ({"host": "::1"}, [("::1", 5433)]),
        ({"host": "/run/ours"}, ["/run/ours/.s.PGSQL.5433"]),
    ],
)
def test_address_of_every_kind_is_understood(told, given, addresses):
    assert told(**given)[0] == addresses


def test_files_of_passwords_and_services_are_read(told, tmp_path, monkeypatch):
    (tmp_path / "pass").write_text("db.example:5433:*:rapport:from the file\n")
    (tmp_path / "pass").chmod(0o600)
    (tmp_path / "services").write_text("[ours]\nhost=elsewhere\nport=5499\n")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    assert told(password="", passfile=str(tmp_path / "pass"))[1].password == "from the file"
    assert told(host="", port="", service="ours")[0] == [("elsewhere", 5499)]


@pytest.mark.parametrize("unknown", [{"channel_binding": "require"}, {"sslrootcert": "system"}, {"require_auth": "x"}])
def test_what_this_driver_does_not_know_is_not_left_out(told, unknown):
    """It asked for more safety: a thread's connection has it."""
    with pytest.raises(ValueError, match="asyncpg doesn't know"):
        told(**unknown)
