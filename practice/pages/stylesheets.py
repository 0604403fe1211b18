"""Which style sheets a shell is made of, in the order of the cascade."""

from __future__ import annotations

GROUND = ("css/tokens.css", "css/fonts.css", "css/base.css")

COMPONENTS = tuple(
    f"css/components/{name}.css"
    for name in (
        "button", "card", "chip", "avatar", "note", "field", "choice", "slider", "table",
        "tabs", "dialog", "toast", "list", "progress", "chart", "pictures", "blocks", "runner",
    )
)  # fmt: skip

SHELLS = {
    "portal": (*GROUND, *COMPONENTS, "css/portal.css", "css/print.css"),
    "desk": (*GROUND, *COMPONENTS, "css/desk.css", "css/portal.css", "css/print.css"),
    "print": (*GROUND, *COMPONENTS, "css/print.css"),
}


def sheets_for(shell: str) -> tuple[str, ...]:
    """The static paths of a shell's sheets. The desk carries the portal's too, for its phone previews."""
    return SHELLS[shell]
