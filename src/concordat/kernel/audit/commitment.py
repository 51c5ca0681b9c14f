"""The commitment that stands for an entry in the log: salted, so that it can never be guessed."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

SALT_BYTES: Final = 32


def canonical(body: Any) -> bytes:
    """One byte string for one value: sorted keys, no spaces, UTF-8, no floats (after RFC 8785)."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def commit(body: Any, salt: bytes) -> bytes:
    """SHA-256 of salt and canonical body: 32 bytes.

    Raises ValueError unless the salt has 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + canonical(body)).digest()
