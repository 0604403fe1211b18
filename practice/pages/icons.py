"""The house's icons: one line style on 24 units, drawn in the current colour.

What lives here: the drawings by name and the SVG text of one. A drawing is decoration (`aria-hidden`);
the words beside it, or the label of its button, say what it means.
"""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString, mark_safe

ICONS: dict[str, str] = {
    "alert": '<path d="M12 8v5M12 16.5h.01"/><circle cx="12" cy="12" r="8.5"/>',
    "arrow": '<path d="M5 12h13M13 6l6 6-6 6"/>',
    "asis": '<path d="M6.5 6l6 6-6 6M12.5 6l6 6-6 6"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15z"/><path d="M10 21h4"/>',
    "book": '<path d="M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3z"/><path d="M5 17a3 3 0 0 1 3-3h11"/>',
    "breath": '<circle cx="12" cy="12" r="3"/><path d="M12 3.5a8.5 8.5 0 0 1 8.5 8.5M12 20.5A8.5 8.5 0 0 1 3.5 12"/>',
    "cal": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
    "chart": '<path d="M4 19h16M6 15l4-5 4 3 5-7"/>',
    "chat": '<path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z"/>',
    "check": '<path d="M5 13l4 4 10-11"/>',
    "chev": '<path d="M6 9l6 6 6-6"/>',
    "choice": '<circle cx="6" cy="7" r="2.5"/><circle cx="6" cy="17" r="2.5"/><path d="M12 7h8M12 17h8"/>',
    "clip": '<path d="M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l8-8"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 8v4l3 2"/>',
    "columns": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="M9.5 5v14M15 5v14"/>',
    "compass": '<circle cx="12" cy="12" r="8.5"/><path d="M15.5 8.5l-2 5-5 2 2-5z"/>',
    "contrast": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor" stroke="none"/>',  # noqa: E501
    "copy": '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M6 15H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v1"/>',  # noqa: E501
    "doc": '<path d="M6 3.5h8l4 4V20a.5.5 0 0 1-.5.5h-11A.5.5 0 0 1 6 20z"/><path d="M14 3.5V8h4M9 12.5h6M9 16h6"/>',
    "door": '<path d="M13 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h7M10 12h10M16.5 8.5L20 12l-3.5 3.5"/>',
    "down": '<path d="M12 5v13M6 13l6 6 6-6"/>',
    "download": '<path d="M12 4v11M7.5 10.5L12 15l4.5-4.5M5 20h14"/>',
    "drop": '<path d="M4 6l6 7 4-4 6 9"/><path d="M20 13v5h-5"/>',
    "edit": '<path d="M4 20l4-1L19 8l-3-3L5 16z"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',  # noqa: E501
    "fast": '<path d="M3.5 6l6 6-6 6M9.5 6l6 6-6 6M15.5 6l6 6-6 6" stroke-width="1.7"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "flag": '<path d="M6 21V4h11l-2 4 2 4H6"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "grip": '<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" stroke-width="2.7"/>',
    "handshake": '<path d="M3 8l4-2 5 2 5-2 4 2v7l-3 1-5.5 4L7 16l-4-1z"/><path d="M12 8l-3 4c1.5 1.5 3 1 4-.5l4.5 4.5"/>',  # noqa: E501
    "heart": '<path d="M12 21s-8-5-8-11a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 6-8 11-8 11z"/>',
    "help": '<path d="M12 21s-8-5-8-11a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 6-8 11-8 11z"/>',
    "home": '<path d="M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"/>',
    "image": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="9" cy="10" r="1.6"/><path d="M4 17l5-4 3 2.5 4-4.5 4.5 5"/>',  # noqa: E501
    "inbox": '<path d="M4 13l3-8h10l3 8v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z"/><path d="M4 13h5l1 2h4l1-2h5"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11.5V16M12 8h.01"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l8-8M16 7l3 3"/>',
    "ladder": '<path d="M8 3.5v17M16 3.5v17M8 8h8M8 12h8M8 16h8"/>',
    "leaf": '<path d="M5 19c0-9 6-14 15-14 0 9-5 15-14 15M5 19c3-5 6-7 9-8"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"/>',
    "list": '<path d="M4 7l1.5 1.5L8 5.5M4 16l1.5 1.5L8 14.5M12 7h8M12 16h8"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "long": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="M7 9.5h10M7 13h6"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="M4 7l8 6 8-6"/>',
    "me": '<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "mic": '<rect x="9" y="3.5" width="6" height="10" rx="3"/><path d="M6 11a6 6 0 0 0 12 0M12 17v3.5"/>',
    "minus": '<path d="M5 12h14"/>',
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "more": '<path d="M6 12h.01M12 12h.01M18 12h.01" stroke-width="3"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "number": '<path d="M9 4L7 20M17 4l-2 16M4 9h16M3.5 15h16"/>',
    "offline": '<path d="M4 4l16 16M8.2 8.4A5 5 0 0 0 7 18h9.5M19.6 16.6A4 4 0 0 0 17 10a5.5 5.5 0 0 0-5.5-3"/>',
    "path": '<circle cx="6" cy="19" r="2"/><circle cx="18" cy="5" r="2"/><path d="M8 19h7a3.5 3.5 0 0 0 0-7H9a3.5 3.5 0 0 1 0-7h7"/>',  # noqa: E501
    "pause": '<path d="M9 6v12M15 6v12"/>',
    "people": '<circle cx="9" cy="9" r="3"/><path d="M3 19c.6-3 3-5 6-5s5.4 2 6 5M16 6a3 3 0 0 1 0 6M18 14c2 .6 3 2.5 3 5"/>',  # noqa: E501
    "phone": '<path d="M6.5 4h2.7l1.6 4.3-2.2 1.5a11.5 11.5 0 0 0 5.6 5.6l1.5-2.2L20 14.8v2.7a2.5 2.5 0 0 1-2.7 2.5A14.5 14.5 0 0 1 4 6.7 2.5 2.5 0 0 1 6.5 4z"/>',  # noqa: E501
    "pin": '<path d="M12 21v-6M8 4h8l-1 6 3 3v2H6v-2l3-3z"/>',
    "play": '<path d="M8 5.5v13l10-6.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 9V4h10v5M7 17H5a1 1 0 0 1-1-1v-5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v5a1 1 0 0 1-1 1h-2"/><path d="M7 14h10v6H7z"/>',  # noqa: E501
    "rating": '<path d="M4 18v-4M9.3 18v-7M14.6 18V8M20 18V5"/>',
    "redo": '<path d="M16 5l4 4-4 4"/><path d="M20 9H10a5.5 5.5 0 0 0 0 11h4"/>',
    "repeat": '<path d="M5 11a6 6 0 0 1 6-6h8M16 2l3 3-3 3M19 13a6 6 0 0 1-6 6H5M8 22l-3-3 3-3"/>',
    "reply": '<path d="M9 7l-5 5 5 5"/><path d="M4 12h9a7 7 0 0 1 7 7"/>',
    "retry": '<path d="M19 12a7 7 0 1 1-2.2-5.1M19.5 3.5v4h-4"/>',
    "save": '<path d="M5 4h11l3 3v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z"/><path d="M8 4v5h7V4M8 20v-6h8v6"/>',  # noqa: E501
    "search": '<circle cx="11" cy="11" r="6"/><path d="M20 20l-4.5-4.5"/>',
    "seen": '<path d="M2.5 13l4 4 9-10M11 16l1 1L21.5 7"/>',
    "send": '<path d="M4 12l16-8-6 16-3-6z"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "shield": '<path d="M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z"/><path d="M9 12l2.2 2.2L15.2 10"/>',
    "short": '<rect x="3.5" y="8" width="17" height="8" rx="2"/><path d="M7 12h4"/>',
    "slider": '<path d="M3 12h7M16 12h5"/><circle cx="13" cy="12" r="3"/>',
    "slow": '<path d="M10 6l6 6-6 6"/>',
    "smile": '<circle cx="12" cy="12" r="8"/><path d="M9 14c1 1.5 5 1.5 6 0M9 10h.01M15 10h.01"/>',
    "sort": '<path d="M8 5v14M4 15l4 4 4-4M16 19V5M12 9l4-4 4 4"/>',
    "sound": '<path d="M4 10v4h3l5 4V6L7 10z"/><path d="M16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"/>',
    "split": '<path d="M3.5 12H8c5 0 4-6 9-6h3.5M8 12c5 0 4 6 9 6h3.5"/>',
    "star": '<path d="M12 4l2.5 5.2 5.5.7-4 3.9 1 5.6-5-2.8-5 2.8 1-5.6-4-3.9 5.5-.7z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4"/>',  # noqa: E501
    "table": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="M3.5 10h17M10 10v9"/>',
    "talk": '<path d="M4 5h9v6H8l-4 3z"/><path d="M11 14v2h5l4 3v-9h-3.5"/>',
    "target": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/><circle cx="12" cy="12" r=".8"/>',
    "text": '<path d="M5 6h14M5 11h14M5 16h8"/>',
    "timer": '<circle cx="12" cy="13" r="7"/><path d="M12 9.5V13M10 3h4"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5"/>',
    "undo": '<path d="M8 5L4 9l4 4"/><path d="M4 9h10a5.5 5.5 0 0 1 0 11h-4"/>',
    "up": '<path d="M12 19V6M6 11l6-6 6 6"/>',
    "upload": '<path d="M12 15V4M7.5 8.5L12 4l4.5 4.5M5 20h14"/>',
    "video": '<rect x="3" y="6.5" width="12" height="11" rx="2"/><path d="M15 11l6-3.5v9L15 13z"/>',
    "x": '<path d="M6 6l12 12M18 6L6 18"/>',
}

# A second name for the same drawing, so that a page can say what it means.
ALIASES: dict[str, str] = {
    "attach": "clip",
    "calendar": "cal",
    "close": "x",
    "dots": "more",
    "file": "doc",
    "group": "people",
    "leave": "door",
    "refresh": "retry",
    "user": "me",
    "warning": "alert",
}

# Drawings that point somewhere turn round in a right-to-left page.
MIRRORED = frozenset({
    "arrow", "asis", "back", "chart", "door", "drop", "fast", "list", "next",
    "path", "redo", "reply", "send", "slow", "split", "text", "undo",
})  # fmt: skip

FILLED = frozenset({"play"})


@cache
def icon_svg(name: str, size: str = "") -> SafeString:
    """The drawing as inline SVG text. `size` is "", "s" (16), "m" (18), "l" (24) or "xl" (36 px).

    Raises KeyError with the name when there is no such drawing: a missing icon is a fault of the page.
    """
    key = ALIASES.get(name, name)
    classes = ["ic"]
    if size:
        classes.append(f"ic-{size}")
    if key in MIRRORED:
        classes.append("ic-mirror")
    if key in FILLED:
        classes.append("ic-fill")
    return mark_safe(  # noqa: S308 - the drawings are our own literals
        f'<svg class="{" ".join(classes)}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{ICONS[key]}</svg>'
    )
