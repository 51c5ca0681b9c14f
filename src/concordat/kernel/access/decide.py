"""May they? One function, one answer, for every door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from concordat.kernel.lifecycle import ANYONE, EITHER, OWNER

if TYPE_CHECKING:
    from concordat.kernel.access.actor import Actor
    from concordat.kernel.subject import Subject


def may(actor: Actor, permission: str, subject: Subject | None = None, side: str = OWNER) -> bool:
    """True when the actor holds `permission` in the body that stands on `side` of `subject`.

    Where a side is a person or an API client, only they may, and need no grant for what is their own.
    Whoever is invited to a record stands on the side `either` of it. With no subject, or on the side
    `anyone`, the permission in any body is enough.
    """
    if actor.is_system:
        return True
    if not actor.signed_in or not actor.allows(permission):
        return False
    if subject is None or side == ANYONE:
        return bool(actor.bodies(permission))
    if side == EITHER:
        sides = (_stands(actor, permission, subject, each) for each in subject.SIDES)
        return any(sides) or subject.invites(actor)
    return _stands(actor, permission, subject, side)


def _stands(actor: Actor, permission: str, subject: Subject, side: str) -> bool:
    kind, standing = subject.standing(side)
    if standing is None:
        return False
    if kind != "organisation":
        return (actor.kind, actor.id) == (kind, standing)
    return standing in actor.bodies(permission)
