"""AES-GCM as bytes: one version byte, a nonce of twelve, the ciphertext with its tag."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"


class CannotOpen(Exception):
    """Ciphertext that this key does not open: wrong key, another row's value, or tampered with."""


def new_key() -> bytes:
    """Return 32 random bytes."""
    return AESGCM.generate_key(256)


def encrypt(key: bytes, plaintext: bytes, bound_to: bytes) -> bytes:
    """Return the sealed bytes; only the same key and the same `bound_to` open them."""
    nonce = os.urandom(12)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, bound_to)


def decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Return the plaintext. Raises CannotOpen."""
    if sealed[:1] != VERSION:
        raise CannotOpen("unknown version of sealed bytes")
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], bound_to)
    except InvalidTag as error:
        raise CannotOpen("sealed bytes do not open with this key in this place") from error
