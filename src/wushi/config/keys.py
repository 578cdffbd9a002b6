"""Keys of the installation, outside the database: the secret of signatures, and the key of the blind indexes."""

from __future__ import annotations

import hashlib

from wushi.config.env import Environment, kept_secret


def secret_key(environment: Environment) -> str:
    """Signs cookies and tickets; may be changed at any time (everybody signs in again)."""
    return environment.secret_key


def index_key(environment: Environment) -> bytes:
    """32 bytes for the blind indexes; its own file, because changing it makes every look-up by phone fail."""
    return hashlib.sha256(kept_secret(environment.home / "index.key").encode()).digest()
