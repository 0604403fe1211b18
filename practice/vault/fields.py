"""Model fields whose column holds ciphertext and whose attribute is plain.

Reading opens on first touch; saving seals. A sealed column can't be filtered, ordered or set by `update()`.
"""

import json
import uuid
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from practice.vault.keyring import Address
from practice.vault.sealing import open_sealed, seal


class SealedBytes:
    """Ciphertext as it came from, or goes to, the database."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class SealedModel(models.Model):
    """A row with sealed columns. `seal_id` is made before the insert and binds ciphertext to this row."""

    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def sealed_for(self) -> Address:
        """Return whose key seals this row; by default the client's."""
        return ("client", self.client_id)  # type: ignore[attr-defined]

    def seal_place(self, column: str) -> str:
        """Return what ciphertext of `column` is bound to."""
        return f"{self._meta.db_table}.{column}:{self.seal_id}"


class _Opening:
    """Attribute that opens what came from the database on first touch."""

    def __init__(self, field: "_SealedField") -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        data, name = instance.__dict__, self.field.attname
        if name not in data:
            instance.refresh_from_db(fields=[name])
        value = data[name]
        if isinstance(value, SealedBytes):
            value = self.field.decode(open_sealed(instance.sealed_for(), instance.seal_place(name), value.data))
            data[name] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Common ground of the two sealed fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opening(self))

    def encode(self, value: Any) -> str:
        """Return the value as text."""
        raise NotImplementedError

    def decode(self, text: str) -> Any:
        """Return the value that `encode` made the text of."""
        raise NotImplementedError

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else SealedBytes(bytes(value))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, SealedBytes):
            return value
        place = model_instance.seal_place(self.attname)
        return SealedBytes(seal(model_instance.sealed_for(), place, self.encode(value)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, SealedBytes):
            raise FieldError(f"{self.name} is sealed: set it on the instance and save, not by update() or a filter.")
        return super().get_db_prep_value(value.data, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed and can't be searched.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: Any) -> str:
        raise FieldError(f"{self.name} is sealed and isn't serialised.")

    def to_python(self, value: Any) -> Any:
        return value


class SealedTextField(_SealedField):
    """Text."""

    def encode(self, value: Any) -> str:
        """Return the text itself."""
        return str(value)

    def decode(self, text: str) -> str:
        """Return the text itself."""
        return text


class SealedJSONField(_SealedField):
    """A JSON value."""

    def encode(self, value: Any) -> str:
        """Return JSON text."""
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    def decode(self, text: str) -> Any:
        """Return the value that the JSON text says."""
        return json.loads(text)
