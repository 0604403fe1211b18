"""Field encryption: AES-GCM with a data key per owner, wrapped by the practice's key, wrapped by the environment's.

`SealedTextField` and `SealedJSONField` on a `SealedModel` read and write plain values; the column holds ciphertext.
`seal`/`open_sealed` do the same for hand-written SQL. `warm` fetches the keys of many owners in one query.
"""

from practice.vault.fields import SealedJSONField, SealedModel, SealedTextField
from practice.vault.keyring import Address, create_data_key, destroy_data_key, ensure_data_key, is_at_hand, warm
from practice.vault.sealing import CannotOpen, open_sealed, seal

__all__ = [
    "Address",
    "CannotOpen",
    "SealedJSONField",
    "SealedModel",
    "SealedTextField",
    "create_data_key",
    "destroy_data_key",
    "ensure_data_key",
    "is_at_hand",
    "open_sealed",
    "seal",
    "warm",
]
