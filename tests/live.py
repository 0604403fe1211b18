"""The real thing beside a test: uvicorn, workers, beat and mail sink as children, on a database of the test's own.

    def test_…(live):
        live.start("mail", "engine", "worker", "beat")
        page.goto(live.url + "/")

Rows made in the test are really committed, so the children see them.
"""

import email
import signal
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import cast

from practice.config.stack import application
from practice.config.stack.commands import Command
from tests.servers import Running


class Live:
    """Children of one test. The web is up from the start, others on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = application.free_port()
        self.mail_port = application.free_port()
        self.mail_folder = folder / "mail"
        self.url = f"http://localhost:{self.port}"
        self.running: dict[str, Running] = {}

    def _command(self, name: str) -> Command:
        commands = {
            "web": lambda: application.web(host="127.0.0.1", port=self.port),
            "mail": lambda: application.mail(port=self.mail_port, folder=self.mail_folder),
            "engine": application.engine,
            "worker": application.worker,
            "beat": lambda: application.beat(schedule=self.folder / "beat"),
        }
        return commands[name]()

    def start(self, *names: str, **environment: str) -> None:
        """Start these, in this order, each until ready. Extra variables go to them alone."""
        told = {
            "PORT": str(self.port),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_port),
            "DEMO_MAIL_DIR": str(self.mail_folder),
            "STATE_DIR": str(self.folder / "state"),
            **environment,
        }
        for name in names:
            log = self.folder / f"{name}.log"
            self.running[name] = Running(self._command(name), log=log, environment=told).start()

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal one of them with its group; a killed one is waited for."""
        if number == signal.SIGKILL:
            self.running.pop(name).kill()
        else:
            self.running[name].send(number)

    def stop(self) -> None:
        """End all, the last first."""
        while self.running:
            self.running.popitem()[1].stop()

    def mails(self) -> list[EmailMessage]:
        """What the sink holds, in the order of arrival."""
        files = sorted(self.mail_folder.glob("*.eml"))
        return [cast("EmailMessage", email.message_from_bytes(f.read_bytes(), policy=modern)) for f in files]

    def logs(self) -> str:
        """The end of what each of them printed."""
        return "\n".join(
            f"--- {p.stem}\n{p.read_text(errors='replace')[-3000:]}" for p in sorted(self.folder.glob("*.log"))
        )
