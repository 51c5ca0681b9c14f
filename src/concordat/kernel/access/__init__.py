"""Who is asking, and what they may do. Default: refuse.

A permission is a `noun:verb` string of some `Can` enum. A role is a named set of permissions. A
`Grant` gives a person or an API client one role in one body. Nothing here knows a service: each
registers its `Can` and `ROLES` when Django starts.
"""

from __future__ import annotations

from concordat.kernel.access.actor import PUBLIC, SCOPES, SYSTEM, Actor, scope_of
from concordat.kernel.access.decide import may
from concordat.kernel.access.roles import (
    all_permissions,
    all_roles,
    holds,
    register,
    role_label,
    roles_with,
)

__all__ = [
    "PUBLIC",
    "SCOPES",
    "SYSTEM",
    "Actor",
    "all_permissions",
    "all_roles",
    "holds",
    "may",
    "register",
    "role_label",
    "roles_with",
    "scope_of",
]
