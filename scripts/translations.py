"""The catalogues of strings: collect, check, compile, and a made-up language that shows what isn't translatable.

    python scripts/translations.py update|check|compile|pseudo

`locale/en` is the list that translators start from. Collecting needs gettext's xgettext; compiling needs nothing but
Babel. `pseudo` writes the language en-xa, in which every translatable letter wears an accent (`PSEUDO_LOCALE=1`).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
SOURCE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
PSEUDO = LOCALE / "en_XA" / "LC_MESSAGES" / "django.mo"
IGNORED = ("node_modules", ".venv", "tests", "benchmarks", "scripts", "staticfiles", "var")
PLAIN, ACCENTED = "AEIOUaeiouCcNnSsYy", "ÅÉÎÖÛåéîöûÇçÑñŠšÝý"
KEPT = re.compile(r"(%\([a-z_]+\)[sd]|%[sd%]|\{[^{}]*\}|<[^<>]+>|&[a-z#0-9]+;|https?://\S+)")


def catalogues() -> Iterator[Path]:
    """Every committed catalogue."""
    return iter(sorted(LOCALE.glob("*/LC_MESSAGES/django.po")))


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as file:
        return read_po(file)


def collect() -> bool:
    """Write the strings of the code and the templates into the catalogues; returns whether that worked."""
    SOURCE.parent.mkdir(parents=True, exist_ok=True)
    languages = sorted({"en", *(path.parts[-3] for path in catalogues())})
    argv = [
        sys.executable,
        str(ROOT / "manage.py"),
        "makemessages",
        "--no-obsolete",
        "--add-location",
        "file",
        "--no-wrap",
    ]
    argv += [part for language in languages for part in ("--locale", language)]
    argv += [part for folder in IGNORED for part in ("--ignore", folder)]
    environment = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", "DEMO": "1"}
    return subprocess.run(argv, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def strings(path: Path) -> set[str]:
    """The strings of a catalogue, with their context."""
    return {f"{message.context or ''}\4{message.id}" for message in read(path) if message.id}


def check() -> int:
    """Say which catalogues lack strings of the code or keep dropped ones. Leaves the files as they were."""
    before = {path: path.read_bytes() for path in catalogues()}
    if SOURCE not in before:
        sys.stdout.write("locale/en is missing: run `make messages`\n")
        return 1
    try:
        if not collect():
            return 1
        stale = [path for path, content in before.items() if _differs(path, content)]
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    for path in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)} is not up to date: run `make messages`\n")
    return len(stale)


def _differs(path: Path, before: bytes) -> bool:
    now = strings(path)
    path.write_bytes(before)
    return strings(path) != now


def compile_all() -> None:
    """Write the binary catalogues that Django reads, where the text is newer."""
    for path in catalogues():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            with target.open("wb") as file:
                write_mo(file, read(path))


def accented(text: str) -> str:
    """The same text with accents, a third longer, its placeholders, tags and addresses kept."""
    table = str.maketrans(PLAIN, ACCENTED)
    parts = KEPT.split(text)
    body = "".join(part if index % 2 else part.translate(table) for index, part in enumerate(parts))
    return f"[{body}{'·' * (len(text) // 3)}]"


def pseudo() -> None:
    """Write the made-up language from the English list."""
    catalogue = read(SOURCE)
    catalogue.locale = "en"
    for message in catalogue:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            made = tuple(_kept_ends(form) for form in forms)
            message.string = made[0] if isinstance(message.id, str) else made
            message.flags.discard("fuzzy")
    PSEUDO.parent.mkdir(parents=True, exist_ok=True)
    with PSEUDO.open("wb") as file:
        write_mo(file, catalogue)


def _kept_ends(text: str) -> str:
    """Line breaks at both ends stay: gettext wants them equal."""
    core = text.strip("\n")
    start = len(text) - len(text.lstrip("\n"))
    return text[:start] + accented(core) + text[start + len(core) :] if core else text


def main(argv: list[str]) -> int:
    """Do what is asked; returns the exit code."""
    acts = {"update": lambda: int(not collect()), "check": check, "compile": compile_all, "pseudo": pseudo}
    if len(argv) != 1 or argv[0] not in acts:
        sys.stdout.write(f"usage: python scripts/translations.py {'|'.join(acts)}\n")
        return 2
    return acts[argv[0]]() or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
