"""Field types: sealed personal data with an algorithm prefix, blind indexes, search tokens."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Lookup

if TYPE_CHECKING:  # Django's fields cannot be subscripted at run time
    _Binary = models.BinaryField[Any, Any]
    _Field = models.Field[Any, Any]
    _Lookup = Lookup[Any]
else:
    _Binary, _Field, _Lookup = models.BinaryField, models.Field, Lookup

PLAIN = b"plain:"
BLIND_BYTES = 16


def seal(value: str) -> bytes:
    """Bytes with their algorithm in front. ``plain:`` now; encryption adds a prefix, not a column."""
    return PLAIN + value.encode()


def unseal(value: bytes | memoryview | None) -> str:
    """The text behind the prefix; raises ValueError for an algorithm this version does not know."""
    raw = bytes(value or b"")
    if not raw:
        return ""
    if raw.startswith(PLAIN):
        return raw[len(PLAIN) :].decode()
    raise ValueError(f"sealed with {raw.partition(b':')[0]!r}, which this version cannot open")


def blind_index(field: str, normal: str) -> bytes:
    """16 bytes of HMAC-SHA256 over the normalised value, keyed outside the database; equality only. Empty for empty."""
    if not normal:
        return b""
    key = settings.WUSHI_INDEX_KEY
    return hmac.new(key, f"{field}:{normal}".encode(), hashlib.sha256).digest()[:BLIND_BYTES]


class SealedField(_Binary):
    """A text kept as sealed bytes; in Python a ``str``. Never filtered on: look up through its blind index."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default": b"", "blank": True, **kwargs})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        """Open what the database gave."""
        return unseal(value)

    def to_python(self, value: Any) -> Any:
        """Bytes are opened, text stays text."""
        return unseal(value) if isinstance(value, bytes | memoryview) else value

    def get_prep_value(self, value: Any) -> Any:
        """Seal what Python holds."""
        if value is None or value in ("", b""):
            return b""
        return seal(value) if isinstance(value, str) else value


class BlindIndexField(_Binary):
    """The look-up column beside a sealed one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default": b"", "blank": True, "max_length": BLIND_BYTES, **kwargs})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes:
        """Plain bytes, comparable."""
        return bytes(value or b"")


class TokensField(_Field):
    """A ``tsvector`` made of ready tokens (no dictionary: Chinese is cut by ``plumbing.tokens``). In Python a list."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Tokens travel as an array, so no text is parsed by the database."""
        return "array_to_tsvector(%s::text[])"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Distinct, non-empty tokens (array_to_tsvector refuses empty ones)."""
        return sorted({token for token in value or [] if token})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The database's own text form; nobody reads it back."""
        return value


@TokensField.register_lookup
class HasTokens(_Lookup):
    """``tokens__has=[...]``: every token is there."""

    lookup_name = "has"

    def get_prep_lookup(self) -> Any:
        """A tsquery with quoted words."""
        return tsquery(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """``column @@ query``."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, self.rhs]


def tsquery(tokens: list[str]) -> str:
    """All of the tokens, quoted so that nothing typed is an operator."""
    return " & ".join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in tokens)


def tsquery_any(tokens: Sequence[str]) -> str:
    """One of the tokens at least (ready tokens of ours, nothing typed)."""
    return " | ".join(f"'{token}'" for token in tokens)
