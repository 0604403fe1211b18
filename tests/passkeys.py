"""A passkey without a browser: makes and uses keys as an authenticator would, for `http://localhost`.

key = SoftKey()
answer = key.create(options)        # what navigator.credentials.create gives, as JSON
answer = key.get(options)           # what navigator.credentials.get gives; `verified=False` skips finger and PIN
"""

import base64
import hashlib
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

ORIGIN, PARTY = "http://localhost", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(value: bytes) -> str:
    """Return bytes as browsers write them."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


class SoftKey:
    """One passkey."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.user = ""

    def create(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """Return a new credential for what a page asks."""
        self.user = options["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(ATTESTED | (VERIFIED if verified else 0)) + attested
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._packed({"attestationObject": text(made), "clientDataJSON": text(self._asked("create", options))})

    def get(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """Return a signature for what a page asks."""
        data, asked = self._data(VERIFIED if verified else 0), self._asked("get", options)
        signature = self.private.sign(data + hashlib.sha256(asked).digest(), ec.ECDSA(hashes.SHA256()))
        return self._packed(
            {
                "authenticatorData": text(data),
                "clientDataJSON": text(asked),
                "signature": text(signature),
                "userHandle": self.user,
            }
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(PARTY.encode()).digest() + bytes([PRESENT | flags]) + struct.pack(">I", 0)

    def _asked(self, what: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": f"webauthn.{what}", "challenge": options["challenge"], "origin": ORIGIN}).encode()

    def _packed(self, response: dict[str, str]) -> dict[str, Any]:
        identity = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return identity | {"response": response, "clientExtensionResults": {}}


CREDENTIAL = SoftKey().create({"user": {"id": text(b"1")}, "challenge": text(os.urandom(32))})
"""A passkey as it is kept, for tests that only need there to be one."""
