"""The public files of the log, and what is in them.

    seals.jsonl            one seal a line, oldest first
    days/2026-11-24.jsonl  the leaves that the seals of that day added, one a line

A seal is {number, date, at, size, root, previous, hash}: `root` is the RFC 6962 root over the first
`size` leaves, `previous` the hash of the seal before it (zeros for the first), `hash` the SHA-256 of
the canonical seal without itself. A leaf is {position, commitment} and, where the entry is public,
{body, salt}: the commitment is SHA-256(salt ‖ canonical body).
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from concordat.kernel.audit.commitment import canonical

FIRST: Final = "0" * 64
SEALS: Final = "seals.jsonl"


def day_file(day: str) -> str:
    """Where the leaves of a day stand."""
    return f"days/{day}.jsonl"


def seal_hash(seal: dict[str, Any]) -> str:
    """The hash of a seal: over everything in it but the hash."""
    return hashlib.sha256(canonical({k: v for k, v in seal.items() if k != "hash"})).hexdigest()
