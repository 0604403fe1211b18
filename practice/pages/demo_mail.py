"""The demo's mail, as its sink keeps it. These pages exist in the demo only: anybody may read them, so that one can
sign in by a mailed link without a mailbox."""

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email.policy import default as modern
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

SHOWN = 100


@dataclass(frozen=True)
class Letter:
    """A mail that arrived. `name` is its file's, without the ending."""

    name: str
    to: str
    subject: str
    text: str

    @property
    def at(self) -> datetime:
        """Return when it came: the file's name begins with the nanoseconds since 1970."""
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) / 1e9, tz=UTC)


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """List what came, newest first."""
    files = sorted(_folder().glob("*-*.eml"), reverse=True)[:SHOWN]
    return render(request, "practice/demo_mail.html", {"letters": [_read(path) for path in files]})


@require_GET
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail as its reader gets it."""
    path = _folder() / f"{name}.eml"
    if "-" not in name or not path.is_file():
        raise Http404
    return render(request, "practice/demo_letter.html", {"letter": _read(path)})


def _folder() -> Path:
    return Path(settings.DEMO_MAIL_DIR)


def _read(path: Path) -> Letter:
    mail = email.message_from_bytes(path.read_bytes(), policy=modern)
    body = mail.get_body(("plain",))
    return Letter(path.stem, str(mail["To"]), str(mail["Subject"]), body.get_content() if body else "")
