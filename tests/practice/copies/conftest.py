"""What the tests of copies share: keys, an installation that runs, and one other cluster for the whole module."""

import pytest

from tests.factories.copies import open_house, other_cluster


@pytest.fixture
def keys(settings):
    """A key for backups."""
    settings.BACKUP_KEYS = {"b1": bytes([7]) * 32}
    return settings.BACKUP_KEYS


@pytest.fixture
def house(keys, live_database, tmp_path, settings):
    """An installation in a database whose commits are real, with a state folder of its own."""
    settings.STATE_DIR = tmp_path / "state"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return open_house()


@pytest.fixture(scope="module")
def elsewhere():
    """Another PostgreSQL."""
    with other_cluster() as places:
        yield places
