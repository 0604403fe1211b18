"""Seal and open text for an owner, bound to a place."""

from practice.vault.cipher import CannotOpen, decrypt, encrypt
from practice.vault.keyring import Address, data_key

__all__ = ["CannotOpen", "open_sealed", "seal"]


def seal(owner: Address, bound_to: str, plaintext: str) -> bytes:
    """Return `plaintext` sealed with the owner's key. `bound_to` names table, column and row."""
    return encrypt(data_key(owner), plaintext.encode("utf-8", "surrogatepass"), bound_to.encode())


def open_sealed(owner: Address, bound_to: str, sealed: bytes) -> str:
    """Return the text. Raises CannotOpen when key or place is another."""
    return decrypt(data_key(owner), bytes(sealed), bound_to.encode()).decode("utf-8", "surrogatepass")
