"""The demo's mail is readable in the demo, and nowhere else."""

import subprocess
import sys

import pytest
from django.conf import settings

MAIL = b"To: sam@elm.example\nSubject: Something new\nContent-Type: text/plain\n\nOpen http://localhost:8000/ today.\n"
NAME = "01790000000000000000-abcdef12"


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEMO_MAIL_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_an_empty_box_says_how_to_fill_it(client, folder):
    assert "No mail yet" in client.get("/demo/mail/").content.decode()


@pytest.mark.django_db
def test_a_letter_is_listed_and_its_link_can_be_followed(client, folder):
    (folder / f"{NAME}.eml").write_bytes(MAIL)
    assert f"/demo/mail/{NAME}/" in client.get("/demo/mail/").content.decode()
    assert 'href="http://localhost:8000/"' in client.get(f"/demo/mail/{NAME}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing-here", "x"])
def test_another_name_is_not_found(client, folder, name):
    assert client.get(f"/demo/mail/{name}/").status_code == 404


def test_outside_the_demo_it_does_not_exist():
    code = "import django; django.setup(); from django.urls import resolve; resolve('/demo/mail/')"
    environment = {
        "DJANGO_SETTINGS_MODULE": "practice.config.settings",
        "DEMO": "0",
        "SECRET_KEY": "x" * 60,
        "VAULT_KEYS": "k:" + "A" * 43 + "=",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Resolver404" in done.stderr
