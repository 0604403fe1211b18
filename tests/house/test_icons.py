"""Every icon that a block type, a menu entry, a tab or an attention kind names is drawn."""

from clients.queries.registries import ATTENTION_KINDS
from homework.blocks import BLOCK_TYPES
from practice.contributions import DESK_NAV, PORTAL_TABS
from practice.pages.icons import ICONS


def test_what_rooms_register_has_an_icon_that_exists():
    named = {
        f"{registry.name}: {item.icon}"
        for registry in (BLOCK_TYPES, DESK_NAV, PORTAL_TABS, ATTENTION_KINDS)
        for item in registry
        if item.icon not in ICONS
    }
    assert named == set()
