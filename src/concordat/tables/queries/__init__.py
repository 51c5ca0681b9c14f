"""The data plane's reads. The first argument is the actor, always."""

from __future__ import annotations

from concordat.tables.queries.delivery import (
    delivered_share,
    deliveries,
    may_read,
    one_share,
    readable_share,
    readable_shares,
    reads_by_day,
    share,
    share_of,
    shares,
    still_readable,
)
from concordat.tables.queries.outputs import may_ask, may_review, one_output, outputs
from concordat.tables.queries.stored import (
    drafting_bodies,
    may_load,
    preview_of,
    rejects,
    table,
    tables,
    version,
    versions,
    waiting,
    waiting_file,
)

__all__ = [
    "delivered_share",
    "deliveries",
    "drafting_bodies",
    "may_ask",
    "may_load",
    "may_read",
    "may_review",
    "one_output",
    "one_share",
    "outputs",
    "preview_of",
    "readable_share",
    "readable_shares",
    "reads_by_day",
    "rejects",
    "share",
    "share_of",
    "shares",
    "still_readable",
    "table",
    "tables",
    "version",
    "versions",
    "waiting",
    "waiting_file",
]
