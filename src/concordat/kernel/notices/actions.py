"""Reading notices and choosing how to get them."""

from __future__ import annotations

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act, act_many
from concordat.kernel.notices.models import NOTICE, PREFERENCE, Notice, Preference
from concordat.kernel.notices.queries import preference
from concordat.kernel.refusals import NotAllowed


def read_notice(actor: Actor, notice: Notice, expected: int | None = None) -> Notice:
    """Mark one of one's own notices as read."""
    return act(actor, NOTICE["read"], notice, expected=expected)


def read_all(actor: Actor) -> int:
    """Mark all of one's own notices as read; returns how many were not."""
    unread = Notice.objects.visible_to(actor).filter(status="unread")
    return act_many(actor, NOTICE["read"], ((notice, None) for notice in list(unread)))


def prefer(actor: Actor, email: str, expected: int | None = None) -> Preference:
    """Choose how e-mail comes: at_once, daily or never."""
    held = preference(actor)
    if held.pk is not None:
        return act(actor, PREFERENCE["edit"], held, {"email": email}, expected=expected)
    if actor.kind != "person" or actor.id is None:
        raise NotAllowed("Only people get e-mail.")
    made = Preference(person_id=actor.id, email=email)
    return act(actor, PREFERENCE["draft"], made, expected=expected)
