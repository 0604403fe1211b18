"""The demo's mail server: takes every mail over real SMTP and keeps it as a file, so that `/demo/mail/` can show it.

    python -m practice.config.stack.mail --port 2525 --folder var/mail

A file is named by the moment it came, so that names sort in the order of arrival. Nothing is ever sent on.
"""

import argparse
import signal
import threading
import time
import uuid
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from practice.config.env import BASE_DIR

LARGEST = 5 * 1024 * 1024


class Folder(MessageHandler):
    """Writes each mail to a file of its own, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def handle_message(self, message: Message) -> None:
        """Called by the server for each mail it accepted."""
        path = self.folder / f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.eml"
        draft = path.with_suffix(".part")
        draft.touch(mode=0o600)
        draft.write_bytes(message.as_bytes())
        draft.rename(path)


def serve(*, port: int, folder: Path) -> Any:
    """A running mail server on the loopback address; `.stop()` ends it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    controller = Controller(Folder(folder), hostname="127.0.0.1", port=port, data_size_limit=LARGEST)
    controller.start()
    return controller


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="The demo's mail server.")
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--folder", type=Path, default=BASE_DIR / "var" / "mail")
    options = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    controller = serve(port=options.port, folder=options.folder)
    over.wait()
    controller.stop()


if __name__ == "__main__":
    main()
