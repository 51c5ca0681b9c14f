"""Which fields of shares and of reads the API shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from concordat.kernel.doors.schemas import Out, Owner, RecordDetail, RecordOut
from concordat.tables.models import Flag, Share, ShareRead


class ShareRow(RecordOut):
    """A share in a list: `basis` is the record that it rests on."""

    recipient: Owner
    table: str
    basis: str
    basis_digest: str
    policy_digest: str
    starts_at: datetime
    ends_at: datetime

    @staticmethod
    def resolve_table(found: Share) -> str:
        """The reference of its table."""
        return found.table.reference


class ShareOut(ShareRow, RecordDetail):
    """A share with the policy that it enforces."""

    policy: dict[str, Any]


class FlagOut(Out):
    """What was unusual about a read, for the supplier's people."""

    id: int
    status: str
    share: str
    agreement: str
    read: str
    actor: str
    why: list[str]
    raised_at: datetime
    note: str
    settled_by: str
    settled_at: datetime | None

    @staticmethod
    def resolve_share(found: Flag) -> str:
        """The reference of the share."""
        return found.read.share.reference

    @staticmethod
    def resolve_agreement(found: Flag) -> str:
        """The record that the share rests on."""
        return found.read.share.basis

    @staticmethod
    def resolve_read(found: Flag) -> str:
        """The id of the read."""
        return found.read.key

    @staticmethod
    def resolve_actor(found: Flag) -> str:
        """Who read."""
        return found.read.entry.actor_name

    @staticmethod
    def resolve_raised_at(found: Flag) -> datetime:
        """When it was noticed."""
        return found.created_at


class DeliveryOut(Out):
    """One read through a share, of however many requests, as its sides may know it.

    `ended`: `running` now, `whole`, up to the `limit`, `part` of a file, `broken` off; nothing of
    what was only handed out. How many rows a table of totals counted is not told: its recipient is
    told that by its cells or not at all.
    """

    id: str
    at: datetime
    heard_at: datetime
    actor: str
    share: str
    agreement: str
    door: str
    version: int | None
    columns: list[str]
    rows: int | None
    bytes: int | None
    requests: int
    ended: str
    unusual: list[str]
    flag: int | None
    settled: bool

    @classmethod
    def of(cls, read: ShareRead, flag: Flag | None) -> DeliveryOut:
        """A read with what its reader may know to be unusual about it."""
        facts = read.facts
        return cls(
            id=read.key,
            at=read.began_at,
            heard_at=read.heard_at,
            actor=read.entry.actor_name,
            share=read.entry.reference,
            agreement=facts.get("basis", ""),
            door=read.door,
            version=facts.get("version"),
            columns=facts.get("columns", []),
            rows=read.rows,
            bytes=read.bytes,
            requests=read.requests,
            ended={"limited": "limit"}.get(read.now, read.now),
            unusual=flag.why if flag else [],
            flag=flag.pk if flag else None,
            settled=flag is not None and flag.status == "settled",
        )
