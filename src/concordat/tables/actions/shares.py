"""Verbs of shares, and the log of what is read through them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act, note_read
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import WrongState
from concordat.tables.lifecycle import SHARE
from concordat.tables.models import Share, StoredTable
from concordat.tables.plane.policy import Policy
from concordat.tables.rules.unusual import HANDED_OUT, Read, unusual
from concordat.tables.sharing.reads import reads_before, rows_of_version


def open_share(
    actor: Actor,
    table: StoredTable,
    recipient: Organisation,
    policy: Policy,
    *,
    basis: str,
    basis_digest: str,
    starts_at: datetime,
    ends_at: datetime,
) -> Share:
    """Let `recipient` read `table` as far as `policy` goes, because of `basis`."""
    share = Share(
        owner=table.owner,
        table=table,
        recipient=recipient,
        policy=policy.to_data(),
        policy_digest=policy.digest(),
        people="".join(f";{address}" for address in policy.people) + (";" if policy.people else ""),
        basis=basis,
        basis_digest=basis_digest,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    with transaction.atomic():
        # Under the lock under which versions are let go: one that is named is kept from here on.
        StoredTable.objects.select_for_update(of=("self",)).get(pk=table.pk)
        _refuse_unless_kept(table, policy)
        return act(actor, SHARE["open"], share)


def _refuse_unless_kept(table: StoredTable, policy: Policy) -> None:
    number = policy.versions.number
    if number is not None and table.versions.filter(number=number).exclude(status="loaded"):
        raise WrongState(f"Version {number} of {table.title} is no longer kept.")


def suspend_share(
    actor: Actor, share: Share, *, note: str = "", expected: int | None = None
) -> Share:
    """Stop delivery for now: the next byte is refused."""
    return act(actor, SHARE["suspend"], share, note=note, expected=expected)


def resume_share(actor: Actor, share: Share, *, expected: int | None = None) -> Share:
    """Deliver again."""
    return act(actor, SHARE["resume"], share, expected=expected)


SHARE_VERBS: Final[dict[str, Callable[..., Share]]] = {
    "suspend": suspend_share,
    "resume": resume_share,
}


def close_share(actor: Actor, share: Share, *, note: str = "") -> Share:
    """End it: the next byte is refused."""
    return act(actor, SHARE["close"], share, note=note)


def note_delivery(
    actor: Actor, share: Share, door: str, *, begun: bool = False, **facts: Any
) -> None:
    """Append the entry of one read: door, version, columns, rows and bytes, or that it has begun.

    Of a read that has ended it says why it is unusual, where it is; the note tells the supplier.
    """
    why = [] if begun else _unusual(actor, share, door, facts)
    more = {"unusual": why} if why else {}
    note_read(
        actor,
        "share:read_begun" if begun else "share:read",
        share,
        {"basis": share.basis, "policy": share.policy_digest, "door": door, **facts, **more},
        note=f"an unusual read by {actor.name}: {'; '.join(why)}" if why else "",
    )


def _unusual(actor: Actor, share: Share, door: str, facts: dict[str, Any]) -> list[str]:
    """Why it is unlike what was read before. The supplier's own looks, and files that a read which
    was judged has handed out, are no use of their own."""
    if door == HANDED_OUT or actor.home == share.owner_id:
        return []
    earlier = reads_before(share)
    now = Read(timezone.now(), actor.key, door, facts.get("rows"), facts.get("bytes"))
    rows = rows_of_version(share, facts["version"]) if earlier and now.rows else 0
    return unusual(now, earlier, rows)
