"""Seals what belongs to no practice (a sign-in secret) directly with the environment's keys, newest first."""

import base64

from django.conf import settings

from practice.vault.cipher import CannotOpen, decrypt, encrypt


def seal_here(bound_to: str, plaintext: str) -> str:
    """Return the text sealed by the installation's newest key, as `id:base64`."""
    master_id, master = next(iter(settings.VAULT_KEYS.items()))
    sealed = encrypt(master, plaintext.encode("utf-8", "surrogatepass"), bound_to.encode())
    return f"{master_id}:{base64.b64encode(sealed).decode()}"


def key_of(sealed: str) -> str:
    """Return the name of the key that a sealed text lies under; "" when it isn't one."""
    return sealed.rpartition(":")[0]


def open_here(bound_to: str, sealed: str) -> str:
    """Return the text. Raises CannotOpen when the key is gone or the place is another."""
    master_id, _, body = sealed.rpartition(":")
    master = settings.VAULT_KEYS.get(master_id)
    if master is None:
        raise CannotOpen(f"VAULT_KEYS has no key {master_id!r}")
    return decrypt(master, base64.b64decode(body), bound_to.encode()).decode("utf-8", "surrogatepass")
