"""The drill: back up, restore into a fresh cluster, see that it is silent, whole, and readable with the keys alone."""

import io
import itertools

import psycopg2
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from homework.domain.releasing import release, what_would_go
from homework.domain.sending import drain
from practice.audit.models import AuditEvent
from practice.audit.sealing import seal
from practice.audit.verifying import verify
from practice.config.stack import postgres
from practice.copies.backing_up import _thin_out, back_up
from practice.copies.failing import CannotCopy
from practice.copies.restoring import inspect, restore
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, EngineLane
from practice.tenancy import every_practice
from practice.vault import CannotOpen
from tests.factories.copies import NEW, SECRET, working_in

NAMES = itertools.count()


@pytest.fixture
def copy(elsewhere, tmp_path, settings):
    """An empty database in another cluster; entering it works there."""
    name = f"copy{next(NAMES)}"
    postgres.create_database(elsewhere, name)
    return lambda: working_in(elsewhere.database_url(name), state=tmp_path / "elsewhere", settings=settings)


def made(folder):
    return back_up(folder=folder, now=timezone.now()).file


def run(*words, **options):
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_drill(house, copy, tmp_path, settings):
    file = made(tmp_path)
    assert [word for word in (SECRET.encode(), b"Sam Dorn", b"PGDMP") if word in file.read_bytes()] == []
    assert (drain().sent, house.sent()) == (5, 5)  # the original goes on
    mail.outbox.clear()

    with copy():
        restore(file=file, now=timezone.now())

        held = dict(EngineLane.objects.values_list("name", "hold"))
        assert held == {"sends": True, "planner": True, "outbox-email": True}
        assert "restored on" in drain().on_hold
        assert "restored on" in deliver(channel=Channel.EMAIL).on_hold
        assert (house.sent(), mail.outbox) == (0, [])

        with every_practice("the trail of the installation"):
            assert AuditEvent.objects.filter(practice=None).get().verb == "backup_restored"
        seal()
        heads = {int(chain): tuple(head) for chain, head in inspect(file=file).audit_heads.items()}
        assert verify(now=timezone.now(), kept=heads).broken == 0

        assert house.body() == SECRET
        kept = settings.VAULT_KEYS
        settings.VAULT_KEYS = {"another": bytes(32)}
        with pytest.raises(CannotOpen):
            house.body()
        settings.VAULT_KEYS = kept

        listed = what_would_go(lose_before=timezone.now() - 2 * NEW)
        assert (listed.sends, listed.sends_lost) == (2, 3)
        release(lose_before=timezone.now() - 2 * NEW)
        assert (drain().sent, house.sent()) == (2, 2)
        assert deliver(channel=Channel.EMAIL).on_hold == ""


def test_filled_database_is_refused_and_replaced_when_asked_to(house, tmp_path):
    file = made(tmp_path)
    drain()
    with pytest.raises(CannotCopy, match="isn't empty"):
        restore(file=file, now=timezone.now())
    assert house.sent() == 5

    restore(file=file, now=timezone.now(), replace=True)

    assert (house.sent(), house.body()) == (0, SECRET)
    assert "restored on" in drain().on_hold


def test_database_with_others_in_it_is_refused(house, copy, tmp_path, elsewhere):
    file = made(tmp_path)
    with copy():
        other = psycopg2.connect(elsewhere.database_url(connection.settings_dict["NAME"]))
        with pytest.raises(CannotCopy, match="1 other connections are open"):
            restore(file=file, now=timezone.now())
        other.close()
        assert connection.introspection.table_names() == []


def test_replacing_where_nobody_can_answer_changes_nothing(house, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match=r"Nothing was changed. .*--yes"):
        call_command("restore", str(made(tmp_path)), "--replace")
    assert house.body() == SECRET


def refused(file):
    """What `restore` says in one line; nothing was changed."""
    with pytest.raises(CommandError) as error:
        call_command("restore", str(file))
    assert (error.value.returncode, "\n" in str(error.value)) == (1, False)
    assert connection.introspection.table_names() == []
    return str(error.value)


def test_backup_that_is_not_right_changes_nothing(house, copy, tmp_path, settings):
    file = made(tmp_path)
    content = file.read_bytes()
    flipped, cut = bytearray(content), tmp_path / "cut"
    flipped[-len(content) // 3] ^= 1
    (tmp_path / "flipped").write_bytes(flipped)
    cut.write_bytes(content[:-20])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('homework', '9999_x', now())")
    newer = made(tmp_path / "newer")
    with copy():
        assert "damaged or cut off" in refused(tmp_path / "flipped")
        assert "damaged or cut off" in refused(cut)
        assert "can't be read: No such file" in refused(tmp_path / "nowhere")
        assert "newer Rapport (homework.9999_x" in refused(newer)
        settings.BACKUP_KEYS = {"b1": bytes(32)}
        assert "another key than the one that made it" in refused(file)
        settings.BACKUP_KEYS = {"b2": bytes(32)}
        assert "made with the key 'b1'" in refused(file)
        settings.BACKUP_KEYS = {"b1": bytes([7]) * 32}
        settings.VAULT_KEYS = {name: bytes(32) for name in settings.VAULT_KEYS}
        assert "is another key than the backup's" in refused(file)
        settings.VAULT_KEYS = {"v9": bytes(32)}
        assert "VAULT_KEYS has no key" in refused(file)


def test_restore_that_fails_in_the_middle_changes_nothing(house, copy, tmp_path, monkeypatch):
    """The rows are counted inside the transaction: here the manifest says one more than was dumped."""
    from practice.copies import backing_up

    right = backing_up.describe

    def wrong(cursor, *, created_at):
        found = right(cursor, created_at=created_at)
        found.tables["practice_user"] += 1
        return found

    monkeypatch.setattr(backing_up, "describe", wrong)
    file = made(tmp_path)
    with copy():
        with pytest.raises(CannotCopy, match="practice_user has not as many rows"):
            restore(file=file, now=timezone.now())
        assert connection.introspection.table_names() == []


def test_backup_that_cannot_be_made_leaves_nothing_behind(house, tmp_path, monkeypatch):
    folder = tmp_path / "bk"
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="can't be written to"):
        call_command("backup", str(tmp_path / "file" / "folder"))
    with monkeypatch.context() as patched:
        patched.setattr("practice.copies.backing_up.DUMPING", ("--format=custom", "--table=nowhere_to_be_found"))
        with pytest.raises(CannotCopy, match="pg_dump: no matching tables were found"):
            back_up(folder=folder, now=timezone.now())
    monkeypatch.setattr("practice.copies.programs._candidates", lambda name: iter(()))
    with pytest.raises(CannotCopy, match="no pg_dump of version 18 or newer"):
        back_up(folder=folder, now=timezone.now())
    assert list(folder.iterdir()) == []


def test_backup_that_was_just_made_is_kept_though_older_ones_have_later_names(tmp_path):
    """A clock that was ahead has been set back meanwhile."""
    made = tmp_path / "rapport-20261130-120000Z.backup"
    for file in (made, tmp_path / "rapport-20281130-120000Z.backup", tmp_path / "rapport-20271130-120000Z.backup"):
        file.write_bytes(b"")

    removed = _thin_out(tmp_path, 2, spared=made)

    assert (sorted(tmp_path.iterdir()), [file.name[8:12] for file in removed]) == (
        [made, tmp_path / "rapport-20281130-120000Z.backup"],
        ["2027"],
    )


def test_command_says_what_it_made_and_keeps_as_many_as_asked(house, tmp_path):
    for minute in (1, 2, 3):
        (tmp_path / f"rapport-20200101-00000{minute}Z.backup").write_bytes(b"")
    (tmp_path / "mine.backup").write_bytes(b"")

    said = run("backup", str(tmp_path), keep=2)

    with every_practice("the trail of the installation"):
        assert AuditEvent.objects.filter(practice=None).get().verb == "backup_made"
    (newest,) = tmp_path.glob("rapport-202[1-9]*.backup")
    assert f"Wrote {newest}:" in said
    assert sorted(file.name for file in tmp_path.glob("*.backup")) == [
        "mine.backup", "rapport-20200101-000003Z.backup", newest.name,
    ]  # fmt: skip
    assert "Whole: the backup of" in run("restore", str(newest), check=True)
    manifest = inspect(file=newest)
    assert (manifest.left_out, manifest.tables["practice_user"] > 5) == (["django_session", "practice_cache"], True)
    assert newest.stat().st_mode & 0o077 == 0


def test_keys_that_are_missing_or_shared_are_refused(tmp_path, settings):
    settings.BACKUP_KEYS = {}
    with pytest.raises(CommandError, match="BACKUP_KEYS is not set"):
        call_command("backup", str(tmp_path))
    settings.BACKUP_KEYS = {"b1": next(iter(settings.VAULT_KEYS.values()))}
    with pytest.raises(CommandError, match="both BACKUP_KEYS and VAULT_KEYS"):
        call_command("backup", str(tmp_path))
