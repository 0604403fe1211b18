"""The style sheets of the shells: small files while we write them, one file for the browser.

`BundleFinder` is a static files finder: it joins the sheets of a shell in the order of the cascade into
`css/portal.bundle.css` and its siblings, anew whenever one of them changed. No build step, no bundler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

GROUND = ("css/tokens.css", "css/fonts.css", "css/base.css")

STATIC = Path(__file__).resolve().parents[2] / "static"

OURS = (
    "button", "card", "chip", "avatar", "note", "field", "choice", "slider", "table",
    "tabs", "dialog", "toast", "list", "progress", "chart",
)  # fmt: skip
THEIRS = sorted({path.stem for path in (STATIC / "css/components").glob("*.css")} - {*OURS})
COMPONENTS = tuple(f"css/components/{name}.css" for name in (*OURS, *THEIRS))
"""One file a component; what a room adds comes after ours, and is in every bundle by being there."""

SHELLS = {
    "portal": (*GROUND, *COMPONENTS, "css/portal.css", "css/print.css"),
    "desk": (*GROUND, *COMPONENTS, "css/desk.css", "css/portal.css", "css/print.css"),
    "print": (*GROUND, *COMPONENTS, "css/print.css"),
}
"""The desk carries the portal's sheet too, for its phone previews."""


def bundle_path(shell: str) -> str:
    """The static path of a shell's one sheet. Raises KeyError when there is no such shell."""
    SHELLS[shell]
    return f"css/{shell}.bundle.css"


def joined(sources: Iterable[Path]) -> str:
    """The sheets as one, without comments and the space around lines."""
    text = "\n".join(source.read_text() for source in sources)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


class BundleFinder(BaseFinder):
    """Finds the bundles, and makes them first when a source is newer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(settings.BASE_DIR) / "var" / "bundles")

    def check(self, **kwargs: Any) -> list[Any]:
        """Return nothing: there is nothing to configure."""
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:  # type: ignore[override]
        """Every bundle, made if need be."""
        for shell in SHELLS:
            self._make(shell)
            yield bundle_path(shell), self.storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file of a bundle by its static path, or nothing."""
        for shell in SHELLS:
            if path == bundle_path(shell):
                made = str(self._make(shell))
                return [made] if find_all else made
        return []

    def _make(self, shell: str) -> Path:
        sources = [STATIC / name for name in SHELLS[shell]]
        target = Path(self.storage.path(bundle_path(shell)))
        newest = max(source.stat().st_mtime for source in sources)
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(f".{id(self)}.tmp")
            fresh.write_text(joined(sources))
            fresh.replace(target)
        return target
