"""Reads of shares; each begins with who is reading."""

from __future__ import annotations

from django.db.models import QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.access.queries import actor_for
from concordat.kernel.people.models import Person
from concordat.kernel.people.tokens import token_is_usable
from concordat.kernel.refusals import NotVisible
from concordat.tables.models import Share
from concordat.tables.models.share import ShareQuerySet


def shares(actor: Actor) -> QuerySet[Share]:
    """The shares on a side of which the actor stands, newest first."""
    found = Share.objects.visible_to(actor).select_related("table", "owner", "recipient")
    return found.order_by("-id")


def one_share(actor: Actor, reference: str) -> Share:
    """A share by its own reference, if the actor stands on a side of it. Raises NotVisible."""
    found = shares(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def readable_shares(actor: Actor) -> ShareQuerySet:
    """The shares through which the actor may read now, oldest first."""
    return (
        Share.objects.readable_by(actor)
        .select_related("table__owner", "table__latest", "owner", "recipient")
        .order_by("id")
    )


def may_read(actor: Actor, of: Share) -> bool:
    """Whether the actor may read through a share now, so that it is worth leading them there."""
    return readable_shares(actor).filter(pk=of.pk, table__latest__isnull=False).exists()


def readable_share(actor: Actor, name: str) -> Share:
    """The share of this name (in any case), if the actor may read through it now.

    Raises NotVisible: for a share that never was, is closed, suspended or over, and for one of
    somebody else's, the answer is the same.
    """
    if "\0" in name:  # PostgreSQL takes no such text, and no share has such a name
        raise NotVisible
    found = readable_shares(actor).filter(basis__iexact=name).first()
    if found is None or found.table.latest is None:
        raise NotVisible
    return found


def delivered_share(actor: Actor, pk: int, policy_digest: str) -> Share | None:
    """The share, under the same policy, if the actor may read through it now: no more of it than an
    entry about a read needs, for it is asked at each range of a file."""
    needed = ("reference", "status", "version", "visibility", "owner_id", "basis", "policy_digest")
    found = Share.objects.in_force_for(actor).filter(pk=pk, policy_digest=policy_digest)
    share = next(iter(found.only(*needed, "policy", "people", "recipient_id", "table_id")), None)
    # Most name nobody, and then who is named costs no question.
    named = share is None or not share.people or still_named(actor, pk)
    return share if named else None


def still_named(actor: Actor, pk: int) -> bool:
    """Whether a share whose policy names people names the actor."""
    return Share.objects.readable_by(actor).filter(pk=pk).exists()


def still_readable(actor: Actor, share_id: int, token: int | None = None) -> bool:
    """Whether the share still lets the actor read, as they are now and not as they began.

    Asked again at each range and each chunk, so that a role taken back, an account closed or the
    `token` (a row's id) revoked stops what has begun.
    """
    now = _actor_now(actor, token)
    return now is not None and Share.objects.readable_by(now).filter(pk=share_id).exists()


def _actor_now(actor: Actor, token: int | None) -> Actor | None:
    """The actor with today's grants, in two queries; None when they may no longer sign in."""
    if actor.id is None:
        return None
    if token is not None:
        return token_is_usable(token, actor.kind, actor.id)
    people = Person.objects.filter(pk=actor.id, status="active") if actor.kind == "person" else None
    found = people.select_related("owner").first() if people is not None else None
    return actor_for(found) if found else None


def share_of(actor: Actor, basis: str) -> Share | None:
    """The share that rests on a record, if the actor stands on a side of it."""
    return (
        Share.objects.visible_to(actor)
        .select_related("table__latest", "owner", "recipient")
        .filter(basis=basis)
        .first()
    )


def share(actor: Actor, reference: str) -> Share:
    """A share by its own reference, if the actor may read through it now. Raises NotVisible."""
    found = readable_shares(actor).filter(reference=reference).first()
    if found is None or found.table.latest is None:
        raise NotVisible
    return found
