"""Verbs of the data plane. The only writer of its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act, note_read
from concordat.kernel.organisations.models import Organisation
from concordat.tables.lifecycle import SHARE, TABLE, VERSION
from concordat.tables.models import Share, StoredTable, TableVersion
from concordat.tables.plane.ingest import Loaded, load
from concordat.tables.plane.policy import Policy
from concordat.tables.store import lake


def draft_table(actor: Actor, owner: Organisation, title: str, name: str) -> StoredTable:
    """An empty stored table of `owner`."""
    return act(actor, TABLE["draft"], StoredTable(owner=owner, title=title, name=name))


def load_table(
    actor: Actor,
    table: StoredTable,
    source: Path,
    *,
    source_name: str = "",
    options: Mapping[str, Any] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> TableVersion:
    """Load a file as the next version of `table`: all of it, or nothing.

    The Delta version is committed before the row that names it: a crash between the two leaves an
    unnamed version that nobody reads. Raises plane.ingest.IngestError with the place of a fault.
    """
    loaded = load(lake(), table.reference, source, progress=progress, **dict(options or {}))
    return record_version(actor, table, loaded, source_name or source.name)


def record_version(
    actor: Actor, table: StoredTable, loaded: Loaded, source_name: str
) -> TableVersion:
    """Name a committed Delta version as the table's latest."""
    with transaction.atomic():
        version = act(
            actor,
            VERSION["load"],
            TableVersion(
                table=table,
                number=loaded.version,
                rows=loaded.rows,
                rejected=loaded.rejected,
                size=loaded.size,
                columns=[column.to_data() for column in loaded.columns],
                source_name=source_name[-255:],
                source_digest=loaded.source_digest,
            ),
        )
        act(actor, TABLE["load"], table, {"latest": version})
    return version


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
        basis=basis,
        basis_digest=basis_digest,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return act(actor, SHARE["open"], share)


def close_share(actor: Actor, share: Share, *, note: str = "") -> Share:
    """End it: the next byte is refused."""
    return act(actor, SHARE["close"], share, note=note)


def note_delivery(actor: Actor, share: Share, **facts: Any) -> None:
    """Append the entry of one read: door, version, columns, rows and bytes."""
    note_read(
        actor,
        "share:read",
        share,
        {"basis": share.basis, "policy": share.policy_digest, **facts},
    )
