"""What a share lets through (`terms`) and how Delta Sharing says it (`lines`, `addresses`)."""

from __future__ import annotations

from concordat.tables.sharing.terms import (
    Terms,
    admit,
    columns_of,
    delivered,
    key_of,
    policy_of,
    refuse_unless_rows,
    terms_of,
    unkept_promise,
)

__all__ = [
    "Terms",
    "admit",
    "columns_of",
    "delivered",
    "key_of",
    "policy_of",
    "refuse_unless_rows",
    "terms_of",
    "unkept_promise",
]
