"""Which fields of shares and of reads the API shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from concordat.kernel.audit.models import Entry
from concordat.kernel.doors.schemas import Out, Owner, RecordDetail, RecordOut
from concordat.tables.models import Share


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


class DeliveryOut(Out):
    """One read through a share, as both its sides may know it."""

    at: datetime
    actor: str
    share: str
    facts: dict[str, Any]
    unusual: list[str]

    @staticmethod
    def resolve_actor(entry: Entry) -> str:
        """Who read."""
        return entry.actor_name

    @staticmethod
    def resolve_share(entry: Entry) -> str:
        """The reference of the share."""
        return entry.reference

    @staticmethod
    def resolve_unusual(entry: Entry) -> list[str]:
        """Why it is unlike the reads before it, in words."""
        return list(entry.private.get("facts", {}).get("unusual", ()))

    @staticmethod
    def resolve_facts(entry: Entry) -> dict[str, Any]:
        """Door, version, columns, rows, bytes; never how many rows a table of totals counted, which
        its recipient is told by its cells or not at all."""
        facts = entry.private.get("facts", {})
        return {name: value for name, value in facts.items() if name != "counted"}
