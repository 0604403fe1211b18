"""Production without containers: each service's own command out of `docker-compose.yml`, on real servers beside it.

What differs is what a machine differs in: addresses, ports and folders. Settings are production's (DEBUG=0, DEMO=0,
collected static files).
"""

import base64
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from practice.config.stack import application, postgres, valkey
from practice.config.stack.commands import Command
from practice.config.stack.places import Places
from tests.servers import Running

ROOT = Path(__file__).resolve().parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = ("web", "live", "engine", "worker", "beat")
PROGRAMS = {"python": sys.executable}
NAME = "rapport.example"


class Production:
    """PostgreSQL, Valkey, a mail sink, and the services, each a child."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = Places(folder / "var")
        self.ports = {"8000": str(application.free_port()), "8001": str(application.free_port())}
        self.mail_port = application.free_port()
        self.running: dict[str, Running] = {}
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.places.database_url("rapport"),
            "REDIS_URL": self.places.redis_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "VAULT_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "PUBLIC_URL": f"https://{NAME}",
            "ALLOWED_HOSTS": NAME,
            "SOCKET_ORIGINS": f"https://{NAME}",
            "BEHIND_PROXY": "1",
            "DEMO": "0",
            "DEBUG": "0",
            "TESTING": "0",
            "STATE_DIR": str(folder / "state"),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_port),
            "DEFAULT_FROM_EMAIL": f"Rapport <no-reply@{NAME}>",
            "WEB_BIND": f"127.0.0.1:{self.ports['8000']}",
        }

    def start_servers(self) -> None:
        """Start PostgreSQL with production's settings, Valkey and the mail sink; make the tables."""
        self.places.make()
        self._start(postgres.command(self.places))
        self._start(valkey.command(self.places))
        self._start(application.mail(port=self.mail_port, folder=self.folder / "mail"))
        postgres.create_database(self.places, "rapport")
        self.manage("migrate", "--no-input", "--verbosity", "0")

    def manage(self, *arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command; raises when it fails, with what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not arguments[0] == "doctor":
            raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")
        return done

    def start(self, *names: str) -> None:
        """Start these services until each is ready."""
        for name in names:
            self._start(self.command(name))

    def command(self, name: str) -> Command:
        """A service of the Compose file as a command of this machine."""
        service = COMPOSE["services"][name]
        argv = [str(word) for word in service["command"]]
        argv = [self.ports.get(word, word).replace("0.0.0.0", "127.0.0.1") for word in argv]
        argv = [word.replace("/tmp/beat", str(self.folder / "beat")) for word in argv]
        argv[0] = PROGRAMS.get(argv[0]) or str(Path(sys.executable).parent / argv[0])
        told = {key: self._told(key, str(value)) for key, value in service["environment"].items()}
        kept = {key: value for key, value in told.items() if value}
        port = {"web": "8000", "live": "8001"}.get(name)
        ready = (lambda _pid: application.lives("127.0.0.1", int(self.ports[port]), NAME)) if port else None
        grace = float(str(service.get("stop_grace_period", "10s")).rstrip("s"))
        return Command(
            name=name, argv=tuple(argv), environment=kept, grace=grace, **({"ready": ready} if ready else {})
        )

    def _told(self, key: str, value: str) -> str:
        """What Compose would fill in: our own value, else the default behind `:-`."""
        if "${" not in value:
            return self.environment.get(key, "") if key in {"STATE_DIR"} else value
        if key in self.environment:
            return self.environment[key]
        return value.partition(":-")[2].rstrip("}")

    def health(self, name: str) -> int:
        """Run the service's own health check; returns its exit code."""
        test = [str(word) for word in COMPOSE["services"][name]["healthcheck"]["test"]]
        if test[0] == "CMD-SHELL":
            argv = ["sh", "-c", test[1].replace("$$HOSTNAME", "$(hostname)")]
        else:
            argv = [PROGRAMS.get(word, self.ports.get(word, word)) for word in test[1:]]
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        env = {**self.environment, **self.command(name).environment, "PATH": path}
        return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, check=False).returncode

    def _start(self, command: Command) -> None:
        log = self.folder / f"{command.name}.log"
        self.running[command.name] = Running(command, log=log, environment=self.environment | dict(command.environment))
        self.running[command.name].start()

    def stop(self) -> None:
        """End all, the last first."""
        while self.running:
            self.running.popitem()[1].stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def group_of(pid: int) -> list[int]:
    """Every process below this one, and itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [pid, *(deeper for child in found for deeper in group_of(child))]


def proportional_kb(pid: int) -> int:
    """A process's share of memory in kB, shared pages counted by their part (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
