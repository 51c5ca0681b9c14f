"""The register of permissions and roles, filled by each app when Django starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_GRAMMAR = re.compile(r"^[a-z_]+:[a-z_]+$")
_permissions: set[str] = set()
_roles: dict[str, frozenset[str]] = {}


def register(permissions: Iterable[str], roles: Mapping[str, Iterable[str]]) -> None:
    """Add an app's permissions and roles; a role named by two apps holds what both give it.

    Raises ValueError when a permission breaks the grammar `noun:verb` or a role names one that
    nobody declared.
    """
    for permission in permissions:
        if not _GRAMMAR.match(permission):
            raise ValueError(f"permission {permission!r} is not noun:verb")
        _permissions.add(str(permission))
    for role, held in roles.items():
        given = frozenset(str(p) for p in held)
        if unknown := given - _permissions:
            raise ValueError(f"role {role!r} names unknown permissions {sorted(unknown)}")
        _roles[str(role)] = _roles.get(str(role), frozenset()) | given


def holds(role: str, permission: str) -> bool:
    """True when the role carries the permission; an unknown role carries none."""
    return permission in _roles.get(role, frozenset())


def roles_with(permission: str) -> frozenset[str]:
    """Every role that carries the permission."""
    return frozenset(role for role, held in _roles.items() if permission in held)


def all_permissions() -> frozenset[str]:
    """Every declared permission."""
    return frozenset(_permissions)


def all_roles() -> dict[str, frozenset[str]]:
    """Every role with its permissions."""
    return dict(_roles)


def role_label(role: str) -> str:
    """The words for a role."""
    return role.replace("_", " ").capitalize()
