"""The one who asks: a person, an API client, the system itself, or the public."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from concordat.kernel.access.roles import holds

ADMIN_NOUNS: Final = frozenset({"organisation", "person", "grant", "client", "token", "webhook"})
SCOPES: Final[dict[str, str]] = {
    "read": "See what you can see",
    "write": "Draft, submit and decide as you can",
    "deliver": "Read the data your agreements give you",
    "admin": "Manage people, roles and API clients as you can",
}


def scope_of(permission: str) -> str:
    """The token scope a permission falls under."""
    noun, _, verb = permission.partition(":")
    if verb == "see":
        return "read"
    if permission == "table:read":
        return "deliver"
    return "admin" if noun in ADMIN_NOUNS else "write"


@dataclass(frozen=True)
class Actor:
    """Who is asking, with every grant they hold, read once per request.

    `grants` holds (role, organisation id) pairs; `home` is the body they work for; `scopes` is None
    for somebody signed in, or what their token is limited to.
    """

    kind: Literal["person", "client", "system", "public"]
    id: int | None = None
    name: str = ""
    home: int | None = None
    home_name: str = ""
    grants: frozenset[tuple[str, int]] = frozenset()
    government: bool = False
    scopes: frozenset[str] | None = None
    _bodies: dict[str, frozenset[int]] = field(
        default_factory=dict, repr=False, compare=False, hash=False
    )

    @property
    def is_system(self) -> bool:
        """True for the system itself, which may do what its own code asks."""
        return self.kind == "system"

    @property
    def signed_in(self) -> bool:
        """True for a person or an API client."""
        return self.kind in ("person", "client")

    @property
    def key(self) -> str:
        """A stable name for limits and idempotency: `person:12`, `client:3`, `public`."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    def allows(self, permission: str) -> bool:
        """True when the token, if there is one, is not too narrow for the permission."""
        return self.scopes is None or scope_of(permission) in self.scopes

    def bodies(self, permission: str) -> frozenset[int]:
        """The ids of the organisations in which the actor holds the permission."""
        if not self.allows(permission):
            return frozenset()
        if permission not in self._bodies:
            self._bodies[permission] = frozenset(
                body for role, body in self.grants if holds(role, permission)
            )
        return self._bodies[permission]


PUBLIC: Final = Actor("public", name="Anyone")
SYSTEM: Final = Actor("system", name="Concordat")
