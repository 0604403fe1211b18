"""Sign-in names for people without an e-mail: easy to say and to type, and they tell nothing about anybody."""

import secrets

from practice.people.models import User

WORDS = (
    "acorn", "alder", "amber", "apple", "aspen", "badger", "beech", "birch", "bramble", "brook", "cedar", "cherry",
    "clover", "cloud", "cobble", "coral", "cricket", "daisy", "dune", "ember", "falcon", "fern", "finch", "garden",
    "hazel", "heather", "heron", "island", "ivy", "juniper", "lagoon", "lark", "linden", "maple", "marble", "meadow",
    "mint", "moss", "nettle", "olive", "orchard", "otter", "pebble", "plum", "poppy", "quartz", "quince", "raven",
    "reed", "river", "robin", "saffron", "sparrow", "spruce", "starling", "stone", "thistle", "thyme", "tulip",
    "valley", "violet", "walnut", "willow", "wren",
)  # fmt: skip


def give_sign_in_name(*, user: User) -> str:
    """Return the person's sign-in name, a new one when they have none. Joins the caller's transaction."""
    while not user.sign_in_name:
        name = f"{secrets.choice(WORDS)}-{secrets.randbelow(9_000) + 1_000}"
        if not User.objects.filter(sign_in_name=name).exists():
            user.sign_in_name = name
            user.save(update_fields=["sign_in_name"])
    return user.sign_in_name
