"""Reading notices and choosing how to get them."""

from __future__ import annotations

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act, act_many
from concordat.kernel.notices.models import NOTICE, PREFERENCE, Notice, Preference
from concordat.kernel.refusals import NotAllowed


def read_notice(actor: Actor, notice: Notice) -> Notice:
    """Mark one of one's own notices as read."""
    return act(actor, NOTICE["read"], notice)


def read_all(actor: Actor) -> int:
    """Mark all of one's own notices as read; returns how many were not."""
    unread = Notice.objects.visible_to(actor).filter(status="unread")
    return act_many(actor, NOTICE["read"], ((notice, None) for notice in list(unread)))


def prefer(actor: Actor, email: str) -> Preference:
    """Choose how e-mail comes: at_once, daily or never."""
    held = Preference.objects.visible_to(actor).first()
    if held is not None:
        return act(actor, PREFERENCE["edit"], held, {"email": email})
    if actor.kind != "person" or actor.id is None:
        raise NotAllowed("Only people get e-mail.")
    return act(actor, PREFERENCE["draft"], Preference(person_id=actor.id, email=email))
