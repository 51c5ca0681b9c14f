"""Verbs of shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import WrongState
from concordat.tables.lifecycle import SHARE
from concordat.tables.models import Share, StoredTable
from concordat.tables.plane.policy import Policy


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
